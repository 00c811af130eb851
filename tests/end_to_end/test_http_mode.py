"""The real bot behind its request URL: signatures, replays, a rush, and Slack's moods at the response address."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.demo.slack import Ack
from bot.demo.slack.signed_http import Sent, SignedHttp, signature
from bot.demo.world import World
from tests.end_to_end.rig import (
    RunningBot,
    assert_figures,
    build_world,
    expect,
    give_database,
    on_one_day,
    running,
    wait_until,
)

RUSH = 50
ACK_MILLISECONDS = 300


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("http")) as world:
        yield world


@pytest.fixture(scope="module")
def bot(world: World, synced_database: Path) -> Iterator[RunningBot]:
    give_database(world, synced_database)
    settings = {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": world.slack.signing_secret}
    with running(world, SYNC_INTERVAL_MINUTES="1440", **settings) as bot:
        bot.wait_until_synced()
        yield bot


@pytest.fixture(autouse=True)
def slack(world: World, bot: RunningBot) -> Iterator[SignedHttp]:
    """Slack's way to the bot, which outlives every test of this file."""
    yield world.slack.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
    world.slack.faults.clear()
    world.slack.installation.native_blocks = True
    assert bot.process.poll() is None, bot.said


def sample(bot: RunningBot, name: str) -> float:
    """The sum of a counter over its labels."""
    families = text_string_to_metric_families(bot.get("/metrics").text)
    return sum(one.value for family in families for one in family.samples if one.name == name)


def answered(bot: RunningBot) -> float:
    """Commands whose answer was sent or given up, once that is all that were taken."""
    wait_until(lambda: _taken(bot) == _done(bot), "the end of what was taken")
    return sample(bot, "codex_usage_commands_total")


def _taken(bot: RunningBot) -> float:
    return sample(bot, "codex_usage_ack_seconds_count")


def _done(bot: RunningBot) -> float:
    return sample(bot, "codex_usage_commands_total") + sample(bot, "codex_usage_slack_events_total")


def test_a_signed_command_is_answered_with_the_right_figures(world: World) -> None:
    carol = world.slack_id("Carol")
    text, today = on_one_day(lambda: str(world.slack.ask(carol, "me 7d", timeout=10)["text"]))

    assert_figures(text, expect(world.company, [world.email("Carol")], 7, today))


def test_an_event_reaches_the_directory(world: World) -> None:
    gail = world.slack_id("Gail")
    world.slack.workspace.change_member(gail, profile={"email": "gail@elsewhere.example"})
    wait_until(
        lambda: "do not know you" in world.slack.ask(gail, "me", timeout=10)["text"], "the change of address"
    )
    world.slack.workspace.change_member(gail, profile={"email": world.email("Gail")})


def genuine(world: World, slack: SignedHttp) -> Sent:
    """A command as Slack has just sent it, after its answer came."""
    world.slack.ask(world.slack_id("Carol"), "me 7d", timeout=10)
    return slack.sent[-1]


def test_a_wrong_signature_is_refused_and_nothing_is_done(
    world: World, slack: SignedHttp, bot: RunningBot
) -> None:
    sent, before = genuine(world, slack), answered(bot)
    stamp = sent.headers["X-Slack-Request-Timestamp"]
    forged = {**sent.headers, "X-Slack-Signature": signature("another-secret", stamp, sent.body)}

    assert slack.post(dataclasses.replace(sent, headers=forged)).status == 401
    assert slack.post(dataclasses.replace(sent, body=sent.body + b"&x=1")).status == 401
    assert answered(bot) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Slack-Signature", ""),
        ("X-Slack-Signature", "v0="),
        ("X-Slack-Signature", "v0=" + "é" * 64),
        ("X-Slack-Signature", "v1=" + "0" * 64),
        ("X-Slack-Request-Timestamp", ""),
        ("X-Slack-Request-Timestamp", "soon"),
        ("X-Slack-Request-Timestamp", "-1"),
        ("X-Slack-Request-Timestamp", "٣"),
        ("X-Slack-Request-Timestamp", "9" * 400),
        ("X-Slack-Request-Timestamp", "1e400"),
    ],
)
def test_malformed_headers_are_refused_like_wrong_ones(
    world: World, slack: SignedHttp, name: str, value: str
) -> None:
    sent = genuine(world, slack)
    bent = {**sent.headers, name: value.encode().decode("latin-1")}

    assert slack.post(dataclasses.replace(sent, headers=bent)).status == 401


def test_a_replay_is_taken_in_silence(world: World, slack: SignedHttp, bot: RunningBot) -> None:
    sent, carol = genuine(world, slack), world.slack_id("Carol")
    shown, replays = (
        len(world.slack.workspace.shown_to(carol)),
        sample(bot, "codex_usage_replays_ignored_total"),
    )
    before = answered(bot)

    assert [slack.post(sent).status for _ in range(3)] == [200, 200, 200]
    assert sample(bot, "codex_usage_replays_ignored_total") == replays + 3
    assert answered(bot) == before
    assert len(world.slack.workspace.shown_to(carol)) == shown


def test_a_rush_is_acknowledged_at_once_and_everybody_is_answered_once(world: World) -> None:
    """A rush in which this machine was busy with something else proves nothing, so three may be tried."""
    assert any(_rush(world) < ACK_MILLISECONDS for _ in range(3))


def _rush(world: World) -> float:
    """Fifty commands at once; the milliseconds of the slowest acknowledgement."""
    people = [w.slack_id for w in world.company.staff if w.slack_id and w.left_on is None]
    askers = [people[number % len(people)] for number in range(RUSH)]
    before = {slack_id: len(world.slack.workspace.shown_to(slack_id)) for slack_id in set(askers)}

    with ThreadPoolExecutor(RUSH) as crowd:
        acks = list(crowd.map(lambda slack_id: world.slack.slash(slack_id, "me 7d"), askers))

    assert all(ack.ok and not ack.body for ack in acks)
    world.slack.workspace.wait_until(lambda: _answers_since(world, before) >= RUSH, timeout=30)
    for slack_id, shown in before.items():
        assert len(world.slack.workspace.shown_to(slack_id)) - shown == askers.count(slack_id)
    return max(ack.milliseconds for ack in acks)


def _answers_since(world: World, before: dict[str, int]) -> int:
    return sum(len(world.slack.workspace.shown_to(who)) - count for who, count in before.items())


def test_a_workspace_without_charts_and_tables_gets_one_answer_without_them(world: World) -> None:
    bob = world.slack_id("Bob")
    before = len(world.slack.workspace.shown_to(bob))
    world.slack.installation.native_blocks = False

    reply = world.slack.ask(bob, "team 28d", timeout=10)

    kinds = {block["type"] for block in reply["blocks"]}
    assert kinds
    assert not kinds & {"data_table", "data_visualization"}
    assert "Carol" in str(reply["blocks"])
    world.slack.ask(bob, "help", timeout=10)  # whatever would have come twice has come by now
    assert len(world.slack.workspace.shown_to(bob)) == before + 2


def command(world: World, who: str) -> tuple[Ack, str]:
    slack_id = world.slack_id(who)
    ack = world.slack.slash(slack_id, "me 7d")
    assert ack.ok, ack
    return ack, slack_id


def test_when_slack_asks_to_wait_the_answer_comes_later_and_once(world: World) -> None:
    world.slack.faults.rate_limited("response_url", retry_after=1)
    ack, carol = command(world, "Carol")

    world.slack.wait_for_reply(carol, after=ack.shown_before, timeout=10)
    world.slack.ask(carol, "help", timeout=10)
    assert len(world.slack.workspace.shown_to(carol)) == ack.shown_before + 2


@pytest.mark.parametrize("taken", [0, 1], ids=["before it was taken", "after it was taken"])
@pytest.mark.parametrize("fault", ["status", "reset", "html"])
def test_an_answer_of_unknown_fate_is_never_given_twice(
    world: World, bot: RunningBot, fault: str, taken: int
) -> None:
    before = answered(bot)
    if fault == "status":
        world.slack.faults.status("response_url", 500, after_accept=bool(taken))
    elif fault == "reset":
        world.slack.faults.reset("response_url", after_accept=bool(taken))
    else:
        world.slack.faults.html("response_url", 502, after_accept=bool(taken))
    ack, carol = command(world, "Carol")
    assert answered(bot) == before + 1

    world.slack.ask(carol, "help", timeout=10)
    assert len(world.slack.workspace.shown_to(carol)) == ack.shown_before + taken + 1


def test_a_response_address_elsewhere_is_never_called(
    world: World, slack: SignedHttp, bot: RunningBot
) -> None:
    sent, before = genuine(world, slack), answered(bot)
    here = f"127.0.0.1%3A{bot.port}"
    body = sent.body.replace(
        world.slack.base_url.removeprefix("http://").replace(":", "%3A").encode(), here.encode()
    )
    assert body != sent.body
    stamp = sent.headers["X-Slack-Request-Timestamp"]
    signed = {**sent.headers, "X-Slack-Signature": signature(world.slack.signing_secret, stamp, body)}

    assert slack.post(dataclasses.replace(sent, body=body, headers=signed)).status == 200
    assert answered(bot) == before + 1
    assert 'outcome="undelivered"' in bot.get("/metrics").text
    assert "is not Slack's" in bot.said
