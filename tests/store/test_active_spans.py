"""The united bits of periods: which are kept, and that any days are united of the fewest of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.models import epoch_day
from bot.core.periods import Period
from bot.store.active_spans import _cover, load_active_bits
from bot.store.sqlite import SqliteStore
from tests.store.rig import MONDAY, STAFF, save_people, sync_day, usage_row
from tests.store.sqlite_rig import check_spans

FIRST = epoch_day(MONDAY)
days = st.integers(0, 12)
spans = st.lists(st.tuples(days, days).filter(lambda span: span[0] < span[1]), max_size=6)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    """Six days; each of the staff used something on one of them."""
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    for n in range(6):
        day = MONDAY + timedelta(days=n)
        sync_day(made, day, [usage_row(f"acc-{n}", day, 1)])
    save_people(made, STAFF, {f"acc-{n}": one.email for n, one in enumerate(STAFF[:6])})
    return made


def kept(store: SqliteStore) -> list[tuple[int, int]]:
    with store.engine.reading() as connection:
        return [
            (since - FIRST, until - FIRST)
            for since, until in connection.execute("SELECT since, until FROM active_span")
        ]


def days_active(store: SqliteStore, since: int, until: int) -> int:
    with store.engine.reading() as connection:
        return load_active_bits(connection, (FIRST + since, FIRST + until)).bit_count()


def test_a_kept_period_and_the_one_before_it_are_united_but_no_single_days(store: SqliteStore) -> None:
    week = Period(MONDAY + timedelta(days=3), MONDAY + timedelta(days=6))
    store.keep_periods([week, Period(MONDAY, MONDAY + timedelta(days=1))])
    assert sorted(kept(store)) == [(0, 3), (3, 6)]
    store.keep_periods([])
    assert kept(store) == []


@pytest.mark.parametrize("since", range(6))
@pytest.mark.parametrize("length", range(4))
def test_any_days_have_as_many_active_people_as_before(store: SqliteStore, since: int, length: int) -> None:
    until = min(since + length, 6)
    before = days_active(store, since, until)
    store.keep_periods([Period(MONDAY + timedelta(days=2), MONDAY + timedelta(days=4))])
    assert days_active(store, since, until) == before == until - since


def test_a_correction_and_another_owner_reach_the_spans(store: SqliteStore) -> None:
    store.keep_periods([Period(MONDAY, MONDAY + timedelta(days=3))])
    assert days_active(store, 0, 3) == 3
    sync_day(store, MONDAY, [])
    check_spans(store)
    assert days_active(store, 0, 3) == 2
    save_people(store, STAFF, {"acc-1": STAFF[0].email, "acc-2": STAFF[0].email})
    check_spans(store)
    assert days_active(store, 0, 3) == 1


@given(kept=spans, since=days, length=days)
def test_what_covers_some_days_is_all_of_them_and_nothing_else(
    kept: list[tuple[int, int]], since: int, length: int
) -> None:
    until = since + length
    inside = [span for span in kept if since <= span[0] and span[1] <= until]
    parts = list(_cover(inside, since, until))
    assert {day for part in parts for day in range(*part)} == set(range(since, until))
    assert all(part in inside or part[1] - part[0] == 1 for part in parts)
    assert len(parts) <= length
