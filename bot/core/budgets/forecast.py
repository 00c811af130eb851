"""Where the use of a period will probably end, and when it will have passed its budget."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import NormalDist, fmean, variance

from bot.core.budgets.terms import Budget, Cycle, SaidKey
from bot.core.periods import DAY, Period

LOOK_BACK_DAYS = 28
LIKELY = 0.8
"""From this probability of exceeding the budget on, a forecast is worth an alert."""

INTERVAL = 0.8
"""The probability that the total lies between ``low_micro`` and ``high_micro``."""

FIRST_DAY = {Cycle.WEEK: 3, Cycle.MONTH: 5}
"""The day of the period from which on a forecast may be said; a day's end cannot be told from its days."""

DRIVERS = 3
_WEEKEND = 5
_FEWEST = 2
_WEEK_DAYS = 7
_FEW_WEEKS = (1.638 / 1.282) ** 2
"""Four weeks tell little of how weeks differ: the 90 % points of Student's t with 3 degrees and of the normal."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A part of a budget's use: a team, a person or a surface, and what it used in the period."""

    label: str
    used_micro: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The total of a period as far as it can be told; ``likely_date`` is None where the budget will hold.

    ``drivers`` are up to three, largest first; whoever reads what the reader may see puts them in.
    """

    budget: Budget
    period: Period
    expected_micro: int
    low_micro: int
    high_micro: int
    probability_over: float
    likely_date: date | None
    drivers: tuple[Driver, ...] = ()

    @property
    def key(self) -> SaidKey:
        """What is said once."""
        return SaidKey(self.budget.id, self.budget.version, self.period.since, None)


def build_forecast(
    budget: Budget, period: Period, days: Mapping[date, int], known_until: date
) -> Forecast | None:
    """The forecast from what was used by day; None where too few days are known, or none are to come.

    ``days`` reach back `LOOK_BACK_DAYS` before ``known_until``, the UTC day after the last complete one, and
    have an entry for each day that was read. What is used already on later days counts as the least of them.
    Each day to come is expected to be like its class, weekday or weekend, was in the look-back.
    """
    ahead = [day for day in period.days() if day >= known_until]
    back = _classes(days, known_until)
    if (
        budget.cycle not in FIRST_DAY
        or not ahead
        or any(len(back[_is_weekend(day)]) < _FEWEST for day in ahead)
    ):
        return None
    means = {kind: fmean(values) for kind, values in back.items() if values}
    settled = sum(days.get(day, 0) for day in period.days() if day < known_until)
    expected = {day: max(means[_is_weekend(day)], float(days.get(day, 0))) for day in ahead}
    used = sum(days.get(day, 0) for day in period.days())
    total = settled + sum(expected.values())
    spread = sqrt(_daily_variance(back, ahead) + _weekly_variance(days, known_until, means, len(ahead)))
    low, high, over = _told(total, spread, used, budget.amount_micro)
    passed = _passing_day(settled, expected, budget.amount_micro)
    return Forecast(budget, period, round(total), low, high, over, passed)


def may_be_said(forecast: Forecast, today: date) -> bool:
    """True once enough of the period is over to tell of it unasked."""
    return (today - forecast.period.since).days + 1 >= FIRST_DAY[forecast.budget.cycle]


def is_worth_saying(forecast: Forecast, used_micro: int, today: date, said: Collection[SaidKey]) -> bool:
    """True once a version and period, when the budget will probably be exceeded and is not exceeded yet."""
    return (
        forecast.probability_over >= LIKELY
        and may_be_said(forecast, today)
        and used_micro < forecast.budget.amount_micro
        and forecast.key not in said
    )


def straight_line(period: Period, days: Mapping[date, int], known_until: date) -> int | None:
    """What a ruler says: so far, times the days of the period by the complete days so far."""
    past = [day for day in period.days() if day < known_until]
    return round(sum(days.get(day, 0) for day in past) * period.length / len(past)) if past else None


def _classes(days: Mapping[date, int], known_until: date) -> dict[bool, list[int]]:
    found: dict[bool, list[int]] = {False: [], True: []}
    for n in range(LOOK_BACK_DAYS):
        day = known_until - timedelta(days=n + 1)
        if day in days:
            found[_is_weekend(day)].append(days[day])
    return found


def _daily_variance(back: Mapping[bool, Sequence[int]], ahead: Sequence[date]) -> float:
    """Of the sum of days that are drawn anew, and of the means that they are drawn around."""
    total = 0.0
    for kind, values in back.items():
        count = sum(_is_weekend(day) is kind for day in ahead)
        if count:
            total += variance(values) * count * (1 + count / len(values))
    return total


def _weekly_variance(
    days: Mapping[date, int], known_until: date, means: Mapping[bool, float], count: int
) -> float:
    """The same by whole weeks: days of one week go up and down together, and weeks drift."""
    weeks = []
    for back in range(LOOK_BACK_DAYS // _WEEK_DAYS):
        week = [known_until - timedelta(days=back * _WEEK_DAYS + n + 1) for n in range(_WEEK_DAYS)]
        if all(day in days for day in week):
            weeks.append(sum(days[day] - means[_is_weekend(day)] for day in week))
    if len(weeks) < _FEWEST:
        return 0.0
    length = count / _WEEK_DAYS
    return _FEW_WEEKS * variance(weeks) * length * (1 + length / len(weeks))


def _told(total: float, spread: float, used: int, amount: int) -> tuple[int, int, float]:
    """Low and high end, never below what is used already, and the probability of more than the amount."""
    if spread == 0:
        low = high = total
        over = float(total > amount)
    else:
        normal = NormalDist(total, spread)
        low, high = normal.inv_cdf((1 - INTERVAL) / 2), normal.inv_cdf((1 + INTERVAL) / 2)
        over = 1 - normal.cdf(amount)
    return max(round(low), used), max(round(high), used), 1.0 if used > amount else over


def _passing_day(settled: int, expected: Mapping[date, float], amount: int) -> date | None:
    """The first day by whose end more than the amount is used; the last complete day where it is already."""
    so_far = float(settled)
    if so_far > amount:
        return min(expected) - DAY
    for day, more in expected.items():
        so_far += more
        if so_far > amount:
            return day
    return None


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _WEEKEND
