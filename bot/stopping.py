"""Whether a signal has asked this process to end."""

from __future__ import annotations

import math
import signal
import time
from types import FrameType

LOOK_SECONDS = 0.1


class Stopping:
    """Set once one of ``signals`` has come; without any it is never set.

    Like `threading.Event`, but a list that is looked at often: an event has a lock, and a handler that sets
    it can interrupt the very thread that holds that lock.
    """

    def __init__(self, *signals: signal.Signals) -> None:
        self._came: list[int] = []
        for number in signals:
            signal.signal(number, self._take)

    def is_set(self) -> bool:
        """True from the first signal on."""
        return bool(self._came)

    def wait(self, seconds: float = math.inf) -> bool:
        """Rest so long, or until a signal comes; True if one has come."""
        until = time.monotonic() + seconds
        while not self._came and (left := until - time.monotonic()) > 0:
            time.sleep(min(LOOK_SECONDS, left))  # short: a signal that another thread took wakes nobody here
        return self.is_set()

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self._came.append(number)
