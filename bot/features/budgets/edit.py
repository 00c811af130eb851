"""Adding, changing and removing budgets, for those who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.answers import NotForYou, NotKnown
from bot.core.budgets.edits import Draft, Seen, Surroundings, read_draft
from bot.core.budgets.money import price_source
from bot.core.budgets.terms import Budget, Terms
from bot.core.periods import parse_period
from bot.core.visibility import SMALLEST_GROUP, Viewer, WholeCompany, may_edit_budgets
from bot.errors import UserError
from bot.features.asked import AskSettings
from bot.features.budgets.ask import budgets_in_sight
from bot.features.viewers import viewer_in_slack
from bot.ports import Snapshot, Store

CHANGED_MEANWHILE = "Somebody else has changed this budget in the meantime. Please look at it again."


@dataclass(frozen=True, slots=True)
class Form:
    """What the form begins with: the budget as it stands, None for a new one; dollars where they have a price."""

    budget: Budget | None
    has_price: bool


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong with what was typed: a sentence a field."""

    by_field: dict[str, str]


class EditBudgets:
    """Changes budgets. Whether somebody may is asked anew each time. Methods raise `StoreError` and `UserError`."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def open(self, slack_id: str, number: int | None, now: datetime) -> Form | NotKnown | NotForYou:
        """What is to be edited; None is a new budget. Raises `UserError` where it was removed."""
        with self._store.snapshot() as snapshot:
            viewer = self._editor(snapshot, slack_id)
            if not isinstance(viewer, Viewer):
                return viewer
            budget = None if number is None else _budget(snapshot, viewer, number)
            return Form(budget, has_price=self._has_price(snapshot, now))

    def check(
        self, slack_id: str, draft: Draft, seen: Seen | None, now: datetime
    ) -> Problems | NotKnown | NotForYou | None:
        """What would keep a budget from being saved, with nothing written; it waits for nobody who writes."""
        with self._store.snapshot() as snapshot:
            viewer = self._editor(snapshot, slack_id)
            if not isinstance(viewer, Viewer):
                return viewer
            terms = self._read(snapshot, viewer, draft, _as_seen(snapshot, viewer, seen), now)
            return terms if isinstance(terms, Problems) else None

    def save(
        self, slack_id: str, draft: Draft, seen: Seen | None, now: datetime
    ) -> Budget | Problems | NotKnown | NotForYou:
        """Add a budget or make another version of the one that was seen."""
        with self._store.snapshot() as snapshot:
            viewer = self._editor(snapshot, slack_id)
            if not isinstance(viewer, Viewer):
                return viewer
            replaces = _as_seen(snapshot, viewer, seen)
            terms = self._read(snapshot, viewer, draft, replaces, now)
            by = _name(snapshot, viewer, slack_id)
        if isinstance(terms, Problems):
            return terms
        saved = self._store.save_budget(terms, by, now, replaces)
        if saved is None:
            raise UserError(CHANGED_MEANWHILE)
        return saved

    def remove(self, slack_id: str, seen: Seen, now: datetime) -> Budget | NotKnown | NotForYou:
        """Take a budget out of force."""
        with self._store.snapshot() as snapshot:
            viewer = self._editor(snapshot, slack_id)
            if not isinstance(viewer, Viewer):
                return viewer
            budget = _in_force(snapshot, viewer, seen)
            by = _name(snapshot, viewer, slack_id)
        if not self._store.remove_budget(budget, by, now):
            raise UserError(CHANGED_MEANWHILE)
        return budget

    def _editor(self, snapshot: Snapshot, slack_id: str) -> Viewer | NotKnown | NotForYou:
        viewer = viewer_in_slack(snapshot, self._settings, slack_id)
        if viewer is None:
            return NotKnown()
        return viewer if may_edit_budgets(viewer) else NotForYou()

    def _read(
        self, snapshot: Snapshot, viewer: Viewer, draft: Draft, replaces: Budget | None, now: datetime
    ) -> Terms | Problems:
        terms = read_draft(draft, self._surroundings(snapshot, viewer, draft, replaces, now))
        return terms if isinstance(terms, Terms) else Problems(terms)

    def _surroundings(
        self, snapshot: Snapshot, viewer: Viewer, draft: Draft, replaces: Budget | None, now: datetime
    ) -> Surroundings:
        """Finance can choose among groups that it may be told of; a name that stays as it was may have vanished."""
        whole = WholeCompany(names=viewer.is_admin, workspace_gap=False)
        sizes = snapshot.load_group_sizes(whole, draft.scope) if draft.scope.is_group else {}
        smallest = 0 if viewer.is_admin else SMALLEST_GROUP
        names = {name for name, people in sizes.items() if people >= smallest}
        if replaces is not None and replaces.scope is draft.scope and replaces.name:
            names.add(replaces.name)
        others = tuple(b for b in snapshot.load_budgets() if replaces is None or b.id != replaces.id)
        return Surroundings(others, names, has_price=self._has_price(snapshot, now))

    def _has_price(self, snapshot: Snapshot, now: datetime) -> bool:
        month = parse_period("month", now.date())
        has_estimates = snapshot.has_estimates(month)
        return price_source(self._settings.credit_price_usd, has_estimates=has_estimates) is not None


def _budget(snapshot: Snapshot, viewer: Viewer, number: int) -> Budget:
    """One that is not theirs to see is as good as removed: whoever made up its number learns nothing."""
    budgets = snapshot.load_budgets()
    found = next((budget for budget in budgets if budget.id == number), None)
    if found is None or not _is_in_sight(snapshot, viewer, found, budgets):
        raise UserError("This budget was removed.")
    return found


def _is_in_sight(snapshot: Snapshot, viewer: Viewer, budget: Budget, budgets: Sequence[Budget]) -> bool:
    if viewer.is_admin or not budget.scope.is_group:
        return True
    return budget in budgets_in_sight(snapshot, WholeCompany(names=False, workspace_gap=False), budgets)


def _as_seen(snapshot: Snapshot, viewer: Viewer, seen: Seen | None) -> Budget | None:
    return None if seen is None else _in_force(snapshot, viewer, seen)


def _in_force(snapshot: Snapshot, viewer: Viewer, seen: Seen) -> Budget:
    budget = _budget(snapshot, viewer, seen.number)
    if budget.version != seen.version:
        raise UserError(CHANGED_MEANWHILE)
    return budget


def _name(snapshot: Snapshot, viewer: Viewer, slack_id: str) -> str:
    """What is written down with the change: the editor's address where there is one."""
    if viewer.person is not None:
        return viewer.person.email
    return snapshot.find_slack_email(slack_id) or slack_id
