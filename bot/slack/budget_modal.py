"""The form in which finance and admins set a budget, and what they filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from bot.core.budgets.edits import (
    AMOUNT,
    DEFAULT_THRESHOLDS,
    NAME,
    THRESHOLDS,
    UNIT,
    Draft,
    Seen,
    amount_typed,
    thresholds_typed,
)
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit
from bot.slack.answers.budgets import budget_label
from bot.slack.blocks import section
from bot.slack.forms import chosen_in, field, form, select, text_input, typed_in
from bot.slack.templates import render_words
from bot.slack.views import View

CALLBACK = "budget"
SCOPE, CYCLE = "scope", "cycle"
"""Fields beside those of `bot.core.budgets.edits`."""

CHOOSE_ONE = "Please choose one of these."

_SCOPES = {
    Scope.ORGANISATION: "The organisation",
    Scope.DEPARTMENT: "A department",
    Scope.TEAM: "A team",
    Scope.COST_CENTER: "A cost centre",
    Scope.PERSON: "Each person alone",
}
_CYCLES = {Cycle.DAY: "Day", Cycle.WEEK: "Week, from Monday", Cycle.MONTH: "Month"}
_UNITS = {Unit.CREDITS: "Credits", Unit.USD: "US dollars"}
_SEEN = re.compile(r"([0-9]{1,15})\.([0-9]{1,15})")
_NEVER_SEEN = Seen(0, 0)

Kind = TypeVar("Kind", bound=StrEnum)


def budget_modal(budget: Budget | None, metadata: str, *, has_price: bool) -> View:
    """Filled in with what holds now, or with what is usual for a new one (None)."""
    words = render_words("budget_modal", is_new=budget is None, label=budget_label(budget) if budget else "")
    has_dollars = has_price or (budget is not None and budget.unit is Unit.USD)
    units = _UNITS if has_dollars else {Unit.CREDITS: _UNITS[Unit.CREDITS]}
    return form(
        CALLBACK,
        "A budget" if budget is None else "Edit a budget",
        metadata,
        [
            section(words),
            field(SCOPE, "For", select(_SCOPES.items(), budget.scope if budget else None)),
            field(
                NAME,
                "Name",
                text_input((budget.name if budget else None) or ""),
                hint="Of the department, team or cost centre, as the roster has it. Else nothing.",
                optional=True,
            ),
            field(
                CYCLE,
                "Begins anew every",
                select(_CYCLES.items(), budget.cycle if budget else Cycle.MONTH),
                hint="In UTC days.",
            ),
            field(UNIT, "Counted in", select(units.items(), budget.unit if budget else Unit.CREDITS)),
            field(AMOUNT, "Amount", text_input(amount_typed(budget.amount_micro) if budget else "")),
            field(
                THRESHOLDS,
                "Thresholds in percent",
                text_input(thresholds_typed(budget.thresholds if budget else DEFAULT_THRESHOLDS)),
                hint="Up to five, such as 50, 80, 100.",
            ),
        ],
    )


def read_budget(values: Mapping[str, Any]) -> Draft | dict[str, str]:
    """What was typed, not judged yet; or where nothing was chosen, by field."""
    scope = _chosen(values, SCOPE, Scope)
    cycle = _chosen(values, CYCLE, Cycle)
    unit = _chosen(values, UNIT, Unit)
    if scope is None or cycle is None or unit is None:
        chosen = {SCOPE: scope, CYCLE: cycle, UNIT: unit}
        return {name: CHOOSE_ONE for name, found in chosen.items() if found is None}
    name, amount, thresholds = (typed_in(values, each) for each in (NAME, AMOUNT, THRESHOLDS))
    return Draft(scope, name, cycle, unit, amount, thresholds)


def read_seen(text: object) -> Seen:
    """What `seen_value` wrote; for anything else a version that there never was."""
    read = _SEEN.fullmatch(text) if isinstance(text, str) else None
    return Seen(int(read[1]), int(read[2])) if read else _NEVER_SEEN


def _chosen(values: Mapping[str, Any], name: str, kind: type[Kind]) -> Kind | None:
    chosen = chosen_in(values, name)
    return next((one for one in kind if one == chosen), None)
