"""What was already received, remembered for a while in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict


class Seen:
    """Keys of the last ``keep_seconds``, at most ``limit`` of them: beyond that the oldest go first."""

    def __init__(self, keep_seconds: float, limit: int) -> None:
        self._keep_seconds = keep_seconds
        self._limit = limit
        self._keys: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._keys)

    def is_new(self, key: str, now: float) -> bool:
        """True the first time; from then on the key is seen. ``now`` is in seconds, from any origin."""
        with self._lock:
            self._drop_old(now)
            if key in self._keys:
                return False
            self._keys[key] = now
            if len(self._keys) > self._limit:
                self._keys.popitem(last=False)
            return True

    def forget(self, key: str) -> None:
        """Takes a key back whose request could not be dealt with after all."""
        with self._lock:
            self._keys.pop(key, None)

    def _drop_old(self, now: float) -> None:
        while self._keys and next(iter(self._keys.values())) < now - self._keep_seconds:
            self._keys.popitem(last=False)
