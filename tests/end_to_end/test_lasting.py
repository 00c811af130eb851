"""The real bot and a lasting change: a sync finds it, and Monday's digest tells whoever stands above, and them alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.demo.moved_clock import MovedClock
from bot.demo.world import World
from bot.features.alerts.evaluate import BEGUN
from bot.store.sqlite import SqliteStore
from tests.end_to_end.rig import SMALL, running, wait_until

WEDNESDAY = datetime(2026, 12, 2, 12, tzinfo=UTC)
"""Always the same day, as the company's usage depends on it."""

READERS = ("Gail", "Alice", "Bob", "Hugo")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = MovedClock(tmp_path / "clock")
    clock.move(WEDNESDAY - clock())
    with World(tmp_path, size=SMALL, clock=clock) as world:
        world.slack.limits.enabled = False
        yield world


def have_read(world: World, weeks: int) -> bool:
    """True when all of them have so many digests."""
    texts = [[message["text"] for message in world.slack.dms_to(world.slack_id(who))] for who in READERS]
    return all(sum("Codex week" in text for text in of_one) == weeks for of_one in texts)


def lines(world: World, who: str) -> list[str]:
    """What their digests say of lasting changes."""
    texts = [message["text"] for message in world.slack.dms_to(world.slack_id(who))]
    return [line for text in texts for line in text.split("\n") if line.startswith("Lasting")]


def test_mondays_digest_tells_of_it_once_though_the_bot_was_killed(world: World) -> None:
    with running(world, world.bot_command) as bot:
        bot.wait_until_synced()
        wait_until(lambda: is_looked_at(world), "the first look")
        bot.kill_all()
    with running(world, world.bot_command) as bot:
        for weeks in (1, 2):
            world.levers.jump_to_digests()
            wait_until(partial(have_read, world, weeks), "everybody's digest", 60)
        assert bot.stop() == 0
    (line,) = lines(world, "Gail")
    assert line.startswith(f"Lasting change: {world.name('Dan')}, since ")
    assert "credits an active day, before" in line
    assert [lines(world, who) for who in READERS[1:]] == [[], [], []]


def is_looked_at(world: World) -> bool:
    """True once the bot has looked for what stands out, which it does after a sync has ended."""
    with closing(SqliteStore(world.folder / "codex-usage.db")) as store:
        return store.load_note(BEGUN) is not None
