"""The real bot, plans and questions: announced once, asked first, answered, and told once, whatever is killed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.alerts.ask_first import ask_first
from bot.core.alerts.incidents import FiringDay, IncidentKey, Sighting
from bot.core.alerts.orders import orders_of
from bot.core.alerts.rounds import evaluate
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.demo.slack.values import Json
from bot.demo.world import World
from bot.features.alerts.answer import NOT_FOR_YOU
from bot.ports import Authorship
from bot.store.sqlite import SqliteStore
from tests.end_to_end.rig import build_world, give_database, run_command, running, wait_until

GRACE = timedelta(hours=2)


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory, synced_database: Path) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("planned")) as world:
        give_database(world, synced_database)
        yield world


@pytest.fixture
def channel(world: World) -> str:
    return world.slack.workspace.add_channel("finance", private=True, has_bot=True)


def messages(world: World, where: str) -> list[Json]:
    found = world.slack.workspace.conversation(where)
    return [one.body for one in found.messages if one.only_for is None] if found else []


def direct(world: World, who: str) -> list[Json]:
    return messages(world, world.slack.workspace.open_dm(world.slack_id(who)).id)


def let_carol_stand_out(world: World, channel: str) -> None:
    """As an evaluation keeps it that finds her far above her usual yesterday."""
    now, carol = world.clock(), world.email("Carol")
    day = now.date() - timedelta(days=1)
    fired = FiringDay(day, "warning", 600 * MICRO, 100 * MICRO, 400 * MICRO)
    seen = Sighting(IncidentKey(carol, "spike"), Period(day, now.date()), (fired,))
    changes = evaluate({}, [seen], (), now, {carol})
    orders = ask_first(
        orders_of(changes, channel, {carol: world.email("Bob")}, now), changes, {carol}, GRACE, now
    )
    store = SqliteStore(world.folder / "codex-usage.db")
    store.migrate()
    with store.changing_incidents() as ledger:
        ledger.save_change(changes[0], Authorship(now))
        ledger.save_orders(orders, now)
    store.close()


def settings(channel: str) -> dict[str, str]:
    """A message whose fate a kill left open is looked for, so that it can be edited."""
    return {
        "FINANCE_CHANNEL": channel,
        "SYNC_INTERVAL_MINUTES": "1440",
        "ALERT_ASK_FIRST": "yes",
        "DELIVERY_DOUBT": "check",
        "DELIVERY_QUARANTINE_SECONDS": "1",
    }


def test_whoever_is_asked_answers_and_only_then_others_hear(world: World, channel: str) -> None:
    let_carol_stand_out(world, channel)
    with running(world, **settings(channel)) as bot:
        wait_until(lambda: direct(world, "Carol"), "the question")
        bot.kill_all()
    with running(world, **settings(channel)) as bot:
        world.slack.socket_mode.wait_for_connection()
        (question,) = direct(world, "Carol")
        finn, carol = world.slack_id("Finn"), world.slack_id("Carol")
        assert world.slack.press(finn, question, "own.stopped").ok
        assert world.slack.wait_for_reply(finn, timeout=10)["text"] == NOT_FOR_YOU
        assert messages(world, channel) == []
        assert world.slack.press(carol, question, "own.planned").ok
        world.slack.workspace.wait_until(lambda: world.slack.workspace.modals_of(carol), 10)
        assert world.slack.submit(carol, {"reason": "load <test>", "days": "3"}).ok
        wait_until(lambda: messages(world, channel) and direct(world, "Bob"), "the card and the message")
        # a question whose sending was killed is settled first, and messages are looked at some times a minute
        wait_until(lambda: "You said" in direct(world, "Carol")[0]["text"], "the answer in the question", 90)
        for (card,) in (messages(world, channel), direct(world, "Bob")):
            assert "says that it was planned: load &lt;test&gt;; it may go on until" in card["text"]
        bot.kill_all()
    with running(world, **settings(channel)) as bot:
        world.slack.socket_mode.wait_for_connection()
        listed = world.slack.ask(world.slack_id("Bob"), "expect", timeout=10)["text"]
        assert "load &lt;test&gt;" in listed
        assert [len(direct(world, who)) for who in ("Carol", "Bob")] == [1, 1]
        assert len(messages(world, channel)) == 1
        assert "Fault" not in bot.said


def test_silence_holds_nobody_up_beyond_the_grace(world: World, channel: str) -> None:
    let_carol_stand_out(world, channel)
    with running(world, world.bot_command, **settings(channel)):
        wait_until(lambda: direct(world, "Carol"), "the question")
        world.clock.move(GRACE - timedelta(minutes=5))
        assert messages(world, channel) == []
        world.clock.move(timedelta(minutes=6))
        wait_until(lambda: messages(world, channel) and direct(world, "Bob"), "the card and the message")
        assert "was asked first, and has not answered yet." in messages(world, channel)[0]["text"]


def test_a_plan_is_announced_once_to_whom_it_concerns(world: World, channel: str) -> None:
    with running(world, **settings(channel)) as bot:
        world.slack.socket_mode.wait_for_connection()
        carol = world.slack_id("Carol")
        for _ in range(2):
            assert "load test" in world.slack.ask(carol, "expect 3d 5x load test", timeout=10)["text"]
        wait_until(lambda: messages(world, channel) and direct(world, "Bob"), "the announcements")
        for (told,) in (messages(world, channel), direct(world, "Bob")):
            assert "will use up to ×5 the usual until" in told["text"]
        nobody = world.slack.ask(world.slack_id("Dan"), "expect", timeout=10)["text"]
        assert "Nothing is planned that you may see." in nobody
        assert "Fault" not in bot.said
    typed = run_command(
        world,
        "ask",
        "--as",
        world.email("Bob"),
        f"expect {world.email('Carol')} 1d moving",
        FINANCE_CHANNEL=channel,
    )
    assert typed.returncode == 0, typed.stderr
    assert "moving" in typed.stdout
