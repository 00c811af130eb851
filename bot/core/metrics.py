"""The arithmetic that answers share: what a ranking is by, change, share, streak."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import Literal, assert_never

from bot.core.models import Totals

ONE_DAY = timedelta(days=1)
WEEKDAYS = 5
"""Monday to Friday, which are 0 to 4 as Python counts them."""


class Metric(Enum):
    """What people can be ranked by; the value is the word that is typed."""

    CREDITS = "credits"
    THREADS = "threads"
    TURNS = "turns"
    TOKENS = "tokens"
    STREAK = "streak"


SummedMetric = Literal[Metric.CREDITS, Metric.THREADS, Metric.TURNS, Metric.TOKENS]
"""What can be read off a sum; a streak needs the days themselves."""


def value_of(metric: SummedMetric, totals: Totals) -> int:
    """What a ranking by ``metric`` compares; credits in millionths."""
    match metric:
        case Metric.CREDITS:
            return totals.credits_micro
        case Metric.THREADS:
            return totals.threads
        case Metric.TURNS:
            return totals.turns
        case Metric.TOKENS:
            return totals.total_tokens
        case _:
            assert_never(metric)


def change(now: int, before: int | None) -> Fraction | None:
    """The relative change, 1/4 for a quarter more; None where there is nothing to compare with."""
    if before is None or before == 0:
        return None
    return Fraction(now - before, before)


def share(part: int, whole: int) -> Fraction | None:
    """``part`` of ``whole``; None of nothing."""
    return Fraction(part, whole) if whole else None


def current_streak(active: Iterable[date], today: date) -> int:
    """Days in a row with activity that end today, or yesterday while today has none yet. All are UTC days.

    ``active`` are the days with activity, newest first, none after today; no more are taken than needed.
    """
    expected, length = today, 0
    for day in active:
        if length == 0 and day == today - ONE_DAY:
            expected = day
        if day != expected:
            break
        length, expected = length + 1, expected - ONE_DAY
    return length
