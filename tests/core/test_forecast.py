"""A forecast adds what days like these used before to what is used already, and says how sure it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.budgets.forecast import Forecast, build_forecast, is_worth_saying, straight_line
from bot.core.budgets.terms import Budget, Cycle, SaidKey, Scope, Unit, period_of
from tests.bench.months import table

FIRST = date(2026, 11, 1)
BUDGET = Budget(7, Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 2_000, (100,), 3, FIRST)
NOVEMBER = period_of(Cycle.MONTH, FIRST)
KNOWN_UNTIL = date(2026, 11, 15)  # a Sunday


def week_in_week_out(weekday: int = 100, weekend: int = 10, back: int = 28) -> dict[date, int]:
    """The same on each weekday and each day of a weekend."""
    days = [KNOWN_UNTIL - timedelta(days=n + 1) for n in range(back)]
    return {day: weekend if day.weekday() >= 5 else weekday for day in days}


def told(days: dict[date, int], budget: Budget = BUDGET, known_until: date = KNOWN_UNTIL) -> Forecast:
    found = build_forecast(budget, period_of(budget.cycle, known_until), days, known_until)
    assert found is not None
    return found


def test_regular_days_are_forecast_exactly() -> None:
    """1 to 14 November: 10 weekdays and 4 of weekends; 11 and 5 are to come."""
    found = told(week_in_week_out())
    assert found.expected_micro == found.low_micro == found.high_micro == 21 * 100 + 9 * 10
    assert (found.probability_over, found.likely_date) == (1.0, date(2026, 11, 27))
    assert found.key == SaidKey(7, 3, FIRST, None)
    assert straight_line(NOVEMBER, week_in_week_out(), KNOWN_UNTIL) == round(1_040 * 30 / 14)
    assert straight_line(NOVEMBER, {}, FIRST) is None


def test_a_budget_that_will_hold_has_no_likely_date() -> None:
    found = told(week_in_week_out(), replace(BUDGET, amount_micro=2_190))
    assert (found.probability_over, found.likely_date) == (0.0, None)


def test_a_budget_that_is_exceeded_already_is_exceeded_for_sure() -> None:
    found = told(week_in_week_out(), replace(BUDGET, amount_micro=1_000))
    assert (found.probability_over, found.likely_date) == (1.0, date(2026, 11, 14))
    noisy = week_in_week_out() | {KNOWN_UNTIL - timedelta(days=1): 3_000}
    assert told(noisy).probability_over == 1.0
    assert told(noisy).low_micro >= 3_000


def test_a_day_that_is_not_over_counts_with_what_it_has_at_least() -> None:
    low, high = (told(week_in_week_out() | {KNOWN_UNTIL: used}) for used in (5, 510))
    assert low.expected_micro == 2_190
    assert high.expected_micro == 2_690


def test_irregular_days_give_an_interval_by_hand() -> None:
    """Weekdays by turns 90 and 110 in such weeks that all add up alike: only days differ, by 100 * 20 / 19."""
    days = week_in_week_out(weekend=0)
    weekdays = sorted(day for day in days if days[day])
    for n, day in enumerate(weekdays):
        days[day] = 110 if (n // 2) % 2 else 90
    found = told(days, replace(BUDGET, amount_micro=10_000))
    assert found.low_micro < found.expected_micro < found.high_micro
    assert found.expected_micro - found.low_micro == pytest.approx(
        found.high_micro - found.expected_micro, abs=1
    )
    assert 0 <= found.probability_over < 0.001


def test_too_little_is_known_for_a_forecast() -> None:
    assert build_forecast(BUDGET, NOVEMBER, {}, KNOWN_UNTIL) is None
    assert build_forecast(BUDGET, NOVEMBER, week_in_week_out(back=4), KNOWN_UNTIL) is None
    assert build_forecast(BUDGET, NOVEMBER, week_in_week_out(), date(2026, 12, 1)) is None
    daily = replace(BUDGET, cycle=Cycle.DAY)
    assert build_forecast(daily, period_of(Cycle.DAY, KNOWN_UNTIL), week_in_week_out(), KNOWN_UNTIL) is None


def test_a_few_days_are_enough_where_weeks_cannot_be_compared() -> None:
    days = week_in_week_out(back=9) | {KNOWN_UNTIL - timedelta(days=2): 130}
    found = told(days, replace(BUDGET, cycle=Cycle.WEEK), KNOWN_UNTIL)
    assert found.period.since == date(2026, 11, 9)
    assert found.expected_micro == 100 * 4 + 130 + 10 + 10


@pytest.mark.parametrize(
    ("probability", "used", "day", "said", "expected"),
    [
        (0.8, 1_999, 5, False, True),
        (0.79, 1_999, 5, False, False),
        (0.8, 2_000, 5, False, False),
        (0.8, 1_999, 4, False, False),
        (0.8, 1_999, 5, True, False),
    ],
)
def test_a_forecast_is_said_once_when_it_is_likely_and_not_too_early(
    *, probability: float, used: int, day: int, said: bool, expected: bool
) -> None:
    found = Forecast(BUDGET, NOVEMBER, 2_500, 2_100, 2_900, probability, None)
    keys = {found.key} if said else set()
    assert is_worth_saying(found, used, FIRST.replace(day=day), keys) is expected


usage = st.lists(st.integers(0, 10**9), min_size=60, max_size=60)


@given(usage, st.integers(1, 29), st.integers(1, 10**10))
def test_forecasts_are_ordered_and_agree_with_themselves(amounts: list[int], past: int, budget: int) -> None:
    known_until = FIRST + timedelta(days=past)
    days = {known_until - timedelta(days=n): used for n, used in enumerate(amounts)}
    found = told(days, replace(BUDGET, amount_micro=budget), known_until)
    used = sum(days.get(day, 0) for day in NOVEMBER.days())
    assert used <= found.low_micro <= found.high_micro
    assert found.expected_micro >= used - 1
    assert 0 <= found.probability_over <= 1
    more = told(days, replace(BUDGET, amount_micro=budget * 2), known_until)
    assert more.probability_over <= found.probability_over
    assert (found.likely_date is not None) == (found.expected_micro > budget) or abs(
        found.expected_micro - budget
    ) <= 1
    assert told(days, replace(BUDGET, amount_micro=budget), known_until) == found


def test_forecasts_are_better_than_a_ruler_and_as_sure_as_they_say() -> None:
    """A short form of the table in the documents."""
    for score in table((8, 5_000), day=5, groups=8):
        assert score.error < 0.6 * score.straight_error
        assert 0.7 <= score.inside <= 0.97
        assert score.right_alarms >= 0.8 * score.alarms
