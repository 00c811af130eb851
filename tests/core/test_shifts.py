"""Lasting changes: worked out by hand, and against the cool-down that decides what would be told of whole days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation
from bot.core.spikes.cooldown import Cooldown
from bot.core.spikes.findings import Finding, Kind, Severity
from bot.core.spikes.shifts import Shift, ShiftChange, follow_shifts

ANA = "ana@example.com"
MONDAY = date(2026, 11, 2)


def day(after: int) -> date:
    return MONDAY + timedelta(days=after)


def finding(after: int, spent: int = 240, email: str | None = ANA, active_days: int = 5) -> Finding:
    """Certain on that day, for seven days; 80 credits would be usual on each of the active ones."""
    amounts = (spent * active_days * MICRO, 80 * active_days * MICRO, 160 * active_days * MICRO)
    return Finding(day(after), email, Kind.SHIFT, Severity.WARNING, *amounts, active_days, day(after - 7))


def shift(found: int, last: int | None = None, noticed: int | None = None, **changes: int) -> Shift:
    """As the finding tells it, noticed on the day after."""
    seen_on = day(found + 1 if noticed is None else noticed)
    made = Shift(
        ANA,
        day(found - 7),
        day(found),
        day(found if last is None else last),
        80 * MICRO,
        240 * MICRO,
        seen_on,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # amounts alone


def follow(
    kept: Shift | None, findings: Iterable[Finding], today: int, planned: tuple[Expectation, ...] = ()
) -> Shift | None:
    """How it stands after an evaluation on that day, of the seven days before and the day itself."""
    judged = Period(day(today - 7), day(today + 1))
    known = {} if kept is None else {kept.subject: kept}
    changes = follow_shifts(known, findings, judged, planned, day(today - 7), day(today))
    assert len(changes) <= 1
    return changes[0].shift if changes else kept


def test_one_begins_on_the_first_day_that_is_certain() -> None:
    assert follow(None, [finding(9), finding(10)], 11) == shift(9, 10, 11)
    assert follow(None, [], 11) is None


def test_amounts_are_of_one_active_day() -> None:
    found = follow(None, [finding(9, 301, active_days=6)], 10)
    assert found == shift(9, present_micro=301 * MICRO)


def test_while_it_lasts_it_is_the_same_and_told_with_what_it_is_now() -> None:
    later = follow(shift(9), [finding(15), finding(16, 400)], 17)
    assert later == shift(9, 16, 10, present_micro=400 * MICRO)


def test_after_four_weeks_without_it_is_another_one() -> None:
    assert follow(shift(9), [finding(36)], 37) == shift(9, 36, 10)
    assert follow(shift(9), [finding(37)], 38) == shift(37)


def test_of_nothing_new_nothing_is_written() -> None:
    judged = Period(day(4), day(12))
    assert follow_shifts({ANA: shift(9)}, [finding(9)], judged, (), day(4), day(11)) == ()


def test_everybody_has_their_own() -> None:
    judged = Period(day(4), day(12))
    found = [finding(9, email="bob@example.com"), finding(9), finding(9, email=None)]
    changes = follow_shifts({}, found, judged, (), day(4), day(11))
    assert [one.subject for one in changes] == [ANA, "bob@example.com"]


def test_what_is_restated_before_it_is_told_is_taken_back() -> None:
    judged = Period(day(4), day(12))
    assert follow_shifts({ANA: shift(9)}, [], judged, (), day(4), day(11)) == (ShiftChange(ANA, None),)
    assert follow(shift(9), [finding(10)], 11) == shift(10, 10, 10)


def test_what_was_told_is_not_told_again_when_it_is_restated() -> None:
    """It was noticed in the week of the 9th, whose digest is on its way from the 16th on."""
    assert follow(shift(9, 10), [], 14) == shift(9, noticed=10)
    assert follow(shift(9, 10), [finding(13)], 14) == shift(9, 13, 10)


def test_the_last_day_is_taken_back_as_far_as_it_was_judged_again() -> None:
    assert follow(shift(2, 10), [], 11) == shift(2, 3)


def test_what_was_certain_before_it_could_be_news_is_known_and_not_told() -> None:
    judged = Period(day(-20), day(12))
    for news_since, noticed in [(9, day(11)), (10, None)]:
        found = follow_shifts({}, [finding(9), finding(10)], judged, (), day(news_since), day(11))
        assert [one.shift for one in found] == [replace(shift(9, 10), noticed=noticed)]


def test_what_never_was_news_is_never_told_while_it_lasts() -> None:
    old = replace(shift(9), noticed=None)
    assert follow(old, [finding(12)], 13) == replace(old, last=day(12))
    assert follow(old, [finding(37)], 38) == shift(37)


@pytest.mark.parametrize(
    ("plan", "is_told"),
    [
        (Expectation(ANA, Period(day(9), day(10)), "", ""), False),
        (Expectation(ANA, Period(day(9), day(10)), "", "", factor=3), False),
        (Expectation(ANA, Period(day(9), day(10)), "", "", factor=2), True),
        (Expectation(ANA, Period(day(8), day(9)), "", ""), True),
        (Expectation("bob@example.com", Period(day(9), day(10)), "", ""), True),
    ],
)
def test_what_was_planned_is_no_change(plan: Expectation, *, is_told: bool) -> None:
    assert (follow(None, [finding(9)], 10, (plan,)) is not None) is is_told


days_of_findings = st.frozensets(st.integers(0, 120), max_size=40)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(days_of_findings)
def test_day_by_day_as_many_begin_as_the_cool_down_lets_through(certain: frozenset[int]) -> None:
    found = [finding(after) for after in sorted(certain)]
    cooldown = Cooldown()
    told = [one.day for each in found for one in cooldown.pass_on([each])]
    begun: list[date] = []
    kept: Shift | None = None
    for today in range(130):
        seen = [one for one in found if day(today - 7) <= one.day < day(today)]
        kept = follow(kept, seen, today)
        if kept and kept.found not in begun:
            begun.append(kept.found)
            assert kept.noticed == kept.found + timedelta(days=1)
    assert begun == told


@settings(derandomize=True, deadline=None, max_examples=100)
@given(days_of_findings, days_of_findings, st.integers(7, 120))
def test_whatever_is_restated_no_two_are_noticed_within_the_rest(
    before: frozenset[int], after: frozenset[int], restated_on: int
) -> None:
    """Four weeks lie between two that were told, less the week in which a day is judged; to look twice is harmless."""
    kept: Shift | None = None
    told: set[date] = set()
    for today in range(130):
        certain = after if today >= restated_on else before
        seen = [finding(at) for at in sorted(certain) if today - 7 <= at < today]
        kept = follow(kept, seen, today)
        assert follow(kept, seen, today) == kept
        if kept and kept.noticed and day(today).weekday() == 6 and kept.noticed > day(today - 7):
            told.add(kept.noticed)
    assert all((later - earlier).days > 20 for earlier, later in pairwise(sorted(told)))
