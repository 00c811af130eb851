"""Answers reach Slack at most once, and nobody but Slack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.errors import DeliveryError
from bot.slack.blocks import header
from bot.slack.messages import Message
from bot.slack.messenger import Responder
from bot.slack.tables import data_table, text_cell
from tests.slack.scripted import Reply, ScriptedSlack

HELLO = Message("hello", [])
TABLE = Message("figures", [data_table("t", ["Person"], [[text_cell("Bob")]])])


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def responder(slack: ScriptedSlack, pauses: list[float]) -> Iterator[Responder]:
    with httpx.Client(timeout=5, verify=False) as client:
        yield Responder(client, api_url=f"{slack.url}/api/", sleep=pauses.append)


@pytest.fixture
def hook(slack: ScriptedSlack) -> str:
    return f"{slack.url}/commands/T1/1/secret"


def test_a_message_as_slack_takes_it(slack: ScriptedSlack, responder: Responder, hook: str) -> None:
    responder.respond(hook, HELLO)
    responder.respond(hook, HELLO, replace_original=True)

    assert slack.messages[0] == {
        "response_type": "ephemeral",
        "text": "hello",
        "blocks": [],
        "replace_original": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    assert slack.messages[1]["replace_original"] is True


@pytest.mark.parametrize(
    "refusal",
    [
        (400, "invalid_blocks"),
        (200, {"ok": False, "error": "invalid_blocks"}),
        (400, "invalid_attachments"),
        (200, {"ok": False, "error": "invalid_attachments", "errors": ["only_one_table_allowed"]}),
        (400, {"ok": False, "error": "msg_blocks_too_long"}),
    ],
)
def test_refused_blocks_are_sent_once_more_without_native_ones(
    slack: ScriptedSlack, responder: Responder, hook: str, refusal: tuple[int, Any]
) -> None:
    slack.says(refusal, (200, "ok"))
    responder.respond(hook, TABLE)

    assert [m["blocks"][0]["type"] for m in slack.messages] == ["data_table", "section"]


def test_blocks_refused_twice_become_text(slack: ScriptedSlack, responder: Responder, hook: str) -> None:
    """The text carries all figures, so nobody is left without an answer."""
    slack.says((400, "msg_blocks_too_long"), (400, "invalid_blocks"), (200, "ok"))
    responder.respond(hook, TABLE)

    assert [len(m["blocks"]) for m in slack.messages] == [1, 2, 0]
    assert {m["text"] for m in slack.messages} == {"figures"}


def test_blocks_without_data_in_them_are_not_sent_twice(
    slack: ScriptedSlack, responder: Responder, hook: str
) -> None:
    slack.says((400, "invalid_blocks"), (200, "ok"))
    responder.respond(hook, Message("hi", [header("hi")]))

    assert [m["blocks"] for m in slack.messages] == [[header("hi")], []]


def test_what_is_refused_even_as_text_is_given_up(
    slack: ScriptedSlack, responder: Responder, hook: str
) -> None:
    """An address can be used five times only."""
    slack.says((400, "invalid_blocks"))

    with pytest.raises(DeliveryError, match="invalid_blocks") as caught:
        responder.respond(hook, TABLE)
    assert caught.value.permanent
    assert len(slack.requests) == 3


def test_a_refusal_of_text_alone_is_not_repeated(
    slack: ScriptedSlack, responder: Responder, hook: str
) -> None:
    slack.says((400, "invalid_attachments"))

    with pytest.raises(DeliveryError, match="invalid_attachments"):
        responder.respond(hook, HELLO)
    assert len(slack.requests) == 1


def test_a_busy_slack_is_waited_for(
    slack: ScriptedSlack,
    responder: Responder,
    hook: str,
    pauses: list[float],
) -> None:
    slack.says(Reply(429, "", {"Retry-After": "3"}), (200, "ok"))
    responder.respond(hook, HELLO)

    assert (pauses, len(slack.requests)) == ([3], 2)


@pytest.mark.parametrize(("seconds", "requests"), [("2", 3), ("600", 1)])
def test_waiting_ends(
    slack: ScriptedSlack,
    responder: Responder,
    hook: str,
    seconds: str,
    requests: int,
) -> None:
    slack.says(Reply(429, "", {"Retry-After": seconds}))

    with pytest.raises(DeliveryError, match="ratelimited"):
        responder.respond(hook, HELLO)
    assert len(slack.requests) == requests


@pytest.mark.parametrize(
    ("answer", "word", "is_permanent"),
    [
        ((0, ""), "no answer", False),
        ((500, "oops"), "oops", False),
        ((503, "<html>away</html>"), "http_503", False),
        ((404, "used_url"), "used_url", True),
        ((302, ""), "http_302", True),
        ((200, {"ok": False, "error": "expired_url"}), "expired_url", True),
        ((200, {"ok": False}), "refused", True),
    ],
)
def test_a_failure_is_never_repeated(
    slack: ScriptedSlack,
    responder: Responder,
    hook: str,
    answer: tuple[int, Any],
    word: str,
    is_permanent: bool,  # noqa: FBT001  # a column of the table
) -> None:
    """A second message would be worse than none; the address is secret and not told."""
    slack.says(answer)

    with pytest.raises(DeliveryError, match=word) as caught:
        responder.respond(hook, HELLO)
    assert caught.value.permanent is is_permanent
    assert len(slack.requests) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("body", ["ok", "", {"ok": True}, "Thank you."])
def test_what_counts_as_taken(slack: ScriptedSlack, responder: Responder, hook: str, body: Any) -> None:
    slack.says((200, body))
    responder.respond(hook, HELLO)

    assert len(slack.requests) == 1


def test_a_redirect_is_not_followed(slack: ScriptedSlack, responder: Responder, hook: str) -> None:
    slack.says(Reply(307, "", {"Location": f"{slack.url}/elsewhere"}), (200, "ok"))

    with pytest.raises(DeliveryError):
        responder.respond(hook, HELLO)
    assert len(slack.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com.example.com/x",
        "https://hooks.slack.com@example.com/x",
        "https://me:pw@hooks.slack.com/x",
        "https://example.com/https://hooks.slack.com/",
        "https://slack.com/x",
        "http://127.0.0.1:1/x",
        "https://hooks.slack.com/\ud800",
        "ftp://hooks.slack.com/x",
        "//hooks.slack.com/x",
        "http://[",
        "https://hooks.slack.com:port/x",
        "",
    ],
)
def test_no_other_address_is_written_to(slack: ScriptedSlack, responder: Responder, address: str) -> None:
    with pytest.raises(DeliveryError, match="response address") as caught:
        responder.respond(address, HELLO)
    assert caught.value.permanent
    assert slack.requests == []


@pytest.mark.parametrize("address", ["https://hooks.slack.com/x", "https://HOOKS.slack.com:443/x"])
def test_slacks_own_address_is_written_to(address: str) -> None:
    seen: list[str] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(200, text="ok")

    with httpx.Client(transport=httpx.MockTransport(take), verify=False) as client:
        Responder(client, api_url="https://slack.com/api/").respond(address, HELLO)
    assert seen == ["hooks.slack.com"]
