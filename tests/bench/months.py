"""``python -m tests.bench.months``: how well months are forecast, as the table of docs/budgets.md.

The months are invented: groups of some people who work on weekdays and some weekends, whose days differ by a
factor that is skewed to the right, whose weeks go up and down together, and who grow or shrink over the year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from random import Random
from statistics import fmean

from bot.core.budgets.forecast import LIKELY, LOOK_BACK_DAYS, build_forecast, straight_line
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit, period_of
from bot.core.models import MICRO

SIZES = (1, 8, 100, 5_000)
LOOKED_AT = (5, 10, 15, 20, 25)
FIRST = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class Score:
    """What was measured of the months of groups of one size, looked at on one day."""

    people: int
    day: int
    inside: float
    error: float
    straight_error: float
    alarms: int
    right_alarms: int
    exceeded: int


def draw_days(people: int, seed: int, length: int = 365) -> dict[date, int]:
    """A group's use by day, in millionths of a credit."""
    random = Random(seed)
    growth = random.uniform(-0.002, 0.004)
    active, weekend = random.uniform(0.3, 0.8), random.uniform(0.02, 0.2)
    days: dict[date, int] = {}
    week = 1.0
    for n in range(length):
        day = FIRST + timedelta(days=n)
        if day.weekday() == 0:
            week = exp(random.gauss(0, 0.12))
        chance = weekend if day.weekday() >= 5 else active
        mean = 12 * week * exp(growth * n) * exp(random.gauss(0, 0.1))
        days[day] = round(MICRO * mean * _spent(random, people, chance))
    return days


def measure(size: int, day: int, groups: int) -> Score:
    """The months of so many groups, each forecast on that day of the month, against a budget drawn around them."""
    looks = [look for seed in range(groups) for look in _looks(size, day, seed)]
    wrong = [abs(expected - total) / total for expected, _, total, *_ in looks]
    straight = [abs(line - total) / total for _, line, total, *_ in looks]
    alarms = [over for *_, over, is_alarm in looks if is_alarm]
    return Score(
        size,
        day,
        fmean(inside for _, _, _, inside, *_ in looks),
        fmean(wrong),
        fmean(straight),
        len(alarms),
        sum(alarms),
        sum(over for *_, over, _ in looks),
    )


def main(groups: int = 60) -> None:
    """Print the table."""
    print(
        "| people | forecast on day | total inside the 80 % interval | mean error | straight line | alarms, right |"
    )
    print("|---|---|---|---|---|---|")
    for size in SIZES:
        for day in LOOKED_AT:
            score = measure(size, day, groups)
            print(
                f"| {size:,} | {day} | {score.inside:.0%} | {score.error:.1%} | {score.straight_error:.1%} "
                f"| {score.alarms}, {score.right_alarms / max(score.alarms, 1):.0%} of {score.exceeded} |"
            )


def _spent(random: Random, people: int, chance: float) -> float:
    """The sum of what each active person used; of many people a normal draw is as good."""
    if people <= 100:
        return sum(random.lognormvariate(-0.5, 1.0) for _ in range(people) if random.random() < chance)
    spread = (people * chance * (2.72 - chance)) ** 0.5
    return max(0.0, people * chance + random.gauss(0, spread))


def _looks(size: int, day: int, seed: int) -> Iterator[tuple[float, float, float, bool, bool, bool]]:
    """Expected, straight line, total; whether it lay inside, was over the budget, and an alarm was due."""
    days, random = draw_days(size, seed), Random(seed)
    for month in range(3, 13):
        period = period_of(Cycle.MONTH, date(FIRST.year, month, 1))
        total = sum(days[each] for each in period.days())
        amount = max(round(total * random.uniform(0.7, 1.3)), 1)
        budget = Budget(1, Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, amount, (100,), 1, FIRST)
        known = {each: used for each, used in days.items() if _is_known(each, period.since, day)}
        known_until = period.since + timedelta(days=day - 1)
        found, line = (
            build_forecast(budget, period, known, known_until),
            straight_line(period, known, known_until),
        )
        if total == 0 or found is None or line is None:
            continue
        is_inside = found.low_micro <= total <= found.high_micro
        is_alarm = found.probability_over >= LIKELY
        yield found.expected_micro, line, total, is_inside, total > amount, is_alarm


def _is_known(day: date, first: date, looked_at: int) -> bool:
    known_until = first + timedelta(days=looked_at - 1)
    return known_until - timedelta(days=LOOK_BACK_DAYS + looked_at) <= day < known_until


def table(sizes: Sequence[int], day: int, groups: int) -> list[Score]:
    """One score a size."""
    return [measure(size, day, groups) for size in sizes]


if __name__ == "__main__":
    main()
