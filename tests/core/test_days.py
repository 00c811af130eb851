"""When a reading is believed, when a day is complete, and which days are read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.days import (
    AGREEING_APART,
    HISTORY_DAYS,
    LONGEST_REQUEST_DAYS,
    Doubt,
    History,
    Reading,
    complete_to,
    doubt,
    is_complete,
    is_out_of_reach,
    is_wide_due,
    plan_rereading,
    reach_back,
    requests_of,
)
from bot.core.periods import Period

EXACT = settings(derandomize=True, deadline=None, max_examples=150)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
DAY = date(2026, 11, 18)
PLAIN = Reading(DAY, rows=40, poisoned=0, stored_rows=40, fingerprint="a")
SHRUNK = replace(PLAIN, rows=10)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# ── readings ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rows", "poisoned", "stored", "reason"),
    [
        (0, 0, 0, None),
        (0, 0, 9, None),
        (4, 0, 9, None),
        (5, 0, 10, None),
        (4, 0, 10, "it has 4 rows where 10 are stored"),
        (0, 0, 10, "it has 0 rows where 10 are stored"),
        (999, 1, 0, None),
        (998, 1, 0, "1 of 999 rows could not be understood"),
        (0, 1, 0, "1 of 1 rows could not be understood"),
        (1998, 2, 0, None),
        (4, 1, 10, "1 of 5 rows could not be understood"),
    ],
)
def test_what_is_implausible(rows: int, poisoned: int, stored: int, reason: str | None) -> None:
    found = doubt(Reading(DAY, rows, poisoned, stored, "a"), None, NOW)

    assert found == (reason and Doubt(DAY, reason, "a", 1, NOW))


def test_three_readings_that_agree_half_an_hour_apart_are_believed() -> None:
    first = doubt(SHRUNK, None, NOW)
    assert first is not None
    second = doubt(SHRUNK, first, NOW + AGREEING_APART)
    assert second == replace(first, agreed=2, agreed_at=NOW + AGREEING_APART)
    assert doubt(SHRUNK, second, NOW + 2 * AGREEING_APART) is None


def test_a_reading_soon_after_the_last_one_that_counted_does_not_count() -> None:
    first = doubt(SHRUNK, None, NOW)

    assert doubt(SHRUNK, first, NOW + AGREEING_APART - timedelta(seconds=1)) == first


def test_a_reading_that_says_something_else_begins_anew() -> None:
    earlier = Doubt(DAY, "it has 10 rows where 40 are stored", "a", 2, NOW)
    other = replace(SHRUNK, rows=9, fingerprint="b")

    assert doubt(other, earlier, NOW + timedelta(days=1)) == Doubt(
        DAY, "it has 9 rows where 40 are stored", "b", 1, NOW + timedelta(days=1)
    )


def test_a_plausible_reading_is_believed_whatever_was_doubted_before() -> None:
    assert doubt(PLAIN, Doubt(DAY, "it has 1 row", "a", 1, NOW), NOW) is None


@EXACT
@given(minutes=st.lists(st.integers(0, 90), min_size=1, max_size=12))
def test_readings_are_believed_after_two_full_pauses_and_never_before(minutes: Sequence[int]) -> None:
    """The oracle: count a reading when half an hour has passed since the last one that counted."""
    now, counted_at, counted = NOW, NOW, 1
    standing = doubt(SHRUNK, None, now)
    for pause in minutes:
        now += timedelta(minutes=pause)
        if now - counted_at >= timedelta(minutes=30):
            counted, counted_at = counted + 1, now
        standing = doubt(SHRUNK, standing, now)
        if counted == 3:
            assert standing is None
            return
        assert standing is not None
        assert (standing.agreed, standing.agreed_at) == (counted, counted_at)


# ── complete days ─────────────────────────────────────────────────────────────────────────────────────


def test_a_day_is_complete_twelve_hours_after_its_end() -> None:
    end = datetime(2026, 11, 19, tzinfo=UTC)

    assert not is_complete(DAY, end + timedelta(hours=12) - timedelta(seconds=1))
    assert is_complete(DAY, end + timedelta(hours=12))


def test_days_are_out_of_reach_from_the_ninety_first_on() -> None:
    assert not is_out_of_reach(ago(90), TODAY)
    assert is_out_of_reach(ago(91), TODAY)


def read(*days: int, at: datetime = NOW) -> list[tuple[date, datetime]]:
    return [(ago(day), at) for day in days]


@pytest.mark.parametrize(
    ("days", "refused", "expected"),
    [
        ([], [], None),
        ([0], [], None),
        ([2], [], 2),
        ([4, 3, 2, 1, 0], [], 2),
        ([0, 1, 2, 3, 4], [], 2),
        ([5, 4, 2, 1], [], 4),
        ([5, 4, 3, 2], [3], 4),
        ([5, 4, 3, 2], [5], None),
        ([200, 198, 90, 89, 88], [], 88),  # what is missing so far back cannot be read any more
        ([200, 109, 108, 20, 18], [], 108),
        ([109, 108, 20, 19], [199], 108),
    ],
)
def test_complete_to(days: list[int], refused: list[int], expected: int | None) -> None:
    found = complete_to(read(*days), {ago(day) for day in refused})

    assert found == (None if expected is None else ago(expected))


def test_a_day_read_too_early_ends_what_is_complete() -> None:
    early = read(3, at=datetime(2026, 11, 17, 12, tzinfo=UTC))

    assert complete_to([*read(5, 4), *early, *read(2)], ()) == ago(4)


# ── what is read again ────────────────────────────────────────────────────────────────────────────────

FRESH = History(begun=True, complete_to=ago(2), wide_read_at=NOW - timedelta(days=1))


@pytest.mark.parametrize(
    ("history", "since"),
    [
        (History(begun=False, complete_to=None, wide_read_at=None), 90),
        (History(begun=False, complete_to=ago(2), wide_read_at=NOW), 90),
        (FRESH, 7),
        (replace(FRESH, complete_to=None), 7),
        (replace(FRESH, complete_to=ago(6)), 7),
        (replace(FRESH, complete_to=ago(20)), 19),
        (replace(FRESH, complete_to=ago(300)), 90),
        (replace(FRESH, wide_read_at=NOW - timedelta(days=7)), 35),
        (replace(FRESH, wide_read_at=None), 35),
        (replace(FRESH, wide_read_at=NOW - timedelta(days=7), complete_to=ago(50)), 49),
    ],
)
def test_which_days_are_read_again(history: History, since: int) -> None:
    assert plan_rereading(history, NOW) == Period(ago(since), TOMORROW)


def test_the_wide_reading_is_due_weekly_and_after_the_clock_was_set_back() -> None:
    due = {
        hours: is_wide_due(replace(FRESH, wide_read_at=NOW - timedelta(hours=hours)), NOW)
        for hours in (167, 168, -1)
    }

    assert due == {167: False, 168: True, -1: True}


@pytest.mark.parametrize(("read_on", "since"), [(None, 90), (0, 7), (1, 8), (30, 37), (89, 90), (400, 90)])
def test_reaching_back_to_where_all_was_read_well(read_on: int | None, since: int) -> None:
    period = Period(ago(7), TOMORROW)
    day = None if read_on is None else ago(read_on)

    assert reach_back(period, day, NOW) == Period(ago(since), TOMORROW)


@EXACT
@given(length=st.integers(1, 400))
def test_requests_cover_the_period_once_newest_first(length: int) -> None:
    period = Period(ago(length - 1), TOMORROW)

    requests = list(requests_of(period))

    assert all(1 <= request.length <= LONGEST_REQUEST_DAYS for request in requests)
    assert requests[0].until == period.until
    assert requests[-1].since == period.since
    assert all(later.since == earlier.until for later, earlier in pairwise(requests))
    assert len(requests) == -(-length // LONGEST_REQUEST_DAYS)
    assert HISTORY_DAYS == 90
