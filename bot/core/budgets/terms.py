"""Budgets: what they are, over which days they run, and which of their thresholds have been crossed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple, assert_never

from bot.core.periods import DAY, Period

WHOLE_PERCENT = 100


class Scope(StrEnum):
    """Whose usage a budget limits. `PERSON` is the default for each person alone, and has no name."""

    ORGANISATION = "organisation"
    DEPARTMENT = "department"
    TEAM = "team"
    COST_CENTER = "cost_center"
    PERSON = "person"

    @property
    def is_group(self) -> bool:
        """True for what has a name in the roster."""
        return self in {Scope.DEPARTMENT, Scope.TEAM, Scope.COST_CENTER}


class Cycle(StrEnum):
    """How often a budget begins anew, in UTC days; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Unit(StrEnum):
    """What a budget counts. Dollars are what the credits cost; they are never added to credits."""

    CREDITS = "credits"
    USD = "usd"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a budget says. ``amount_micro`` is in millionths of the unit, ``thresholds`` are percents, ascending."""

    scope: Scope
    name: str | None
    cycle: Cycle
    unit: Unit
    amount_micro: int
    thresholds: tuple[int, ...]

    @property
    def about(self) -> tuple[Scope, str | None, Cycle, Unit]:
        """What no two budgets share."""
        return self.scope, self.name, self.cycle, self.unit


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget in force. Each edit makes another ``version``, in force from the UTC day ``since`` on."""

    id: int
    scope: Scope
    name: str | None
    cycle: Cycle
    unit: Unit
    amount_micro: int
    thresholds: tuple[int, ...]
    version: int
    since: date

    @property
    def terms(self) -> Terms:
        """What it says."""
        return Terms(self.scope, self.name, self.cycle, self.unit, self.amount_micro, self.thresholds)

    @property
    def first_alarm_micro(self) -> int:
        """The least use that crosses any threshold."""
        return -(-self.amount_micro * self.thresholds[0] // WHOLE_PERCENT)


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """Who changed a budget, and when (UTC). ``before`` is None for a new one, ``after`` for one that was removed."""

    budget: int
    version: int
    at: datetime
    by: str
    before: Terms | None
    after: Terms | None


class SaidKey(NamedTuple):
    """What is said once: a threshold (percent) or, with None in its place, the forecast of a version and period.

    ``since`` is the first day of the period, ``subject`` the person's address for `Scope.PERSON`.
    """

    budget: int
    version: int
    since: date
    threshold: int | None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Crossing:
    """A threshold that has been reached. ``used_micro`` is the use so far, ``at`` the UTC day that reached it."""

    budget: Budget
    period: Period
    threshold: int
    used_micro: int
    at: date
    subject: str | None = None

    @property
    def key(self) -> SaidKey:
        """What is said once."""
        return SaidKey(self.budget.id, self.budget.version, self.period.since, self.threshold, self.subject)


@dataclass(frozen=True, slots=True)
class Use:
    """What was used by day, in millionths of the budget's unit; ``subject`` as in `Crossing`."""

    days: Mapping[date, int]
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How the use stands to the calendar: both are parts of the whole, 1 when all is used or all days are over."""

    used: Fraction
    elapsed: Fraction

    @property
    def ahead(self) -> Fraction:
        """How far the use is ahead of the calendar; negative where it is behind."""
        return self.used - self.elapsed


def period_of(cycle: Cycle, day: date) -> Period:
    """The whole day, week or month that holds the day, days to come included."""
    match cycle:
        case Cycle.DAY:
            return Period(day, day + DAY)
        case Cycle.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + timedelta(days=7))
        case Cycle.MONTH:
            first = day.replace(day=1)
            return Period(first, first + timedelta(days=monthrange(day.year, day.month)[1]))
        case _:
            assert_never(cycle)


def open_periods(budget: Budget, today: date) -> tuple[Period, ...]:
    """The periods in which a threshold can still be crossed: this one, and the last for late corrections.

    One that ended before this version was in force is none of its business.
    """
    current = period_of(budget.cycle, today)
    last = period_of(budget.cycle, current.since - DAY)
    return (last, current) if last.until > budget.since else (current,)


def evaluate(
    budget: Budget, period: Period, uses: Iterable[Use], said: Collection[SaidKey] = frozenset()
) -> tuple[Crossing, ...]:
    """The thresholds that the uses have reached and that were not said, in the order of the uses.

    What was said stays said when a correction takes the use back below the threshold, and is not said again
    when it rises once more.
    """
    return tuple(
        crossing for use in uses for crossing in _crossings(budget, period, use) if crossing.key not in said
    )


def pace(budget: Budget, period: Period, used_micro: int, today: date) -> Pace:
    """How the use stands to the calendar, today counting as a whole day."""
    elapsed = min(max((today - period.since).days + 1, 0), period.length)
    return Pace(Fraction(used_micro, budget.amount_micro), Fraction(elapsed, period.length))


def _crossings(budget: Budget, period: Period, use: Use) -> Iterator[Crossing]:
    inside = sorted(day for day in use.days if period.since <= day < period.until)
    used = sum(use.days[day] for day in inside)
    for threshold in budget.thresholds:
        if used * WHOLE_PERCENT < budget.amount_micro * threshold:
            return
        at = _reached_on(use.days, inside, Fraction(budget.amount_micro * threshold, WHOLE_PERCENT))
        yield Crossing(budget, period, threshold, used, at, use.subject)


def _reached_on(days: Mapping[date, int], inside: Sequence[date], limit: Fraction) -> date:
    so_far = accumulate(days[day] for day in inside)
    return next(day for day, used in zip(inside, so_far, strict=True) if used >= limit)
