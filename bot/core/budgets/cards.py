"""What a message about budgets says, as values: no words, no blocks, and no name that may not be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.core.alerts.cards import Subject
from bot.core.budgets.orders import BudgetAlertKind
from bot.core.budgets.standing import Standing


@dataclass(frozen=True, slots=True)
class Armed:
    """The UTC day on which the budget was made, or edited, inside the period that is told of."""

    on: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """One budget in one period.

    ``threshold`` is the highest of those that are news and still reached, and ``reached_on`` the UTC day that
    reached it; without one it is the forecast that is news. ``subject`` is whom a budget for each person is
    about. ``missing`` counts the days of the period that were not read. ``days`` are the use of each day so far,
    in millionths of the unit.
    """

    standing: Standing
    threshold: int | None
    reached_on: date | None = None
    armed: Armed | None = None
    subject: Subject | None = None
    missing: int = 0
    days: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetCard:
    """One message: the budgets on it, those of which most is used first.

    ``is_estimated`` says that dollars are the vendor's estimate, for want of a contract price.
    """

    kind: BudgetAlertKind
    items: tuple[BudgetItem, ...]
    is_estimated: bool = False
