"""Who sees which budgets, whose use is in them, and what a forecast names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.core.answers import BudgetsAnswer, NotKnown
from bot.core.budgets.money import PriceSource
from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Budget, Cycle, SaidKey, Scope, Terms, Unit
from bot.core.models import MICRO
from bot.features.ask import Ask
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    BITS,
    LINES,
    SETTINGS,
    answer,
    cast_of_everyone,
    email,
    everyone_in_slack,
    hire,
    used,
)
from tests.features.rig import NOW, TODAY, ago, keep_day

MONTH_DAYS = TODAY.day
PLATFORM = Terms(Scope.TEAM, "Platform", Cycle.MONTH, Unit.CREDITS, 200 * MICRO, (50, 80, 100))
DATA = replace(PLATFORM, name="Data")
WHOLE = replace(PLATFORM, scope=Scope.ORGANISATION, name=None)
EACH = replace(PLATFORM, scope=Scope.PERSON, name=None, amount_micro=100 * MICRO, thresholds=(50, 100))
OF_PLATFORM = ("alice", "bob", "carol", "zoe")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Everybody uses their bit on each day of the last five weeks, today not in it."""
    store = SqliteStore(tmp_path / "usage.db")
    store.migrate()
    for back in range(1, 36):
        read_at = datetime.combine(ago(back), NOW.time(), UTC) + timedelta(days=2)
        keep_day(store, ago(back), [used(name, ago(back), bit) for name, bit in BITS.items()], read_at)
    hire(store, [replace(one, department="Eng") for one in cast_of_everyone()], everyone_in_slack())
    yield store
    store.close()


def added(store: SqliteStore, *terms: Terms) -> list[Budget]:
    found = [store.save_budget(one, email("erin"), NOW) for one in terms]
    return [budget for budget in found if budget is not None]


def seen(store: SqliteStore, viewer: str) -> BudgetsAnswer:
    found = answer(store, viewer, "budget")
    assert isinstance(found, BudgetsAnswer)
    return found


def about(standings: Sequence[Standing]) -> list[tuple[str, str | None]]:
    return [(standing.budget.scope.value, standing.budget.name) for standing in standings]


@pytest.mark.parametrize("viewer", [*LINES, "root", "cfo", "sam"])
def test_everybody_sees_what_they_could_add_up_themselves_and_no_more(
    store: SqliteStore, viewer: str
) -> None:
    added(store, WHOLE, PLATFORM, DATA, EACH)
    if viewer in {"zoe", "sam"}:
        assert answer(store, viewer, "budget") == NotKnown()
        return
    found = seen(store, viewer)
    expected: dict[str, list[tuple[str, str | None]]] = {
        "alice": [("team", "Platform"), ("person", None)],
        "gail": [("team", "Data"), ("person", None)],
        "erin": [("organisation", None), ("team", "Data"), ("team", "Platform"), ("person", None)],
    }
    expected |= {"root": expected["erin"], "dan": expected["gail"]}
    few: list[tuple[str, str | None]] = [
        ("organisation", None),
        ("person", None),
    ]  # both teams have fewer than five people
    expected |= {"finn": few, "cfo": few}
    assert about(found.standings) == expected.get(viewer, [("person", None)])
    assert found.hidden == (2 if viewer in {"finn", "cfo"} else 0)
    assert found.may_edit == (viewer in {"erin", "root", "finn", "cfo"})


@pytest.mark.parametrize(
    ("viewer", "people"),
    [
        ("carol", ["carol"]),
        ("bob", ["zoe", "carol", "bob"]),
        ("dan", ["dan"]),
        ("finn", []),
        ("cfo", []),
        ("erin", list(reversed(LINES))[:10]),
    ],
)
def test_a_budget_for_each_person_names_only_whom_one_may_see(
    store: SqliteStore, viewer: str, people: list[str]
) -> None:
    added(store, EACH)
    (standing,) = seen(store, viewer).standings
    assert [one.name.lower() for one in standing.people] == people


def test_people_over_a_threshold_are_counted_in_sight(store: SqliteStore) -> None:
    """Bob uses 2 credits a day, Carol 4, Zoe 8 until she left; 19 days of the month have passed."""
    added(store, EACH)
    (of_bob,) = seen(store, "bob").standings
    assert [(one.name, one.used_micro // MICRO) for one in of_bob.people] == [
        ("Zoe", 80),
        ("Carol", 76),
        ("Bob", 38),
    ]
    assert of_bob.over == ((50, 2), (100, 0))
    (of_finance,) = seen(store, "finn").standings
    assert of_finance.over == ((50, 9), (100, 7))


def test_a_team_is_measured_with_pace_forecast_and_what_was_said(store: SqliteStore) -> None:
    (budget,) = added(store, PLATFORM)
    key = SaidKey(budget.id, 1, TODAY.replace(day=1), 80)
    assert store.claim_said([key, key._replace(threshold=None)], NOW)
    (standing,) = seen(store, "alice").standings
    days = MONTH_DAYS - 1
    assert standing.used_micro == (1 + 2 + 4) * days * MICRO + 8 * 10 * MICRO
    assert standing.said == (80,)
    assert standing.pace is not None
    assert standing.pace.elapsed * 30 == MONTH_DAYS
    forecast = standing.forecast
    assert forecast is not None
    assert forecast.probability_over > 0.9
    assert [driver.label for driver in forecast.drivers] == ["Zoe", "Carol", "Bob"]


def test_finance_reads_surfaces_in_place_of_people_and_only_teams_that_it_may_see(store: SqliteStore) -> None:
    added(store, replace(PLATFORM, scope=Scope.DEPARTMENT, name="Eng"), WHOLE)
    whole, department = seen(store, "finn").standings
    assert department.forecast is not None
    assert [driver.label for driver in department.forecast.drivers] == ["CLI"]
    assert whole.forecast is not None
    assert whole.forecast.drivers == ()  # every team has fewer than five people
    whole, department = seen(store, "erin").standings
    assert whole.forecast is not None
    assert {"Platform", "Data"} <= {driver.label for driver in whole.forecast.drivers}
    assert department.forecast is not None
    assert department.forecast.drivers[0].label == "Nils"


def test_a_budget_of_a_group_that_vanished_stays_and_says_so(store: SqliteStore) -> None:
    added(store, replace(PLATFORM, name="Gone"), PLATFORM)
    gone, _ = seen(store, "erin").standings
    assert (gone.budget.name, gone.is_lost, gone.used_micro) == (
        "Gone",
        True,
        0,
    )
    assert about(seen(store, "finn").standings) == [("team", "Gone")]
    assert about(seen(store, "carol").standings) == []


def test_dollars_come_from_the_contract_or_are_not_known(store: SqliteStore) -> None:
    added(store, replace(PLATFORM, unit=Unit.USD), replace(EACH, unit=Unit.USD))
    priced = seen(store, "erin")
    assert priced.price is PriceSource.CONTRACT
    used_micro = priced.standings[0].used_micro
    assert used_micro is not None
    assert used_micro * 25 == ((1 + 2 + 4) * (MONTH_DAYS - 1) + 80) * MICRO
    unpriced = Ask(store, replace(SETTINGS, credit_price_usd=None)).answer_as(email("erin"), "budget", NOW)
    assert isinstance(unpriced, BudgetsAnswer)
    assert (unpriced.price, unpriced.standings[0].used_micro, unpriced.standings[0].pace) == (
        None,
        None,
        None,
    )
    assert SETTINGS.credit_price_usd == Decimal("0.04")


def test_nothing_is_forecast_before_anything_was_read_or_for_a_day(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "empty.db")
    store.migrate()
    hire(store, cast_of_everyone(), everyone_in_slack())
    added(store, WHOLE, replace(WHOLE, cycle=Cycle.DAY))
    standings = seen(store, "erin").standings
    assert [(one.used_micro, one.forecast) for one in standings] == [(0, None), (0, None)]
    store.close()


def test_a_day_has_no_forecast(store: SqliteStore) -> None:
    added(store, replace(WHOLE, cycle=Cycle.DAY))
    assert [one.forecast for one in seen(store, "erin").standings] == [None]
