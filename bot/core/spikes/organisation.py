"""What a day of the whole organisation says about each of its people: a surge that all share, a quiet day,
how widely days usually spread, and how large an active day is at all.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from bot.core.spikes.history import quantile

REMEMBERED_DAYS = 28
SAMPLE = 100
"""Values kept of a day, evenly over its sorted values; a sample that does not depend on anybody's name."""
LEAST_POOL = 30
"""Fewer values say nothing."""

USUAL_SPREAD = 0.6
"""Until the organisation's own is known: days mostly lie within half and twice the usual."""
ONE_SPREAD = 0.8413
"""So much of a normal distribution lies below one standard deviation above the middle."""
UPPER_PART, UPPER_SPREADS = 0.8, 0.8416
"""The fifth that rose most, and where it lies when nothing happened, in standard deviations."""
LEAST_FOR_FACTOR = 10
LARGEST_FACTOR = math.log(3)
"""Beyond it a surge no longer excuses anybody."""
ENTRY_PART = 0.90
"""A newcomer's day is large when only one in ten of everybody's is larger."""
QUIET_PART = 0.5
"""A day with less than this part of the usual number of people, as weekends and holidays are."""
LEAST_DAYS = 7


class Sample(NamedTuple):
    """What is kept of everybody's day: how many used anything, the credits, and some values of all, sorted.

    ``logs`` are logarithms of credits, ``above`` how far settled people were above their own usual; both, and the
    credits, without what the day did to everybody.
    """

    people: int
    credits: float
    logs: tuple[float, ...]
    above: tuple[float, ...]


def sample_of(logs: Sequence[float], above: Sequence[float]) -> Sample:
    """Of all values of a day, sorted."""
    return Sample(len(logs), sum(map(math.exp, logs)), _some(logs), _some(above))


class Organisation:
    """The last four weeks of everybody, in a few thousand numbers however many people there are.

    It is what its days are, and remembers nothing else.
    """

    def __init__(self) -> None:
        self._days: deque[tuple[int, Sample]] = deque(maxlen=REMEMBERED_DAYS)
        self._pool: list[float] = []
        self.spread = USUAL_SPREAD
        """How widely people's days spread around their own usual, as a standard deviation of logarithms."""

    @property
    def month_credits(self) -> float:
        """What the remembered days took together."""
        return sum(sample.credits for _, sample in self._days)

    @property
    def typical_log(self) -> float | None:
        """The logarithm of the middle active day of everybody; None while too few are known."""
        return quantile(self._pool, 0.5) if len(self._pool) >= LEAST_POOL else None

    @property
    def entry_log(self) -> float | None:
        """From where on a newcomer's day is large; None while too little is known."""
        if len(self._pool) < LEAST_POOL or len(self._days) < LEAST_DAYS:
            return None
        return quantile(self._pool, ENTRY_PART)

    def is_quiet(self, people: int) -> bool:
        """True on a day on which far fewer people than usual use anything."""
        if len(self._days) < LEAST_DAYS:
            return False
        return people < QUIET_PART * quantile(sorted(sample.people for _, sample in self._days), 0.5)

    def factor(self, above: Sequence[float]) -> float:
        """By how much a day lifts everybody, as a logarithm; ``above`` are people's own, sorted.

        The larger of what the middle person and the fifth that rose most tell, because not everybody takes
        part in a hackathon.
        """
        if len(above) < LEAST_FOR_FACTOR:
            return 0.0
        upper = quantile(above, UPPER_PART) - UPPER_SPREADS * self.spread
        return min(max(quantile(above, 0.5), upper, 0.0), LARGEST_FACTOR)

    def forget(self, before: int) -> None:
        """Leave out the days before this one."""
        if self._days and self._days[0][0] < before:
            while self._days and self._days[0][0] < before:
                self._days.popleft()
            self._measure()

    def add(self, day: int, sample: Sample) -> None:
        """Take a day in, later than all before."""
        if sample.people:
            self._days.append((day, sample))
            self._measure()

    def _measure(self) -> None:
        self._pool = sorted(log for _, sample in self._days for log in sample.logs)
        known = sorted(value for _, sample in self._days for value in sample.above)
        enough = len(known) >= LEAST_POOL
        self.spread = quantile(known, ONE_SPREAD) - quantile(known, 0.5) if enough else USUAL_SPREAD


def _some(ordered: Sequence[float]) -> tuple[float, ...]:
    if len(ordered) <= SAMPLE:
        return tuple(ordered)
    return tuple(quantile(ordered, (place + 0.5) / SAMPLE) for place in range(SAMPLE))
