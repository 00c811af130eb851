"""The real bot and a runaway: a sync finds it, finance reads of it, answers, and the card and its thread say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.slack.values import Json
from bot.demo.world import World
from bot.store.sqlite import SqliteStore
from tests.end_to_end.rig import build_world, give_database, run_command, running, wait_until


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory, synced_database: Path) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("alerts")) as world:
        give_database(world, synced_database)
        yield world


def cards(world: World, channel: str) -> list[Json]:
    found = world.slack.workspace.conversation(channel)
    assert found is not None
    return [message.body for message in found.messages if message.only_for is None]


def test_a_runaway_is_told_answered_and_told_no_more(world: World) -> None:
    channel = world.slack.workspace.add_channel("finance", private=True, has_bot=True)
    world.levers.explode(world.email("Carol"))
    synced = run_command(world, "sync", FINANCE_CHANNEL=channel)
    assert synced.returncode == 0, synced.stderr
    with running(world, FINANCE_CHANNEL=channel, SYNC_INTERVAL_MINUTES="1440") as bot:
        world.slack.socket_mode.wait_for_connection()
        wait_until(lambda: cards(world, channel), "the card")
        (card,) = cards(world, channel)
        assert "Carol" in card["text"]
        answer(world, "Finn", card)
        wait_until(lambda: "Finn" in cards(world, channel)[0]["text"], "the answer on the card")
        wait_until(lambda: len(cards(world, channel)) > 1, "the line below it")
        card, line = cards(world, channel)
        assert "takes care of it: load test." in card["text"]
        assert (line["thread_ts"], line.get("subtype")) == (card["ts"], None)
        assert line["text"] == f"*{world.name('Carol')}.* {world.name('Finn')} takes care of it: load test."
        assert "Fault" not in bot.said
    again = run_command(world, "alerts", FINANCE_CHANNEL=channel)
    assert (again.returncode, again.stdout) == (0, "Nothing has changed since the last look.\n")
    assert len(cards(world, channel)) == 2


def test_a_line_whose_answer_got_lost_with_the_bot_is_there_once(world: World) -> None:
    """Slack does not show it in the channel, so the next bot looks for it in the thread."""
    channel = world.slack.workspace.add_channel("finance", private=True, has_bot=True)
    world.slack.installation.grant("groups:history", "im:history")
    world.levers.explode(world.email("Carol"))
    settings = {
        "FINANCE_CHANNEL": channel,
        "DELIVERY_DOUBT": "check",
        "DELIVERY_QUARANTINE_SECONDS": "0.4",
        "SYNC_INTERVAL_MINUTES": "1440",
    }
    assert run_command(world, "sync", **settings).returncode == 0
    with running(world, **settings) as bot:
        wait_until(lambda: states(world, "alert", "manager_alert") == {"sent"}, "the cards")
        world.slack.faults.reset("chat.postMessage", after_accept=True, times=2)
        answer(world, "Finn", cards(world, channel)[0])
        wait_until(lambda: "doubtful" in states(world, "alert_line", "manager_alert_line"), "a doubt")
        bot.kill_all()
    world.slack.faults.clear()
    with running(world, **settings) as bot:
        wait_until(lambda: states(world, "alert_line", "manager_alert_line") == {"sent"}, "both lines")
        assert bot.stop() == 0
    bob = world.slack_id("Bob")
    for texts in (
        [one["text"] for one in cards(world, channel)],
        [one["text"] for one in world.slack.dms_to(bob)],
    ):
        assert [text.endswith("takes care of it: load test.") for text in texts] == [True, True]


def states(world: World, *kinds: str) -> set[str]:
    """What the outbox says of the messages of these kinds; empty until there is one of each."""
    store = SqliteStore(world.folder / "codex-usage.db")
    try:
        with store.engine.reading() as connection:
            rows = connection.execute("SELECT kind, state FROM delivery").fetchall()
    finally:
        store.close()
    found = {kind: state for kind, state in rows if kind in kinds}
    return set(found.values()) if len(found) == len(kinds) else set()


def answer(world: World, who: str, card: Json) -> None:
    """Acknowledge it, with a reason."""
    slack_id = world.slack_id(who)
    world.slack.socket_mode.wait_for_connection(timeout=30)
    assert world.slack.press(slack_id, card, "alert.acknowledge").ok
    world.slack.workspace.wait_until(lambda: world.slack.workspace.modals_of(slack_id), 10)
    assert world.slack.submit(slack_id, {"reason": "load test"}).ok
