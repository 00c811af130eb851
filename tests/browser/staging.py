"""The demo in one piece for the tests and the pictures: its world, the real bot, the page, on a known day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.app.launch import utc_now
from bot.demo.moved_clock import MovedClock
from bot.demo.page.server import PageServer
from bot.demo.page.serving import build_site, serving
from bot.demo.show import running_bot
from bot.demo.world import World
from bot.stopping import Stopping

BEGINNING = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
"""A Wednesday; the world's clock begins here, so that the same figures are shown each time."""


class Demo(NamedTuple):
    """A world with its bot running and its page served."""

    world: World
    url: str


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Up, with the bot connected and its first sync done."""
    clock = MovedClock(folder / "clock")
    clock.move(BEGINNING - utc_now())
    world = World(folder, clock=clock)
    with world, serving(PageServer(), build_site(world)) as url, running_bot(world, Stopping()):
        world.slack.socket_mode.wait_for_connection(timeout=30)
        yield Demo(world, url)
