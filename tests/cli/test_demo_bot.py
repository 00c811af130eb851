"""The same commands as ever, on a clock that the demo has moved."""

from __future__ import annotations

import sys
from datetime import timedelta

from bot.cli.demo_bot import launch_on
from bot.demo.moved_clock import MovedClock
from bot.demo.world import World
from tests.cli.conftest import Run


def test_a_month_later_the_same_figures_are_a_month_old(synced: World, run: Run) -> None:
    clock = MovedClock(synced.folder / "clock")
    launch = launch_on(str(clock.file))
    assert run("check", launch=launch).status == 0
    clock.move(timedelta(days=30))

    assert "see why it does not sync" in run("check", launch=launch).out
    assert run("check").status == 0  # without the file nothing has changed


def test_a_process_that_it_starts_is_started_on_the_same_clock() -> None:
    assert launch_on("/world/clock").command == (sys.executable, "-m", "bot.cli.demo_bot", "/world/clock")
