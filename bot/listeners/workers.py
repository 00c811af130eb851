"""A bounded queue of work with the few threads that work it off, after whoever is waiting at the door."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from bot.listeners.faults import report_fault

LULL_SECONDS = 0.03
PATIENCE_SECONDS = 0.25

Job = Callable[[], None]

log = logging.getLogger(__name__)


class Workers:
    """Runs jobs on ``threads`` threads; at most ``limit`` wait.

    Python runs one thread at a time, so that a job that computes would hold up the acknowledgements of a
    rush of requests. A free thread therefore starts a job only once nothing was submitted for `LULL_SECONDS`,
    or once it has held back for `PATIENCE_SECONDS`.
    """

    def __init__(self, name: str, *, threads: int, limit: int) -> None:
        self._limit = limit
        self._jobs: deque[tuple[float, Job]] = deque()
        self._last_submitted = 0.0
        self._closing = False
        self._over = False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_over(self) -> bool:
        """True after `close` has run out of time: a job that still runs should keep its result to itself."""
        return self._over

    def submit(self, job: Job) -> bool:
        """True when the job will be run; False when too many wait or the workers are closing."""
        with self._changed:
            self._last_submitted = time.monotonic()
            if self._closing or len(self._jobs) >= self._limit:
                return False
            self._jobs.append((self._last_submitted, job))
            self._changed.notify()
            return True

    def close(self, timeout: float) -> int:
        """Takes no more, finishes what waits within ``timeout`` seconds, returns how many it dropped."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._changed:
            self._over = True
            dropped = len(self._jobs)
            self._jobs.clear()
        return dropped

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - the listener border: the thread lives on
                report_fault(log, f"working in {threading.current_thread().name}", error)

    def _next(self) -> Job | None:
        """The oldest job, once there is one and the door is quiet; None when there will be no more."""
        with self._changed:
            free_since = time.monotonic()
            while self._jobs or not self._closing:
                pause = self._pause(free_since) if self._jobs else None
                if pause is None or pause > 0:
                    self._changed.wait(pause)
                    continue
                _, job = self._jobs.popleft()
                self._changed.notify()  # a thread that was woken for this job may be needed for the next one
                return job
            return None

    def _pause(self, free_since: float) -> float:
        """Seconds until a thread that has been free since then should start the oldest job."""
        if self._closing:
            return 0.0
        waits_since = max(free_since, self._jobs[0][0])
        return min(self._last_submitted + LULL_SECONDS, waits_since + PATIENCE_SECONDS) - time.monotonic()
