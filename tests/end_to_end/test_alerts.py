"""The real bot and a runaway: a sync finds it, finance reads of it, answers, and the card says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.slack.values import Json
from bot.demo.world import World
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
        finn = world.slack_id("Finn")
        assert world.slack.press(finn, card, "alert.acknowledge").ok
        world.slack.workspace.wait_until(lambda: world.slack.workspace.modals_of(finn), 10)
        assert world.slack.submit(finn, {"reason": "load test"}).ok
        wait_until(lambda: "Finn" in cards(world, channel)[0]["text"], "the answer on the card")
        (card,) = cards(world, channel)
        assert "takes care of it: load test." in card["text"]
        assert "Fault" not in bot.said
    again = run_command(world, "alerts", FINANCE_CHANNEL=channel)
    assert (again.returncode, again.stdout) == (0, "Nothing has changed since the last look.\n")
    assert len(cards(world, channel)) == 1
