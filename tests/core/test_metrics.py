"""The arithmetic that answers share."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.metrics import Metric, SummedMetric, change, current_streak, share, value_of
from bot.core.models import Totals

TODAY = date(2026, 11, 22)


def newest_first(days: set[date]) -> list[date]:
    return sorted(days, reverse=True)


EXACT = settings(derandomize=True, deadline=None, max_examples=100)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (125, 100, Fraction(1, 4)),
        (0, 100, Fraction(-1)),
        (100, 100, Fraction(0)),
        (1, 3, Fraction(-2, 3)),
        (5, 0, None),
        (0, 0, None),
        (5, None, None),
    ],
)
def test_change(now: int, before: int | None, expected: Fraction | None) -> None:
    assert change(now, before) == expected


def test_share_of_nothing_is_unknown() -> None:
    assert share(14, 17) == Fraction(14, 17)
    assert share(0, 0) is None


@pytest.mark.parametrize(
    ("metric", "value"), [(Metric.CREDITS, 4), (Metric.THREADS, 2), (Metric.TURNS, 3), (Metric.TOKENS, 9)]
)
def test_value_of(metric: SummedMetric, value: int) -> None:
    totals = Totals(rows=1, threads=2, turns=3, credits_micro=4, uncached_input_tokens=5, total_tokens=9)

    assert value_of(metric, totals) == value


@pytest.mark.parametrize(
    ("ago", "streak"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),
        ([2], 0),
        ([0, 1, 2, 4], 3),
        ([1, 2, 3], 3),
    ],
)
def test_current_streak(ago: list[int], streak: int) -> None:
    """Today counts once there is activity, and does not break a streak before."""
    assert current_streak([TODAY - timedelta(days=n) for n in sorted(ago)], TODAY) == streak


def test_no_more_days_are_looked_up_than_the_streak_needs() -> None:
    active = iter(TODAY - timedelta(days=n) for n in (1, 2, 5, 6, 7))

    assert current_streak(active, TODAY) == 2
    assert next(active) == TODAY - timedelta(days=6)


@EXACT
@given(st.sets(st.integers(0, 12)))
def test_a_streak_grows_by_one_with_each_day_and_never_passes_the_days_there_are(ago: set[int]) -> None:
    active = {TODAY - timedelta(days=n) for n in ago}
    tomorrow = TODAY + timedelta(days=1)

    streak = current_streak(newest_first(active), TODAY)
    with_today = current_streak(newest_first(active | {TODAY}), TODAY)

    assert streak <= len(active)
    assert with_today == streak + (TODAY not in active)
    assert current_streak(newest_first(active | {TODAY, tomorrow}), tomorrow) == with_today + 1


@EXACT
@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_change_leads_back_to_where_it_came_from(now: int, before: int) -> None:
    relative = change(now, before)

    assert relative is not None
    assert before * (1 + relative) == now
