"""What is news about budgets, as ``alerts`` prints it: a line each, or JSON."""

from __future__ import annotations

from typing import Any

from bot.core.budgets.orders import Notice
from bot.core.budgets.terms import Budget, Scope, Unit
from bot.core.formats import credits_text, usd_text
from bot.core.models import MICRO


def notice_line(notice: Notice) -> str:
    """``budget: team Core, monthly from 2026-11-01: 80 % of 1,000 credits reached, 820 used``."""
    budget, since = notice.budget, notice.keys[0].since
    amount = f"{_amount(budget, budget.amount_micro)}{' credits' if budget.unit is Unit.CREDITS else ''}"
    who = f"{notice.subject} ({_about(budget)})" if notice.subject else _about(budget)
    if notice.threshold is None:
        what = f"{amount} will probably be exceeded"
    else:
        what = f"{notice.threshold} % of {amount} reached, {_amount(budget, notice.used_micro)} used"
    return f"budget: {who}, {budget.cycle} from {since}: {what}"


def notice_as_json(notice: Notice) -> dict[str, Any]:
    """The same for machines; amounts are in the budget's unit."""
    budget = notice.budget
    return {
        "scope": str(budget.scope),
        "name": budget.name,
        "email": notice.subject,
        "cycle": str(budget.cycle),
        "since": notice.keys[0].since.isoformat(),
        "unit": str(budget.unit),
        "amount": budget.amount_micro / MICRO,
        "used": notice.used_micro / MICRO,
        "thresholds": [key.threshold for key in notice.keys if key.threshold is not None],
        "forecast": any(key.threshold is None for key in notice.keys),
    }


def _about(budget: Budget) -> str:
    kind = budget.scope.replace("_", " ")
    if budget.name:
        return f"{kind} {budget.name}"
    return "each person" if budget.scope is Scope.PERSON else f"the {kind}"


def _amount(budget: Budget, micro: int) -> str:
    return credits_text(micro) if budget.unit is Unit.CREDITS else usd_text(micro)
