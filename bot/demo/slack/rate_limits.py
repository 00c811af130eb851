"""How often a method may be called: a bucket per method and, for posting, one per conversation."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = {"auth.test": 600, "chat.postMessage": 300, "blocks.validate": 60}
# Slack tolerates bursts without a figure. Who may hold ten connections may also ask for ten at once.
BURST = {"apps.connections.open": 10}


@dataclass(slots=True)
class _Bucket:
    left: float
    filled_at: float


class RateLimits:
    """Buckets on the workspace's clock.

    ``per_minute`` replaces the figure of a method and may be changed at any time; ``per_channel_burst`` is
    how many messages one conversation takes at once before it takes one a second.
    """

    def __init__(
        self,
        now: Callable[[], float],
        *,
        enabled: bool = True,
        per_minute: Mapping[str, int] | None = None,
        per_channel_burst: int = 1,
    ) -> None:
        self.enabled = enabled
        self.per_minute = dict(per_minute or {})
        self.per_channel_burst = per_channel_burst
        self._now = now
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def wait_for_method(self, method: str, tier: int) -> int:
        """Seconds until ``method`` may be called, 0 when it may be now, which uses one call up."""
        usual = SPECIAL_PER_MINUTE.get(method, TIER_PER_MINUTE[tier])
        minute = self.per_minute.get(method, usual)
        burst = minute if method in self.per_minute else BURST.get(method, minute)
        return self._take(method, per_second=minute / 60, burst=burst)

    def wait_for_channel(self, channel_id: str) -> int:
        """The same for one message into a conversation: about one a second."""
        return self._take(f"channel {channel_id}", per_second=1.0, burst=self.per_channel_burst)

    def _take(self, key: str, *, per_second: float, burst: int) -> int:
        if not self.enabled:
            return 0
        with self._lock:
            now = self._now()
            bucket = self._buckets.setdefault(key, _Bucket(float(burst), now))
            bucket.left = min(burst, bucket.left + max(0.0, now - bucket.filled_at) * per_second)
            bucket.filled_at = now
            # A clock that is a little short of a whole second still counts: floats do not add up exactly.
            if bucket.left >= 1 - 1e-6:
                bucket.left -= 1
                return 0
            return max(1, math.ceil((1 - bucket.left) / per_second - 1e-6))
