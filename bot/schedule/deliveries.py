"""Orders the digests that have become due, works the outbox off, and edits cards, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bot.core.ledger import Run
from bot.errors import DeliveryRunningError, StoreError
from bot.features.alerts.edit_cards import EditCards
from bot.features.deliveries.deliver import Deliver, Shift
from bot.features.deliveries.desk import Clocks
from bot.features.digests.plan import PlanDigests

PLAN_SECONDS = 60.0
"""Between two looks at whose digest has become due, by whichever clock, unless a sync has ended meanwhile."""

EDIT_SECONDS = 1.0
"""Between two looks at whether a message that stands in Slack has become stale."""

ELSEWHERE_SECONDS = 2.0
"""Until the right to deliver is asked for again when another process has it."""

TROUBLE_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 1.0

log = logging.getLogger(__name__)


class Look(NamedTuple):
    """When it was looked whose digest is due, on both clocks, and the last sync that there was then."""

    at: datetime
    ticked: float
    sync: Run | None


class Deliveries:
    """Delivers from `start` to `stop`, whenever no other process does.

    ``report`` is told of a fault of our own; all waiting ends when ``stopping`` is set.
    """

    def __init__(
        self,
        planner: PlanDigests,
        deliver: Deliver,
        cards: EditCards,
        *,
        clocks: Clocks,
        stopping: threading.Event,
        report: Callable[[BaseException], object],
    ) -> None:
        self._planner = planner
        self._deliver = deliver
        self._cards = cards
        self._clocks = clocks
        self._stopping = stopping
        self._report = report
        self._edit_from = float("-inf")
        self._looked: Look | None = None
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
            self._edit_if_due()
            self._stopping.wait(min(shift.step(), LONGEST_WAIT_SECONDS))

    def _plan_if_due(self) -> None:
        look = Look(self._clocks.now(), self._clocks.monotonic(), self._planner.last_sync())
        if self._is_too_soon(look):
            return
        self._looked = look
        added = self._planner.plan(look.at)
        if added:
            log.info("Digests have become due: %d", added)

    def _edit_if_due(self) -> None:
        now = self._clocks.monotonic()
        if now >= self._edit_from:
            self._edit_from = now + EDIT_SECONDS
            self._cards.edit_stale()

    def _is_too_soon(self, look: Look) -> bool:
        """Not where a clock was set ahead, which makes digests due, or a sync ended, which makes a week complete."""
        if self._looked is None or look.sync != self._looked.sync:
            return False
        passed = max(look.ticked - self._looked.ticked, (look.at - self._looked.at).total_seconds())
        return passed < PLAN_SECONDS
