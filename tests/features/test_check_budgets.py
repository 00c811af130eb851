"""Check says which budgets measure nothing, and that nobody will hear of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.core.budgets.terms import Cycle, Scope, Terms, Unit
from bot.core.checks import Grade
from bot.features.checks.budgets import look_at_budgets
from bot.store.sqlite import SqliteStore
from tests.features.cast import cast_of_everyone, hire
from tests.features.rig import NOW
from tests.store.empty import empty_store

PLATFORM = Terms(Scope.TEAM, "Platform", Cycle.MONTH, Unit.CREDITS, 1_000, (100,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = empty_store(tmp_path / "usage.db")
    hire(store, cast_of_everyone())
    yield store
    store.close()


def told(store: SqliteStore, price: Decimal | None, channel: str | None) -> list[tuple[Grade, str]]:
    return [(check.grade, check.sentence) for check in look_at_budgets(store, NOW, price, channel)]


def test_without_budgets_there_is_nothing_to_mend(store: SqliteStore) -> None:
    assert told(store, None, None) == [(Grade.OK, "0 set")]


def test_each_thing_to_mend_has_a_line(store: SqliteStore) -> None:
    for terms in (
        PLATFORM,
        replace(PLATFORM, unit=Unit.USD),
        replace(PLATFORM, scope=Scope.COST_CENTER, name="CC-9"),
    ):
        assert store.save_budget(terms, "erin@example.com", NOW)
    gone = "nobody belongs to the cost center CC-9 any more: its budget measures nothing"
    assert told(store, None, None) == [
        (Grade.OK, "3 set"),
        (Grade.WARN, gone),
        (Grade.WARN, "1 in USD cannot be measured: set CREDIT_PRICE_USD"),
        (Grade.WARN, "FINANCE_CHANNEL is not set: no channel can hear of budgets"),
    ]
    assert told(store, Decimal("0.04"), "C1") == [(Grade.OK, "3 set"), (Grade.WARN, gone)]
