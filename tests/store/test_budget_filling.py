"""Sums of groups that have got a budget are kept only of the state of the store from which they were added up."""

from __future__ import annotations

from pathlib import Path

from bot.core.budgets.terms import Cycle, Scope, Terms, Unit
from bot.store import budget_filling
from bot.store.sqlite import SqliteStore
from tests.store.rig import EVERYONE, MONDAY, NOW, STAFF, WEEK, amounts, save_people, sync_day, usage_row

CORE = Terms(Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 1_000, (50,))


def test_what_was_written_meanwhile_makes_it_begin_anew(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    store.migrate()
    sync_day(store, MONDAY, [usage_row("bob", MONDAY, amounts(5))])
    save_people(store, STAFF, {"bob": "bob@example.com"})
    budget = store.save_budget(CORE, "finn@example.com", NOW)
    assert budget is not None
    with store.engine.reading() as connection:
        change = budget_filling.find_change(connection, MONDAY)
    assert change is not None
    sync_day(store, MONDAY, [usage_row("bob", MONDAY, amounts(7))])
    with store.engine.writing() as connection:
        assert budget_filling.keep(connection, change) is False
    with store.engine.reading() as connection:
        change = budget_filling.find_change(connection, MONDAY)
    assert change is not None
    store.keep_group_sums(MONDAY)
    with store.engine.writing() as connection:
        assert budget_filling.keep(connection, change) is False
    with store.snapshot() as seen, store.engine.reading() as connection:
        assert budget_filling.find_change(connection, MONDAY) is None
        told = seen.load_spend_by_day(EVERYONE, budget, WEEK)
    assert [spend.credits_micro for spend in told.values()] == [7]
    store.close()
