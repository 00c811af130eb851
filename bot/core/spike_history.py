"""What somebody's active days of the last three months say about their next one."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

WINDOW_DAYS = 90
"""How far back the usual is looked for. Half of it misses how bursty somebody is; all of it hardly lags."""

RECENT_DAYS = 9
"""How far back a lasting change is looked for."""


class Recent(NamedTuple):
    """One of the latest active days. ``above`` is the logarithm of its factor over the usual."""

    day: int
    above: float
    credits: float
    expected: float


class History:
    """One person's active days: small, because a company may have hundreds of thousands of these.

    Days without use say nothing about how much an active day takes, so weekends and leave never count.
    """

    __slots__ = ("_days", "_logs", "recent")

    def __init__(self) -> None:
        self._days = array("i")
        self._logs = array("d")
        self.recent: deque[Recent] = deque()

    def sorted_logs(self, day: int) -> list[float]:
        """Logarithms of the credits of the active days in the window before ``day``, smallest first."""
        gone = bisect_left(self._days, day - WINDOW_DAYS)
        if gone:
            del self._days[:gone]
            del self._logs[:gone]
        return sorted(self._logs)

    def add(self, day: int, log: float) -> None:
        """Take a day in, later than all before."""
        self._days.append(day)
        self._logs.append(log)

    def watch(self, latest: Recent) -> None:
        """Remember a day among the latest, and forget those that no longer are."""
        self.recent.append(latest)
        while self.recent[0].day <= latest.day - RECENT_DAYS:
            self.recent.popleft()


def middle(ordered: Sequence[float]) -> float:
    """The median of what is sorted already."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value that ``part`` of the sorted values lie below, between two of them in proportion."""
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def upward_spread(ordered: Sequence[float], centre: float) -> float:
    """How far the larger days usually lie above the middle one: the root of their mean square.

    Of normally spread values it is the standard deviation. Small days do not matter: nobody runs away
    downwards.
    """
    larger = ordered[bisect_left(ordered, centre) :]
    return math.sqrt(sum((log - centre) ** 2 for log in larger) / len(larger))
