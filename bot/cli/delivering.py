"""Delivers in the foreground until certain messages are done with, or waits for the bot that does it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from bot.core.deliveries import Delivery, DeliveryState
from bot.errors import DeliveryRunningError
from bot.features.deliveries.deliver import Deliver
from bot.listeners.faults import report_fault
from bot.ports import DeliveryWatch
from bot.schedule.delivery_log import DeliveryLog
from bot.stopping import Stopping

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 600.0
"""When nothing has changed for so long, it is left to whoever delivers next."""

log = logging.getLogger(__name__)


def deliver_all(
    build: Callable[[DeliveryWatch], Deliver],
    load: Callable[[], Sequence[Delivery]],
    stopping: Stopping,
    tell: Callable[[str], None],
    monotonic: Callable[[], float],
) -> None:
    """Return when everything that ``load`` gives is final, nothing changes any more, or the end is asked for."""
    deliver = build(DeliveryLog(_count_nothing, partial(report_fault, log, "delivering")))
    watched = _Watched(load, tell, monotonic)
    while not stopping.is_set() and not watched.is_done():
        try:
            with deliver.shift() as shift:
                while not stopping.is_set() and not watched.is_done():
                    stopping.wait(min(shift.step(), LOOK_SECONDS))
        except DeliveryRunningError:
            stopping.wait(LOOK_SECONDS)


class _Watched:
    """Looks at the messages about once a second."""

    def __init__(
        self,
        load: Callable[[], Sequence[Delivery]],
        tell: Callable[[str], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._load = load
        self._tell = tell
        self._monotonic = monotonic
        self._counts: Counter[DeliveryState] | None = None
        self._looked = self._changed = monotonic()

    def is_done(self) -> bool:
        now = self._monotonic()
        if self._counts is None or now >= self._looked + LOOK_SECONDS:
            self._look(now)
        is_open = any(not state.is_final for state in self._counts or ())
        return not is_open or now >= self._changed + PATIENCE_SECONDS

    def _look(self, now: float) -> None:
        counts = Counter(one.state for one in self._load())
        if counts != self._counts:
            self._changed = now
        self._counts, self._looked = counts, now
        done = sum(count for state, count in counts.items() if state.is_final)
        self._tell(f"{done:,} of {counts.total():,} messages are done with")


def _count_nothing(_outcome: str) -> None:
    """Nobody reads the metrics of a command."""
