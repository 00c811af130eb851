"""Who reported to whom, from day to day: one line at a time for each, without gaps, never rewritten."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.models import epoch_day
from bot.core.people import Employee
from bot.store.sqlite import SqliteStore
from tests.store.rig import TODAY, save_people

ALICE, DAN = Employee("alice@example.com", "Alice"), Employee("dan@example.com", "Dan")
Line = tuple[int, int | None, str | None]


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    return made


def report_to(store: SqliteStore, manager: Employee | None, today: date) -> None:
    save_people(
        store,
        [ALICE, DAN, Employee("bob@example.com", "Bob", manager.email if manager else None)],
        today=today,
    )


def lines(store: SqliteStore) -> list[Line]:
    """Bob's, as (since, until, manager), in days from today."""
    with store.engine.reading() as connection:
        rows = connection.execute(
            "SELECT since, until, r.manager_email FROM reporting_line r JOIN employee e ON e.id = r.employee"
            " WHERE e.email = 'bob@example.com' ORDER BY since"
        ).fetchall()
    start = epoch_day(TODAY)
    return [
        (since - start, None if until is None else until - start, manager) for since, until, manager in rows
    ]


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_a_line_ends_on_the_day_on_which_the_next_begins(store: SqliteStore) -> None:
    report_to(store, ALICE, day(0))
    report_to(store, ALICE, day(3))
    report_to(store, DAN, day(5))
    report_to(store, None, day(9))
    assert lines(store) == [(0, 5, ALICE.email), (5, 9, DAN.email), (9, None, None)]


def test_of_two_changes_on_one_day_the_last_holds(store: SqliteStore) -> None:
    report_to(store, ALICE, day(0))
    report_to(store, DAN, day(1))
    report_to(store, None, day(1))
    assert lines(store) == [(0, 1, ALICE.email), (1, None, None)]


def test_a_day_that_goes_back_opens_no_second_line(store: SqliteStore) -> None:
    """The day is that of the organisation's zone, and zones can be changed."""
    report_to(store, ALICE, day(1))
    report_to(store, ALICE, day(0))
    assert lines(store) == [(1, None, ALICE.email)]
    report_to(store, DAN, day(0))
    assert lines(store) == [(1, None, DAN.email)]


@given(
    steps=st.lists(st.tuples(st.sampled_from([None, ALICE, DAN]), st.integers(0, 4)), min_size=1, max_size=6)
)
@settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_lines_follow_each_other_whatever_the_days(
    store: SqliteStore, steps: list[tuple[Employee | None, int]]
) -> None:
    for manager, number in steps:
        report_to(store, manager, day(number))
    found = lines(store)
    manager = steps[-1][0]
    assert found[-1][1:] == (None, manager.email if manager else None)
    assert [until for _, until, _ in found[:-1]] == [since for since, _, _ in found[1:]]
