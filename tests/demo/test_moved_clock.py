"""A clock that several processes share, and that is moved while they read it."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.moved_clock import MovedClock

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def clock(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path / "not there yet" / "clock", lambda: NOON)


def test_it_is_real_time_until_it_is_moved(clock: MovedClock, tmp_path: Path) -> None:
    assert clock() == NOON
    before = datetime.now(UTC)
    assert before <= MovedClock(tmp_path / "clock")() <= datetime.now(UTC)


def test_it_moves_ahead_and_back_by_sums(clock: MovedClock) -> None:
    for by in (WEEK, timedelta(hours=-3), timedelta(milliseconds=1)):
        clock.move(by)
    assert clock() == NOON + WEEK - timedelta(hours=3) + timedelta(milliseconds=1)
    assert clock.seconds() == clock().timestamp()

    clock.move(-clock.moved_by())
    assert clock() == NOON


def test_all_who_know_the_file_read_the_same(clock: MovedClock) -> None:
    other = MovedClock(clock.file, lambda: NOON)
    clock.move(WEEK)

    assert other() == clock() == NOON + WEEK


def test_a_reader_in_the_middle_of_a_move_gets_the_old_or_the_new_time(clock: MovedClock) -> None:
    seen: set[timedelta] = set()
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            seen.add(clock.moved_by())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(100):
        clock.move(WEEK)
        clock.move(-WEEK)
    over.set()
    reader.join()

    assert seen <= {timedelta(), WEEK}


def test_the_program_has_no_way_to_a_moved_clock_of_its_own() -> None:
    """Neither the code of the moved clock nor that of the simulated world is even read by a usual start."""
    read = "import sys, bot.__main__; print(*(name for name in sys.modules if 'demo' in name))"
    done = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["bot.cli.demo"]
