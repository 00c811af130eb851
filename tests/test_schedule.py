"""When a sync is started: from the ledger, one at a time, whatever the clock does; and how it is ended."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from bot.core.ledger import Part
from bot.errors import StoreError
from bot.schedule import CLOCK_STEP_SECONDS, LEAST_PAUSE, Schedule
from bot.store.sqlite import SqliteStore

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
IGNORES_SIGTERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
)


@dataclass
class FakeSync:
    """A sync whose end the test decides."""

    status: int | None = None
    terminated: bool = False
    killed: bool = False

    def poll(self) -> int | None:
        return self.status

    def terminate(self) -> None:
        self.terminated, self.status = True, -15

    def kill(self) -> None:
        self.killed, self.status = True, -9

    def wait(self, timeout: float | None = None) -> int:
        assert self.status is not None
        return self.status


@dataclass
class Desk:
    """A schedule on a clock of the test's own. ``wall`` can be set; ``ticked`` only goes on."""

    store: SqliteStore
    wall: datetime = NOON
    ticked: float = 1000.0
    started: list[FakeSync] = field(default_factory=list)
    interval: timedelta = HOUR

    def __post_init__(self) -> None:
        self.schedule = self.new_schedule()

    def new_schedule(self) -> Schedule:
        """As after a restart of the bot."""
        return Schedule(
            self.store, self.start_sync, self.interval, clock=lambda: self.wall, monotonic=lambda: self.ticked
        )

    def start_sync(self) -> FakeSync:
        self.started.append(FakeSync())
        return self.started[-1]

    def pass_time(self, passed: timedelta) -> None:
        self.wall += passed
        self.ticked += passed.total_seconds()

    def tick(self) -> int:
        """How many syncs were ever started, after this tick."""
        self.schedule.run_tick()
        return len(self.started)

    def end_sync(self, *, error: str | None = None) -> None:
        """The running sync ends, after it wrote into the ledger as a sync does."""
        number = self.store.begin_run(self.wall)
        self.store.end_run(number, [Part("usage", error=error)], self.wall)
        self.started[-1].status = 1 if error else 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = SqliteStore(tmp_path / "codex-usage.db")
    store.migrate()
    yield Desk(store)
    store.close()


def test_the_first_tick_of_an_empty_database_syncs(desk: Desk) -> None:
    assert desk.tick() == 1


def test_one_at_a_time(desk: Desk) -> None:
    desk.tick()
    desk.pass_time(5 * HOUR)

    assert desk.tick() == 1


def test_once_an_interval_and_the_next_one_when_it_begins(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    for minutes in (1, 30, 28):
        desk.pass_time(timedelta(minutes=minutes))
        assert desk.tick() == 1
    desk.pass_time(timedelta(minutes=1))

    assert desk.tick() == 2


def test_a_failed_sync_is_tried_again_in_the_next_interval_only(desk: Desk) -> None:
    desk.tick()
    desk.end_sync(error="The Codex API is away")
    desk.pass_time(timedelta(minutes=59))
    assert desk.tick() == 1
    desk.pass_time(timedelta(minutes=1))

    assert desk.tick() == 2


def test_a_sync_that_died_is_repeated_though_not_within_a_minute(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.tick()
    desk.store.begin_run(desk.wall)
    desk.started[-1].status = -9
    desk.pass_time(LEAST_PAUSE - timedelta(seconds=1))
    assert desk.tick() == 1
    desk.pass_time(timedelta(seconds=1))

    assert desk.tick() == 2
    assert "status -9" in caplog.text


def test_a_sync_that_cannot_even_write_to_the_ledger_is_repeated_once_a_minute(desk: Desk) -> None:
    for minute in range(1, 6):
        assert desk.tick() == minute
        desk.started[-1].status = 1
        assert desk.tick() == minute
        desk.pass_time(LEAST_PAUSE)


def test_a_restart_within_an_interval_does_not_sync_again(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    desk.pass_time(timedelta(minutes=10))
    desk.schedule = desk.new_schedule()

    assert desk.tick() == 1


def test_a_restart_after_a_kill_syncs_at_once(desk: Desk) -> None:
    desk.tick()
    desk.store.begin_run(desk.wall)
    desk.pass_time(timedelta(seconds=5))
    desk.schedule = desk.new_schedule()

    assert desk.tick() == 2


def test_intervals_missed_in_a_long_sleep_are_one_sync(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    desk.pass_time(timedelta(days=3))

    assert desk.tick() == 2
    desk.end_sync()
    desk.pass_time(timedelta(minutes=2))
    assert desk.tick() == 2


def test_a_clock_set_three_hours_ahead_means_one_sync(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    desk.pass_time(LEAST_PAUSE)
    desk.wall += 3 * HOUR

    assert desk.tick() == 2
    desk.end_sync()
    desk.pass_time(timedelta(minutes=30))
    assert desk.tick() == 2


def test_a_clock_set_ahead_right_after_a_sync_is_obeyed_at_once(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    desk.pass_time(timedelta(seconds=5))
    desk.wall += 3 * HOUR

    assert desk.tick() == 2
    desk.started[-1].status = -9
    desk.pass_time(LEAST_PAUSE - timedelta(seconds=1))
    assert desk.tick() == 2  # the pause holds after that start, too


def test_a_clock_set_five_hours_back_neither_silences_nor_rushes(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    desk.wall -= 5 * HOUR
    starts: list[float] = []
    for _ in range(6 * 60):
        desk.pass_time(timedelta(minutes=1))
        if desk.tick() > len(starts) + 1:
            starts.append(desk.ticked)
            desk.end_sync()

    assert len(starts) == 6
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 3600


def test_a_restart_with_the_clock_set_back_syncs_once(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    desk.wall -= 5 * HOUR
    desk.schedule = desk.new_schedule()

    assert desk.tick() == 2
    desk.end_sync()
    desk.pass_time(2 * LEAST_PAUSE)
    assert desk.tick() == 2


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_a_day_of_changing_clocks_has_as_many_syncs_as_any_other(desk: Desk, change: datetime) -> None:
    desk.wall = change
    for _ in range(24 * 12):
        before = len(desk.started)
        if desk.tick() > before:
            desk.end_sync()
        desk.pass_time(timedelta(minutes=5))

    assert len(desk.started) == 24


@pytest.mark.parametrize("minutes", [1, 5, 60, 1440])
def test_any_interval_is_kept(tmp_path: Path, minutes: int) -> None:
    store = SqliteStore(tmp_path / "codex-usage.db")
    store.migrate()
    desk = Desk(store, interval=timedelta(minutes=minutes))
    for _ in range(3 * minutes):
        before = len(desk.started)
        if desk.tick() > before:
            desk.end_sync()
        desk.pass_time(timedelta(minutes=1))
    store.close()

    # noon is no beginning of a whole day, so that three days hold four pieces of a day
    assert len(desk.started) == (4 if minutes == 1440 else 3)


def test_a_database_in_the_way_is_no_end(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    load, desk.store.load_last_run = desk.store.load_last_run, _fail  # type: ignore[method-assign] # a broken disk
    assert desk.tick() == 0
    assert "cannot be told whether a sync is due: no disk" in caplog.text
    desk.store.load_last_run = load  # type: ignore[method-assign] # mended

    assert desk.tick() == 1


def _fail() -> None:
    raise StoreError("no disk")


def test_a_clock_that_was_set_is_noticed_once(desk: Desk) -> None:
    assert not desk.schedule.heal_clock()
    desk.wall += timedelta(seconds=CLOCK_STEP_SECONDS - 1)
    assert not desk.schedule.heal_clock()
    for step in (3 * HOUR, -5 * HOUR):
        desk.wall += step
        assert desk.schedule.heal_clock()
        assert not desk.schedule.heal_clock()


def test_time_that_merely_passes_is_no_step(desk: Desk) -> None:
    desk.pass_time(timedelta(days=30))

    assert not desk.schedule.heal_clock()


def test_the_next_tick_comes_soon_after_the_clock_was_set(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    moved: list[tuple[str, datetime]] = []
    monkeypatch.setattr(
        BackgroundScheduler,
        "modify_job",
        lambda _, job, next_run_time: moved.append((job, next_run_time)),
    )
    desk.schedule.start()
    try:
        desk.wall -= 5 * HOUR
        assert desk.schedule.heal_clock()
    finally:
        desk.schedule.stop(timeout=1)

    assert [job for job, _ in moved] == ["tick"]
    assert moved[0][1] - datetime.now(UTC) < timedelta(seconds=1)
    assert "The clock was set" in caplog.text


def test_it_ticks_by_itself_from_start_to_stop(desk: Desk) -> None:
    came = threading.Event()
    start_sync = desk.start_sync

    def start_and_tell() -> FakeSync:
        came.set()
        return start_sync()

    schedule = Schedule(desk.store, start_and_tell, HOUR, clock=lambda: desk.wall)
    schedule.start()
    assert came.wait(10)
    schedule.stop(timeout=1)

    assert len(desk.started) == 1
    schedule.run_tick()
    assert len(desk.started) == 1


def test_stopping_ends_a_running_sync(desk: Desk) -> None:
    desk.tick()
    desk.schedule.stop(timeout=1)

    assert desk.started[0].terminated
    assert not desk.started[0].killed


def test_stopping_leaves_a_finished_sync_alone(desk: Desk) -> None:
    desk.tick()
    desk.end_sync()
    desk.schedule.stop(timeout=1)

    assert not desk.started[0].terminated


def test_after_the_end_no_tick_starts_anything(desk: Desk) -> None:
    desk.schedule.stop(timeout=1)

    assert desk.tick() == 0


def test_a_sync_that_ignores_sigterm_is_killed(desk: Desk) -> None:
    deaf = subprocess.Popen([sys.executable, "-c", IGNORES_SIGTERM], stdout=subprocess.PIPE)
    assert deaf.stdout
    deaf.stdout.readline()
    schedule = Schedule(desk.store, lambda: deaf, HOUR, clock=lambda: desk.wall)
    schedule.run_tick()

    begun = time.monotonic()
    schedule.stop(timeout=0.2)
    deaf.stdout.close()

    assert deaf.returncode == -9
    assert time.monotonic() - begun < 5


def test_a_start_that_fails_is_tried_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    start_sync, desk.start_sync = desk.start_sync, _cannot_fork  # type: ignore[method-assign] # no memory
    desk.schedule = desk.new_schedule()
    assert desk.tick() == 0
    assert "A sync cannot be started: Cannot allocate memory" in caplog.text
    desk.schedule = Schedule(desk.store, start_sync, HOUR, clock=lambda: desk.wall)

    assert desk.tick() == 1


def _cannot_fork() -> FakeSync:
    raise OSError("Cannot allocate memory")
