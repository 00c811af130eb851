"""Finance and admins edit budgets, everybody else is refused at each step, and nobody overwrites another's edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.answers import NotForYou, NotKnown
from bot.core.budget_edits import Draft
from bot.core.budgets import Budget, Cycle, Scope, Unit
from bot.errors import UserError
from bot.features.edit_budgets import CHANGED_MEANWHILE, EditBudgets, Problems
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, everyone_in_slack, hire
from tests.features.rig import NOW

PLATFORM = Draft(Scope.TEAM, "Platform", Cycle.MONTH, Unit.CREDITS, "1000", "50, 100")
WHOLE = replace(PLATFORM, scope=Scope.ORGANISATION, name="")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "usage.db")
    store.migrate()
    hire(store, cast_of_everyone(), everyone_in_slack())
    yield store
    store.close()


def saved(store: SqliteStore, viewer: str, draft: Draft, replaces: Budget | None = None) -> Budget:
    found = EditBudgets(store, SETTINGS).save(f"U{viewer.upper()}", draft, replaces, NOW)
    assert isinstance(found, Budget)
    return found


@pytest.mark.parametrize(
    ("viewer", "refusal"),
    [("alice", NotForYou()), ("carol", NotForYou()), ("sam", NotKnown()), ("zoe", NotKnown())],
)
def test_nobody_else_can_look_change_or_remove(store: SqliteStore, viewer: str, refusal: object) -> None:
    budget = saved(store, "erin", WHOLE)
    desk, slack_id = EditBudgets(store, SETTINGS), f"U{viewer.upper()}"
    assert desk.find(slack_id, budget.id) == refusal
    assert desk.find(slack_id, 99) == refusal
    assert desk.save(slack_id, PLATFORM, None, NOW) == refusal
    assert desk.save(slack_id, replace(WHOLE, amount="nonsense"), budget, NOW) == refusal
    assert desk.remove(slack_id, budget, NOW) == refusal
    assert len(store.load_budget_changes()) == 1


def test_every_change_has_the_address_of_its_maker(store: SqliteStore) -> None:
    first = saved(store, "erin", WHOLE)
    second = saved(store, "cfo", replace(WHOLE, amount="2000"), first)
    assert EditBudgets(store, SETTINGS).remove("UFINN", second, NOW) == second
    makers = [change.by for change in store.load_budget_changes()]
    assert makers == ["erin@example.com", "cfo@example.com", "finn@example.com"]


def test_nobody_overwrites_what_they_did_not_see(store: SqliteStore) -> None:
    first = saved(store, "erin", WHOLE)
    second = saved(store, "erin", replace(WHOLE, amount="2000"), first)
    desk = EditBudgets(store, SETTINGS)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.save("UFINN", replace(WHOLE, amount="3000"), first, NOW)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.remove("UFINN", first, NOW)
    assert desk.find("UFINN", first.id) == second
    desk.remove("UFINN", second, NOW)
    with pytest.raises(UserError, match="was removed"):
        desk.find("UFINN", first.id)


def test_finance_cannot_tell_a_small_team_from_none(store: SqliteStore) -> None:
    desk = EditBudgets(store, SETTINGS)
    small, none = (
        desk.save("UFINN", replace(PLATFORM, name=name), None, NOW) for name in ("Platform", "Pla")
    )
    assert isinstance(small, Problems)
    assert isinstance(none, Problems)
    assert small.by_field["name"].replace("Platform", "Pla") == none.by_field["name"]
    assert saved(store, "erin", PLATFORM).name == "Platform"


def test_a_budget_of_a_vanished_team_can_still_be_edited(store: SqliteStore) -> None:
    budget = saved(store, "erin", PLATFORM)
    hire(store, [replace(one, team=None) for one in cast_of_everyone()], everyone_in_slack())
    assert saved(store, "erin", replace(PLATFORM, amount="5"), budget).version == 2
