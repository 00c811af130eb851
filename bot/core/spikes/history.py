"""What somebody's active days of the last three months say about their next one."""

from __future__ import annotations

import math
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


class Usual(NamedTuple):
    """What somebody's active days are like: how many, the middle one, the spread above it, the largest.

    All but the number of days are logarithms of credits.
    """

    days: int
    centre: float
    spread: float
    largest: float


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
