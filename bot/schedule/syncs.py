"""Whether a sync is due: wakes every few seconds, asks the ledger, and starts one as a process of its own.

The ledger decides, not the scheduler: APScheduler loses late runs, repeats some when clocks go back, and is
silent for as long as the clock was set back. So it only ticks here, and the tick itself is kept alive by a
watch on the monotonic clock.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from apscheduler.schedulers.background import BackgroundScheduler

from bot.core.ledger import Run, is_sync_due
from bot.errors import StoreError
from bot.ports import Clock, Store

TICK = timedelta(seconds=5)
FIRST_TICK = timedelta(seconds=0.2)
LEAST_PAUSE = timedelta(seconds=60)
"""Between two starts, so that a sync that dies at once is not started over and over."""

CLOCK_STEP_SECONDS = 30.0
LOOK_SECONDS = 1.0
"""Between two looks whether the clock was set."""

log = logging.getLogger(__name__)


class SyncProcess(Protocol):
    """A started sync, such as `subprocess.Popen`."""

    def poll(self) -> int | None:
        """The exit status, None while it runs."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises an error of its own after ``timeout`` seconds."""
        ...


class Start(NamedTuple):
    """When a sync was started, on both clocks."""

    at: datetime
    ticked: float


class Schedule:
    """Starts a sync whenever one is due, from `start` to `stop`; never two at a time."""

    def __init__(
        self,
        store: Store,
        start_sync: Callable[[], SyncProcess],
        interval: timedelta,
        *,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._start_sync = start_sync
        self._interval = interval
        self._clock = clock
        self._monotonic = monotonic
        self._sync: SyncProcess | None = None
        self._started: Start | None = None
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._watch = threading.Thread(target=self._watch_clock, name="clock-watch", daemon=True)
        self._offset = self._measure_offset()

    def start(self) -> None:
        """Begin to tick, at once."""
        self._scheduler.add_job(
            self.run_tick,
            "interval",
            seconds=TICK.total_seconds(),
            id="tick",
            next_run_time=_soon(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        self._watch.start()

    def stop(self, timeout: float) -> None:
        """Tick no more, and end a running sync; it leaves nothing half-done, however it ends."""
        with self._starting:  # so that no tick starts a sync that nobody would end
            self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._sync is not None and self._sync.poll() is None:
            self._sync.terminate()
            killer = threading.Timer(timeout, self._sync.kill)
            killer.start()
            self._sync.wait()
            killer.cancel()

    def run_tick(self) -> None:
        """Start a sync if one is due."""
        now = self._clock()
        if self._is_running() or self._is_too_soon(now):
            return
        try:
            last = self._store.load_last_run()
        except StoreError as error:
            log.warning("It cannot be told whether a sync is due: %s", error)
            return
        if is_sync_due(now, last, self._interval) and not self._is_repeating_the_past(now, last):
            self._start(now)

    def heal_clock(self) -> bool:
        """Make the next tick come soon if the wall clock was set; True if it was."""
        offset = self._measure_offset()
        stepped = abs(offset - self._offset) > CLOCK_STEP_SECONDS
        self._offset = offset
        if stepped and self._scheduler.running:
            log.warning("The clock was set; the schedule begins anew")
            self._scheduler.modify_job("tick", next_run_time=_soon())
        return stepped

    def _start(self, now: datetime) -> None:
        with self._starting:
            if self._stopping.is_set():
                return
            self._started = Start(now, self._monotonic())
            try:
                self._sync = self._start_sync()
            except OSError as error:  # no memory, no process to be had: the next tick may fare better
                log.warning("A sync cannot be started: %s", error)

    def _is_running(self) -> bool:
        if self._sync is None:
            return False
        status = self._sync.poll()
        if status is None:
            return True
        if status:
            log.warning("A sync ended with status %d; `codex-usage-bot check` says more", status)
        self._sync = None
        return False

    def _is_too_soon(self, now: datetime) -> bool:
        """By both clocks: one that was set ahead since the last start has let the pause pass, too."""
        if self._started is None:
            return False
        passed = max(self._monotonic() - self._started.ticked, (now - self._started.at).total_seconds())
        return passed < LEAST_PAUSE.total_seconds()

    def _is_repeating_the_past(self, now: datetime, last: Run | None) -> bool:
        """With the clock set back the last run lies ahead; then an interval must pass on our own clock."""
        if last is None or last.started_at <= now or self._started is None:
            return False
        return self._monotonic() - self._started.ticked < self._interval.total_seconds()

    def _watch_clock(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self.heal_clock()

    def _measure_offset(self) -> float:
        return self._clock().timestamp() - self._monotonic()


def _soon() -> datetime:
    """On the clock that APScheduler reads, which is the machine's whatever clock the bot lives on."""
    return datetime.now(UTC) + FIRST_TICK
