"""Plans, as every store must keep them: one a person at a time, and none ever rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.periods import Period
from bot.core.plans.bursts import plan_of
from bot.core.plans.expectations import Expectation
from bot.core.visibility import WholeCompany
from bot.errors import StoreError
from bot.ports import Store
from bot.store.sqlite import SqliteStore
from tests.store.rig import NOW, STAFF, save_people

EVERYBODY = WholeCompany(names=True, workspace_gap=False)
CAROL = "carol@example.com"
TODAY = NOW.date()
EVER = Period(TODAY - timedelta(days=30), TODAY + timedelta(days=30))


def plan(store: Store, subject: str = CAROL, factor: int = 5, label: str | None = None, days: int = 0) -> int:
    now = NOW + timedelta(days=days)
    with store.changing_incidents() as ledger:
        return ledger.save_plan(plan_of(subject, 3, factor, "why", "bob@example.com", now), label, now)


def periods(store: Store, period: Period = EVER) -> list[tuple[int, Period]]:
    with store.snapshot() as snapshot:
        return [(one.number, one.expectation.period) for one in snapshot.load_plans(EVERYBODY, period)]


def expected(store: Store) -> list[Expectation]:
    with store.changing_incidents() as ledger:
        return ledger.load_expectations(TODAY - timedelta(days=30))


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    save_people(store, STAFF)


def test_a_newer_plan_ends_the_older_of_the_same_person_alone(store: Store) -> None:
    first, other = plan(store), plan(store, "bob@example.com")
    second = plan(store, days=1)
    assert periods(store) == [
        (first, Period(TODAY, TODAY + timedelta(days=1))),
        (other, Period(TODAY, TODAY + timedelta(days=3))),
        (second, Period(TODAY + timedelta(days=1), TODAY + timedelta(days=4))),
    ]
    assert len(expected(store)) == 3
    assert periods(store, Period(TODAY + timedelta(days=3), TODAY + timedelta(days=4))) == [
        (second, Period(TODAY + timedelta(days=1), TODAY + timedelta(days=4)))
    ]


def test_one_that_is_replaced_on_its_first_day_holds_on_none(store: Store) -> None:
    first, second = plan(store, label="plan-1"), plan(store, label="plan-2")
    assert [number for number, _ in periods(store)] == [second]
    with store.snapshot() as snapshot:
        assert snapshot.find_plan(number=first) is None
        assert snapshot.find_plan(label="plan-1") is None
        found = snapshot.find_plan(label="plan-2")
    assert found is not None
    assert (found.number, found.person.email) == (second, CAROL)


def test_one_is_ended_once(store: Store) -> None:
    number = plan(store)
    with store.changing_incidents() as ledger:
        assert ledger.end_plan(number, "erin@example.com", NOW)
        assert not ledger.end_plan(number, "erin@example.com", NOW)
        assert not ledger.end_plan(4711, "erin@example.com", NOW)
    assert expected(store) == []


def test_a_level_that_is_normal_is_no_plan_and_stays(store: Store) -> None:
    level = Expectation(CAROL, EVER, "new normal", "bob@example.com", most_micro=7)
    with store.changing_incidents() as ledger:
        ledger.save_expectation(level, NOW)
    plan(store)
    assert expected(store)[0] == level
    assert len(periods(store)) == 1


def test_the_plan_of_somebody_who_was_deleted_is_nobodys(store: Store) -> None:
    plan(store, "gone@example.com")
    assert periods(store) == []


@pytest.mark.parametrize(
    "change", ["UPDATE expectation SET factor = 20", "UPDATE expectation_end SET by = 'nobody'"]
)
def test_what_was_announced_is_never_rewritten(store: Store, change: str) -> None:
    plan(store)
    plan(store)
    assert isinstance(store, SqliteStore)
    with pytest.raises(StoreError, match="never rewritten"), store.engine.writing() as connection:
        connection.execute(change)
    with store.engine.writing() as connection:
        connection.execute("DELETE FROM expectation")
        assert connection.execute("SELECT count(*) FROM expectation_end").fetchone() == (0,)
