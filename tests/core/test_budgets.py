"""Thresholds are said once a period and version, whatever is corrected later; periods are whole UTC days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.budgets.terms import (
    Budget,
    Crossing,
    Cycle,
    Pace,
    SaidKey,
    Scope,
    Terms,
    Unit,
    Use,
    evaluate,
    open_periods,
    pace,
    period_of,
)
from bot.core.periods import Period

FIRST = date(2026, 11, 1)
NOVEMBER = Period(FIRST, date(2026, 12, 1))
BUDGET = Budget(7, Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 1_000, (50, 80, 100), 1, FIRST)


def on(day: int) -> date:
    return FIRST.replace(day=day)


def crossed(days: dict[date, int], said: set[SaidKey] | None = None) -> list[tuple[int, int, int]]:
    found = evaluate(BUDGET, NOVEMBER, [Use(days)], said or set())
    return [(one.threshold, one.used_micro, one.at.day) for one in found]


def test_a_threshold_is_crossed_on_the_day_that_reaches_it() -> None:
    days = {on(1): 300, on(2): 199, on(3): 1, on(9): 299}
    assert crossed(days) == [(50, 799, 3)]
    assert crossed(days | {on(9): 300}) == [(50, 800, 3), (80, 800, 9)]
    assert crossed({on(4): 5_000}) == [(50, 5_000, 4), (80, 5_000, 4), (100, 5_000, 4)]
    assert crossed({}) == []


def test_days_outside_the_period_do_not_count() -> None:
    assert crossed({FIRST - timedelta(days=1): 9_999, date(2026, 12, 1): 9_999, on(30): 499}) == []


def test_what_was_said_stays_said_when_a_correction_takes_it_back() -> None:
    first = evaluate(BUDGET, NOVEMBER, [Use({on(3): 850})])
    said = {crossing.key for crossing in first}
    assert {key.threshold for key in said} == {50, 80}
    assert crossed({on(3): 400}, said) == []
    assert crossed({on(3): 850}, said) == []
    assert crossed({on(3): 1_000}, said) == [(100, 1_000, 3)]


def test_an_edit_or_another_period_arms_a_budget_again() -> None:
    said = {crossing.key for crossing in evaluate(BUDGET, NOVEMBER, [Use({on(3): 850})])}
    edited = replace(BUDGET, version=2)
    assert len(evaluate(edited, NOVEMBER, [Use({on(3): 850})], said)) == 2
    december = period_of(Cycle.MONTH, date(2026, 12, 5))
    assert len(evaluate(BUDGET, december, [Use({date(2026, 12, 2): 850})], said)) == 2


def test_a_budget_for_each_person_applies_to_everybody_alone() -> None:
    each = replace(BUDGET, scope=Scope.PERSON, name=None, thresholds=(100,))
    uses = [Use({on(2): 600}, "carol@example.com"), Use({on(2): 1_000}, "dan@example.com")]
    found = evaluate(each, NOVEMBER, uses)
    assert found == (Crossing(each, NOVEMBER, 100, 1_000, on(2), "dan@example.com"),)
    assert found[0].key == SaidKey(7, 1, FIRST, 100, "dan@example.com")


def test_periods_are_whole_days_weeks_from_monday_and_months() -> None:
    wednesday = date(2026, 11, 25)
    assert period_of(Cycle.DAY, wednesday) == Period(wednesday, date(2026, 11, 26))
    assert period_of(Cycle.WEEK, wednesday) == Period(date(2026, 11, 23), date(2026, 11, 30))
    assert period_of(Cycle.MONTH, date(2028, 2, 29)) == Period(date(2028, 2, 1), date(2028, 3, 1))


def test_the_last_period_is_judged_for_late_corrections_unless_the_budget_is_newer() -> None:
    october = period_of(Cycle.MONTH, date(2026, 10, 9))
    assert open_periods(replace(BUDGET, since=date(2026, 10, 31)), on(9)) == (october, NOVEMBER)
    assert open_periods(BUDGET, on(9)) == (NOVEMBER,)


def test_the_pace_compares_the_use_with_the_calendar() -> None:
    assert pace(BUDGET, NOVEMBER, 600, on(15)) == Pace(Fraction(3, 5), Fraction(1, 2))
    assert pace(BUDGET, NOVEMBER, 600, on(15)).ahead == Fraction(1, 10)
    assert pace(BUDGET, NOVEMBER, 0, date(2026, 12, 24)).elapsed == 1
    assert pace(BUDGET, NOVEMBER, 0, date(2026, 10, 24)).elapsed == 0


def test_the_first_alarm_is_the_least_use_that_crosses_anything() -> None:
    odd = replace(BUDGET, amount_micro=1_001, thresholds=(33, 100))
    assert odd.first_alarm_micro == 331
    assert odd.terms == Terms(Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 1_001, (33, 100))
    assert [scope.is_group for scope in Scope] == [False, True, True, True, False]


amounts = st.dictionaries(st.integers(1, 30).map(on), st.integers(0, 1_500), max_size=8)


@given(st.lists(amounts, min_size=1, max_size=8), st.sets(st.integers(1, 1_000), min_size=1, max_size=5))
def test_no_correction_ever_makes_anything_be_said_twice(
    readings: list[dict[date, int]], percents: set[int]
) -> None:
    budget = replace(BUDGET, thresholds=tuple(sorted(percents)))
    said: list[SaidKey] = []
    for days in readings:
        said += [crossing.key for crossing in evaluate(budget, NOVEMBER, [Use(days)], said)]
    assert len(said) == len(set(said))
    highest = max(sum(days.values()) for days in readings)
    assert {key.threshold for key in said} == {t for t in percents if highest * 100 >= 1_000 * t}


@given(amounts, st.integers(1, 3_000))
def test_a_crossing_is_dated_to_the_first_day_that_reaches_it(days: dict[date, int], amount: int) -> None:
    budget = replace(BUDGET, amount_micro=amount)
    for one in evaluate(budget, NOVEMBER, [Use(days)]):
        limit = amount * one.threshold
        until = {day: 100 * sum(used for each, used in days.items() if each <= day) for day in days}
        assert until[one.at] >= limit
        assert all(so_far < limit for day, so_far in until.items() if day < one.at)
        assert one.used_micro == sum(days.values()) >= budget.first_alarm_micro


@pytest.mark.parametrize("cycle", list(Cycle))
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_day_lies_in_exactly_its_own_period(cycle: Cycle, day: date) -> None:
    period = period_of(cycle, day)
    assert period.since <= day < period.until
    assert {period_of(cycle, each) for each in period.days()} == {period}
