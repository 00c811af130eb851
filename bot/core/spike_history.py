"""What somebody's active days of the last three months say about their next one."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
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


_CELLS = len(Recent._fields)


class Usual(NamedTuple):
    """What somebody's active days are like: how many, the middle one, the spread above it, the largest.

    All but the number of days are logarithms of credits.
    """

    days: int
    centre: float
    spread: float
    largest: float


class History:
    """One person's active days: small, because a company may have hundreds of thousands of these.

    Days without use say nothing about how much an active day takes, so weekends and leave never count.
    """

    __slots__ = ("_days", "_logs", "_recent")

    def __init__(self) -> None:
        self._days = array("i")
        self._logs = array("d")
        self._recent = array("d")

    @property
    def recent(self) -> list[Recent]:
        """The watched days of the last nine, the latest last."""
        cells = self._recent
        return [Recent(int(cells[at]), *cells[at + 1 : at + _CELLS]) for at in range(0, len(cells), _CELLS)]

    def usual(self, day: int) -> Usual | None:
        """Of the active days in the window before ``day``; None without any. Forgets older ones."""
        gone = bisect_left(self._days, day - WINDOW_DAYS)
        if gone:
            del self._days[:gone]
            del self._logs[:gone]
        return usual_of(sorted(self._logs)) if self._logs else None

    def add(self, day: int, log: float) -> None:
        """Take a day in, later than all before."""
        self._days.append(day)
        self._logs.append(log)

    def watch(self, latest: Recent) -> None:
        """Remember a day among the latest, and forget those that no longer are."""
        self._recent.extend(latest)
        while self._recent[0] <= latest.day - RECENT_DAYS:
            del self._recent[:_CELLS]


def usual_of(ordered: Sequence[float]) -> Usual:
    """Of logarithms, smallest first, at least one."""
    centre = middle(ordered)
    return Usual(len(ordered), centre, upward_spread(ordered, centre), ordered[-1])


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
