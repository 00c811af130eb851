"""Finance and admins edit budgets, everybody else is refused at each step, and nobody overwrites another's edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.core.answers import NotForYou, NotKnown
from bot.core.budgets.edits import Draft, Seen
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit
from bot.errors import UserError
from bot.features.budgets.edit import CHANGED_MEANWHILE, EditBudgets, Form, Problems
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, everyone_in_slack, hire
from tests.features.rig import NOW
from tests.store.empty import empty_store

PLATFORM = Draft(Scope.TEAM, "Platform", Cycle.MONTH, Unit.CREDITS, "1000", "50, 100")
WHOLE = replace(PLATFORM, scope=Scope.ORGANISATION, name="")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = empty_store(tmp_path / "usage.db")
    hire(store, cast_of_everyone(), everyone_in_slack())
    yield store
    store.close()


def saved(store: SqliteStore, viewer: str, draft: Draft, replaces: Budget | None = None) -> Budget:
    found = EditBudgets(store, SETTINGS).save(f"U{viewer.upper()}", draft, seen(replaces), NOW)
    assert isinstance(found, Budget)
    return found


def seen(budget: Budget | None) -> Seen | None:
    return Seen(budget.id, budget.version) if budget else None


@pytest.mark.parametrize(
    ("viewer", "refusal"),
    [("alice", NotForYou()), ("carol", NotForYou()), ("sam", NotKnown()), ("zoe", NotKnown())],
)
def test_nobody_else_can_look_change_or_remove(store: SqliteStore, viewer: str, refusal: object) -> None:
    budget = saved(store, "erin", WHOLE)
    desk, slack_id = EditBudgets(store, SETTINGS), f"U{viewer.upper()}"
    assert desk.open(slack_id, None, NOW) == refusal
    assert desk.open(slack_id, budget.id, NOW) == refusal
    assert desk.open(slack_id, 99, NOW) == refusal
    assert desk.check(slack_id, PLATFORM, Seen(99, 1), NOW) == refusal
    assert desk.save(slack_id, PLATFORM, None, NOW) == refusal
    assert desk.save(slack_id, replace(WHOLE, amount="nonsense"), Seen(budget.id, 1), NOW) == refusal
    assert desk.remove(slack_id, Seen(budget.id, 1), NOW) == refusal
    assert len(store.load_budget_changes()) == 1


def test_every_change_has_the_address_of_its_maker(store: SqliteStore) -> None:
    first = saved(store, "erin", WHOLE)
    second = saved(store, "cfo", replace(WHOLE, amount="2000"), first)
    assert EditBudgets(store, SETTINGS).remove("UFINN", Seen(second.id, 2), NOW) == second
    makers = [change.by for change in store.load_budget_changes()]
    assert makers == ["erin@example.com", "cfo@example.com", "finn@example.com"]


def test_nobody_overwrites_what_they_did_not_see(store: SqliteStore) -> None:
    first = saved(store, "erin", WHOLE)
    second = saved(store, "erin", replace(WHOLE, amount="2000"), first)
    desk = EditBudgets(store, SETTINGS)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.save("UFINN", replace(WHOLE, amount="3000"), Seen(first.id, 1), NOW)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.check("UFINN", replace(WHOLE, amount="3000"), Seen(first.id, 1), NOW)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.remove("UFINN", Seen(first.id, 1), NOW)
    assert desk.open("UFINN", first.id, NOW) == Form(second, has_price=True)
    desk.remove("UFINN", Seen(second.id, 2), NOW)
    with pytest.raises(UserError, match="was removed"):
        desk.open("UFINN", first.id, NOW)


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


def test_dollars_are_offered_where_a_credit_has_a_price(store: SqliteStore) -> None:
    for price in (None, Decimal("0.04")):
        desk = EditBudgets(store, replace(SETTINGS, credit_price_usd=price))
        assert desk.open("UERIN", None, NOW) == Form(None, has_price=price is not None)


def test_a_draft_is_checked_with_nothing_written(store: SqliteStore) -> None:
    desk = EditBudgets(store, SETTINGS)
    found = desk.check("UERIN", replace(PLATFORM, name="Platfrom"), None, NOW)
    assert isinstance(found, Problems)
    assert "Did you mean \u201cPlatform\u201d?" in found.by_field["name"]
    assert desk.check("UERIN", PLATFORM, None, NOW) is None
    assert store.load_budget_changes() == []


def test_whoever_is_a_moment_slower_is_told_so(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and writing somebody else may write."""
    first = saved(store, "erin", WHOLE)
    monkeypatch.setattr(store, "save_budget", lambda *_: None)
    monkeypatch.setattr(store, "remove_budget", lambda *_: False)
    desk = EditBudgets(store, SETTINGS)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.save("UFINN", replace(WHOLE, amount="3000"), seen(first), NOW)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.remove("UFINN", Seen(first.id, 1), NOW)


def test_a_budget_that_finance_may_not_see_is_to_them_as_one_that_was_removed(store: SqliteStore) -> None:
    """Whatever press they make up, they read the same words, and nothing of it."""
    hidden = saved(store, "erin", PLATFORM)
    desk, gone = EditBudgets(store, SETTINGS), Seen(99, 1)
    for one in (gone, Seen(hidden.id, 1), Seen(hidden.id, 7)):
        with pytest.raises(UserError, match=r"^This budget was removed\.$"):
            desk.open("UFINN", one.number, NOW)
        with pytest.raises(UserError, match=r"^This budget was removed\.$"):
            desk.check("UFINN", WHOLE, one, NOW)
        with pytest.raises(UserError, match=r"^This budget was removed\.$"):
            desk.save("UFINN", WHOLE, one, NOW)
        with pytest.raises(UserError, match=r"^This budget was removed\.$"):
            desk.remove("UFINN", one, NOW)
    assert isinstance(desk.open("UERIN", hidden.id, NOW), Form)
    assert len(store.load_budget_changes()) == 1
