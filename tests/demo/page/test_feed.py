"""The stream of what changed: everything at first, then only that; and unread marks that follow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from markupsafe import Markup
from slack_sdk import WebClient

from bot.demo.page.feed import build_patch
from bot.demo.page.items import Item
from bot.demo.page.places import Place
from bot.demo.page.site import Site
from bot.demo.slack import SlackServer

GENERAL = "C0GENERAL1"


def items(**looks: str) -> list[Item]:
    return [Item.of(key, Markup(html)) for key, html in looks.items()]


def sent(looks: list[Item]) -> dict[str, str]:
    return {item.key: item.digest for item in looks}


def read(piece: bytes | None) -> dict[str, Any]:
    assert piece is not None
    event, data, *rest = piece.decode().split("\n")
    assert (event, rest) == ("event: patch", ["", ""])
    body: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return body


def test_a_patch_has_the_order_and_what_looks_different() -> None:
    before = items(a="one", b="two", c="three")
    after = items(c="three", b="TWO", d="four\nlines")
    patch = read(build_patch("main", after, sent(before)))
    assert patch["region"] == "main"
    assert patch["keys"] == ["c", "b", "d"]
    assert {key: item["html"] for key, item in patch["items"].items()} == {"b": "TWO", "d": "four\nlines"}


def test_what_did_not_change_is_not_sent() -> None:
    before = items(a="one", b="two")
    assert build_patch("main", before, sent(before)) is None
    assert read(build_patch("main", items(b="two", a="one"), sent(before)))["items"] == {}
    assert read(build_patch("main", [], None))["keys"] == []


@pytest.fixture
def patches(site: Site) -> Iterator[Iterator[dict[str, Any]]]:
    """What Bob's browser gets while it shows #general."""
    pieces = site.feed.follow(Place("UBOB", GENERAL))
    yield (read(piece) for piece in pieces if piece.startswith(b"event"))
    site.feed.stop()


def next_of(patches: Iterator[dict[str, Any]], region: str) -> dict[str, Any]:
    return next(patch for patch in patches if patch["region"] == region)


def test_a_new_message_comes_alone(patches: Iterator[dict[str, Any]], slack: SlackServer) -> None:
    assert next_of(patches, "main")["keys"] == []
    slack.delivery.say("UALICE", "good morning", GENERAL)
    first = next_of(patches, "main")
    slack.delivery.say("UALICE", "and again", GENERAL)
    second = next_of(patches, "main")
    assert len(second["keys"]) == len(first["keys"]) + 1
    (item,) = second["items"].values()
    assert "and again" in item["html"]


def test_the_stream_ends_with_the_demo(site: Site) -> None:
    pieces = site.feed.follow(Place("UBOB", GENERAL))
    next(pieces)
    site.feed.stop()
    assert [piece for piece in pieces if piece.startswith(b"event")] == []


def test_a_quiet_stream_finds_out_who_has_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.demo.page.feed.QUIET_SECONDS", 0.001)
    pieces = site.feed.follow(Place("UBOB", "about"))
    assert any(piece == b": quiet\n\n" for _, piece in zip(range(20), pieces, strict=False))


def test_what_is_shown_is_read_and_what_is_not_is_counted(
    patches: Iterator[dict[str, Any]], slack: SlackServer, site: Site
) -> None:
    next_of(patches, "sidebar")
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    client.chat_postMessage(channel="UBOB", text="digest")
    client.chat_postEphemeral(channel="DBOB", user="UBOB", text="whispered")
    slack.delivery.say("UALICE", "good morning", GENERAL)
    slack.delivery.say("UDAN", "hello", GENERAL)
    assert site.desk.unread("UBOB", "DBOB") == 1
    while site.desk.unread("UBOB", GENERAL):
        next_of(patches, "main")
    assert site.desk.unread("UDAN", GENERAL) == 1


def test_the_sidebar_shows_the_count(page: httpx.Client, slack: SlackServer) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    client.chat_postMessage(channel="UBOB", text="digest")
    assert "unread: </span>1" in page.get(f"/as/UBOB/{GENERAL}").text
    with page.stream("GET", "/as/UBOB/messages/events") as stream:
        for line in stream.iter_lines():
            if '"region": "sidebar"' in line:
                break
    assert "unread: </span>" not in page.get(f"/as/UBOB/{GENERAL}").text


def test_a_bot_that_is_not_there_is_told_of(page: httpx.Client, site: Site) -> None:
    assert "not connected" in page.get(f"/as/UBOB/{GENERAL}").text
    site.desk.announce("The bot is starting.")
    text = page.get(f"/as/UBOB/{GENERAL}").text
    assert "The bot is starting." in text
    assert "not connected" not in text
