"""From which amount on a person's day stands out, given their history and the organisation's day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.spikes.history import Recent, Usual

LEAST_HISTORY = 3
"""Active days before somebody has a usual of their own."""
NEWCOMER_DAYS = 20
PULL_OF_OTHERS = 4
"""In somebody's first 20 active days the organisation's usual counts as so many days of theirs, upwards only:
whoever is learning rises towards what the others do."""
TRUST_IN_OTHERS = 30
"""The organisation's spread counts as so many days of somebody's own."""
NARROWEST, WIDEST = 0.45, 0.80
"""Limits of a person's spread: at normal sensitivity nobody is told of under about 4 times the usual, and
even the burstiest are from about 12 times."""
LEAST_RATIO = 3.0
"""Less than three times the expected is never told of, nor less than three times what others use of somebody new."""
QUIET_DISCOUNT = 0.8
"""On a day on which hardly anybody works, large use is rarely work: the bar is lower by so many spreads."""

SURGE_RATIO = 1.5
SURGE_SPREADS = 4.0
"""A surge is at least half as much again, and more where few people could have made it by chance."""
LEAST_FOR_SURGE = 15

CRITICAL_RATIO = 10
CRITICAL_FLOORS = 5

SHIFT_HISTORY = 25
LEAST_RECENT = 5
SHIFT_SPAN_DAYS = 6
SHIFT_FACTOR = 2.0
SHIFT_SPREADS = 4.0
SHIFT_FLOORS = 2.5

REMARKABLE = math.log(min(LEAST_RATIO, SHIFT_FACTOR))
"""Nearer to the expected nothing is ever told, nor cut off when it is learnt: most days need no closer look."""


@dataclass(frozen=True, slots=True)
class Day:
    """What the organisation's day means for each person; logarithms, and credits for ``floor``."""

    bar: float
    factor: float
    is_quiet: bool
    floor: float
    spread: float
    typical: float | None
    entry: float | None

    def surge_bar(self, people: int) -> float:
        """From which factor on a day of so many settled people is told as the organisation's."""
        return max(math.log(SURGE_RATIO), SURGE_SPREADS * self.spread / math.sqrt(max(people, 1)))


class Limits(NamedTuple):
    """What is expected of somebody on a day, and from where on the day stands out, as logarithms."""

    expected: float
    least: float
    spread: float


def expected_log(day: Day, days: int, centre: float) -> float:
    """What is expected of somebody with so many active days and such a middle one; infinite where nothing is told."""
    if days < LEAST_HISTORY:
        return math.inf if day.entry is None or day.typical is None else day.typical + day.factor
    return _pulled(day, days, centre) + day.factor


def limits(day: Day, usual: Usual) -> Limits:
    """For somebody with a usual of their own."""
    count = usual.days
    expected = expected_log(day, count, usual.centre)
    shared = (TRUST_IN_OTHERS * day.spread**2 + count * usual.spread**2) / (TRUST_IN_OTHERS + count)
    spread = min(max(math.sqrt(shared), NARROWEST), WIDEST) * math.sqrt(1 + 1 / count)
    bar = day.bar - QUIET_DISCOUNT if day.is_quiet else day.bar
    return Limits(expected, expected + max(bar * spread, math.log(LEAST_RATIO)), spread)


def newcomer_limits(day: Day, usual: Usual | None) -> Limits | None:
    """For somebody with fewer days, or none; None while the organisation itself is too new."""
    if day.entry is None or day.typical is None:
        return None
    least = max(day.entry, day.typical + math.log(LEAST_RATIO)) + day.factor
    if usual is not None:
        least = max(least, usual.largest + math.log(LEAST_RATIO))
    return Limits(day.typical + day.factor, least, day.spread)


def is_critical(ratio: float, excess: float, floor: float) -> bool:
    """Whether somebody should look today."""
    return ratio >= CRITICAL_RATIO or excess >= CRITICAL_FLOORS * floor


def is_surge(day: Day, people: int) -> bool:
    """Whether the organisation as a whole is told of, rather than each of so many people."""
    return people >= LEAST_FOR_SURGE and not day.is_quiet and day.factor >= day.surge_bar(people)


def is_shift(recent: Sequence[Recent], history: int, spread: float, floor: float) -> bool:
    """Whether somebody's level has changed: for a week, all active days but one at least double the usual.

    ``recent`` are the active days of the last nine, today the last. Together they must be far beyond
    chance, and worth two and a half floors.
    """
    count = len(recent)
    if count < LEAST_RECENT or history < SHIFT_HISTORY or recent[-1].day - recent[0].day < SHIFT_SPAN_DAYS:
        return False
    above = sorted(one.above for one in recent)
    excess = sum(one.credits - one.expected for one in recent)
    return (
        above[1] >= math.log(SHIFT_FACTOR)
        and sum(above) / count >= SHIFT_SPREADS * spread / math.sqrt(count)
        and excess >= SHIFT_FLOORS * floor
    )


def _pulled(day: Day, days: int, centre: float) -> float:
    if day.typical is None or days >= NEWCOMER_DAYS or day.typical <= centre:
        return centre
    return (days * centre + PULL_OF_OTHERS * day.typical) / (days + PULL_OF_OTHERS)
