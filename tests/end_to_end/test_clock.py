"""The real program on a clock that is moved: days pass in no time, for the bot, its syncs, Slack and the API alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.demo.world import World
from tests.end_to_end.rig import (
    RunningBot,
    assert_figures,
    build_world,
    expect,
    people_below,
    running,
    wait_until,
)

DAY = timedelta(days=1)
WEEK = 7 * DAY
_READ_AT = re.compile(r"^codex_usage_last_read_timestamp_seconds (\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("clock")) as world:
        now = world.clock()
        world.clock.move(now.replace(hour=12) - now + DAY)  # no test here is to meet midnight
        yield world


@pytest.fixture(scope="module")
def bot(world: World) -> Iterator[RunningBot]:
    with running(world, world.bot_command) as bot:
        bot.wait_until_synced()
        world.slack.socket_mode.wait_for_connection()
        yield bot


def read_at(bot: RunningBot) -> float:
    """When usage was last read, by the clock of the sync that read it."""
    found = _READ_AT.search(bot.get("/metrics").text)
    assert found
    return float(found[1])


def wait_for_sync(bot: RunningBot, since: float) -> None:
    """Waits for the end of a sync that has read usage since that moment of the moved clock."""
    wait_until(lambda: read_at(bot) > since and bot.has_synced(), "the next sync")


def ask(world: World, who: str, text: str) -> str:
    """The answer's text."""
    return str(world.slack.ask(world.slack_id(who), text, timeout=10)["text"])


def test_a_week_passes_and_the_next_sync_and_answer_belong_to_it(world: World, bot: RunningBot) -> None:
    world.clock.move(WEEK)

    wait_for_sync(bot, since=world.clock.seconds())
    assert bot.is_ready()
    expected = expect(world.company, [world.email("Carol")], 7, world.clock().date())
    assert expected.threads > 0
    assert_figures(ask(world, "Carol", "me 7d"), expected)
    wait_until(lambda: "The clock was set" in bot.said, "the watch on the clock")


def test_forth_and_back_again_does_no_harm(world: World, bot: RunningBot) -> None:
    for by in (4 * WEEK, -8 * WEEK, 4 * WEEK):
        world.clock.move(by)
        assert "Your Codex usage" in ask(world, "Carol", "me 7d")
    world.clock.move(5 * WEEK)  # past every moment at which a sync can have begun

    wait_until(lambda: bot.is_ready() and bot.has_synced(), "the sync of that week")
    assert "Traceback" not in bot.said
    assert "Fault" not in bot.said


def test_what_the_levers_do_arrives_with_the_next_sync(world: World, bot: RunningBot) -> None:
    world.levers.explode(world.email("Carol"))
    world.levers.revise_last_week()
    world.levers.sync_now()
    wait_for_sync(bot, since=world.clock.seconds())

    tell, today = world.codex.data.usage, world.levers.now().date()
    ran_away = expect(world.company, [world.email("Carol")], 1, today + DAY, tell)
    assert ran_away.credits > 500
    assert_figures(ask(world, "Carol", "me today"), ran_away)
    below = people_below(world.company, "Alice")
    corrected = expect(world.company, below, 7, today, tell)
    assert corrected != expect(world.company, below, 7, today)
    assert_figures(ask(world, "Alice", "team 7d"), corrected)


def test_an_api_that_was_down_for_a_moment_is_read_when_it_is_back(world: World, bot: RunningBot) -> None:
    refused = world.codex.count(status=503)
    world.levers.set_api_down(True)
    world.levers.sync_now()
    begun = world.clock.seconds()
    wait_until(lambda: world.codex.count(status=503) > refused, "a request that is refused")
    assert "Your Codex usage" in ask(world, "Carol", "me 7d")
    world.levers.set_api_down(False)

    wait_for_sync(bot, since=begun)
