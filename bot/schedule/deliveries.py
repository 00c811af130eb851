"""Orders the digests that have become due and works the outbox off, in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from bot.errors import DeliveryRunningError, StoreError
from bot.features.deliver import Deliver, Shift
from bot.features.plan_digests import PlanDigests

PLAN_SECONDS = 60.0
"""Between two looks at whose digest has become due."""

ELSEWHERE_SECONDS = 2.0
"""Until the right to deliver is asked for again when another process has it."""

TROUBLE_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 1.0

log = logging.getLogger(__name__)


class Deliveries:
    """Delivers from `start` to `stop`, whenever no other process does.

    ``report`` is told of a fault of our own; all waiting ends when ``stopping`` is set.
    """

    def __init__(
        self,
        planner: PlanDigests,
        deliver: Deliver,
        *,
        clock: Callable[[], datetime],
        stopping: threading.Event,
        report: Callable[[BaseException], object],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._planner = planner
        self._deliver = deliver
        self._clock = clock
        self._stopping = stopping
        self._report = report
        self._monotonic = monotonic
        self._plan_from = float("-inf")
        self._thread = threading.Thread(target=self._work, name="deliveries", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Begin nothing new. A message that is under way longer than that is in doubt for the next process."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._work_once())

    def _work_once(self) -> float:
        """One time at the outbox; returns the seconds until the next."""
        try:
            with self._deliver.shift() as shift:
                self._keep_at(shift)
        except DeliveryRunningError:
            return ELSEWHERE_SECONDS
        except StoreError as error:
            log.warning("Nothing can be delivered: %s", error)
            return TROUBLE_SECONDS
        except Exception as error:  # noqa: BLE001 - the border: the thread lives on
            self._report(error)
            return TROUBLE_SECONDS
        return 0.0

    def _keep_at(self, shift: Shift) -> None:
        while not self._stopping.is_set():
            self._plan_if_due()
            self._stopping.wait(min(shift.step(), LONGEST_WAIT_SECONDS))

    def _plan_if_due(self) -> None:
        now = self._monotonic()
        if now < self._plan_from:
            return
        self._plan_from = now + PLAN_SECONDS
        added = self._planner.plan(self._clock())
        if added:
            log.info("Digests have become due: %d", added)
