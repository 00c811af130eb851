"""What is unknown stays unknown, and what is summed is summed exactly."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.metrics import Metric
from bot.core.models import MICRO, Amounts, Totals, UsageRow
from bot.core.periods import Period
from bot.errors import StoreError
from bot.store.sqlite import SqliteStore
from tests.store.oracle import totals_of
from tests.store.rig import EVERYONE, MONDAY, NOW, STAFF, WEEK, amounts, save_people, sync_day, usage_row

LARGEST = 2**40
"""More than a million dollars in millionths, and more tokens than anybody uses in a day."""

figures = st.none() | st.integers(0, LARGEST)
any_amounts = st.builds(Amounts, figures, figures, st.integers(0, LARGEST), *[figures] * 6)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    return made


def test_a_sum_says_how_many_rows_knew_a_figure(store: SqliteStore) -> None:
    known = amounts(1, cost=0, estimate=5, tokens=(0, 0, 0, 0))
    sync_day(store, MONDAY, [usage_row("a", MONDAY, known), usage_row("b", MONDAY, amounts(1))])
    with store.snapshot() as seen:
        totals = seen.load_totals(EVERYONE, WEEK)
    assert (totals.rows, totals.cost_rows, totals.estimated_rows, totals.token_rows) == (2, 1, 1, 1)
    assert (totals.cost_usd_micro, totals.estimated_cost_usd_micro, totals.total_tokens) == (0, 5, 0)


def test_null_and_zero_are_different_rows(store: SqliteStore) -> None:
    """A figure that becomes known to be zero is a change."""
    unknown = usage_row("a", MONDAY, amounts(1, threads=None))
    sync_day(store, MONDAY, [unknown])
    assert sync_day(store, MONDAY, [usage_row("a", MONDAY, amounts(1, threads=0))]).changed == 1
    assert sync_day(store, MONDAY, [unknown]).changed == 1


@given(rows=st.lists(any_amounts, max_size=8), kept=st.booleans())
@settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_figures_come_back_as_their_exact_sum(
    store: SqliteStore, rows: list[Amounts], *, kept: bool
) -> None:
    """The total may differ from its parts either way, and any figure may be missing."""
    store.keep_periods([WEEK] if kept else [])
    sync_day(store, MONDAY, [usage_row(f"acc-{n}", MONDAY, one) for n, one in enumerate(rows)])
    save_people(store, STAFF, {f"acc-{n}": "bob@example.com" for n in range(8)})
    expected = sum(map(totals_of, rows), Totals())
    with store.snapshot() as seen:
        assert seen.load_totals(EVERYONE, WEEK) == expected
        ranked = seen.rank_people(EVERYONE, WEEK, Metric.CREDITS, 5)
    assert [one.totals for one in ranked] == ([expected] if expected.is_active else [])


@given(micro=st.lists(st.integers(0, 10_000_000), min_size=1, max_size=5), days=st.integers(1, 3))
@settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_credits_are_exact_to_the_sixth_place(store: SqliteStore, micro: list[int], days: int) -> None:
    """Where binary floats drift (0.1 ten times is not 1), thousands of rows add up as fractions do."""
    people = 300
    expected = Fraction(0)
    for n in range(days):
        day = MONDAY + timedelta(days=n)
        rows: list[UsageRow] = []
        for person in range(people):
            one = micro[(person + n) % len(micro)]
            expected += Fraction(one, MICRO)
            rows.append(usage_row(f"acc-{person}", day, one))
        sync_day(store, day, rows)
    with store.snapshot() as seen:
        period = Period(MONDAY, MONDAY + timedelta(days=days))
        told = seen.load_totals(EVERYONE, period)
    assert (told.rows, Fraction(told.credits_micro, MICRO)) == (people * days, expected)


def test_a_million_rows_of_a_tenth_are_a_hundred_thousand(store: SqliteStore) -> None:
    """The same sum as over a large company's month, made by the query that the rankings use."""
    with store.engine.unlocked() as connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999999)"
            " INSERT INTO usage_day SELECT 0, i, 1, 1, 100000 + (i = 7), NULL, NULL, NULL, NULL, NULL, NULL, 0 FROM n"
        )
        total = connection.execute("SELECT sum(credits), typeof(sum(credits)) FROM usage_day").fetchone()
    assert (Fraction(total[0], MICRO), total[1]) == (Fraction(100_000) + Fraction(1, MICRO), "integer")


def test_figures_beyond_all_reason_are_refused_and_the_old_day_stays(store: SqliteStore) -> None:
    """A sum that 63 bits cannot hold is an error that says so, never a rounded figure."""
    sync_day(store, MONDAY, [usage_row("a", MONDAY, 5)])
    huge = [usage_row(name, MONDAY, 2**63 - 1) for name in "ab"]
    with pytest.raises(StoreError, match="overflow"):
        sync_day(store, MONDAY, huge)
    with store.snapshot() as seen:
        assert seen.load_totals(EVERYONE, WEEK).credits_micro == 5
    assert sync_day(store, MONDAY, [usage_row("a", MONDAY, 6)], NOW).changed == 1
