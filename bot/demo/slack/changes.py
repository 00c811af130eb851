"""A condition that counts: whoever draws what changed meanwhile misses nothing."""

from __future__ import annotations

import threading


class Changes(threading.Condition):
    """The workspace's lock and bell. ``count`` goes up with each ring."""

    def __init__(self) -> None:
        super().__init__(threading.RLock())
        self.count = 0

    def notify_all(self) -> None:
        """Wakes everyone who waits, and whoever looks at the count later."""
        self.count += 1
        super().notify_all()

    def ring(self) -> None:
        """The same for callers who do not hold the lock."""
        with self:
            self.notify_all()

    def wait_past(self, seen: int, timeout: float) -> int:
        """Waits until the count has gone past ``seen``, at most so many seconds; gives the count."""
        with self:
            self.wait_for(lambda: self.count != seen, timeout)
            return self.count
