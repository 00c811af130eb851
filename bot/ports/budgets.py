"""Budgets as they are kept, and what is used of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from bot.core.budget_groups import RosterCell
from bot.core.budget_money import Limit, PersonSpend, Spend
from bot.core.budgets import Budget, BudgetChange, SaidKey, Scope, Terms
from bot.core.periods import Period
from bot.core.visibility import BudgetSight, WholeCompany


class BudgetReads(Protocol):
    """The part of a snapshot that is about budgets.

    Where a period is asked for, it should end with today: such are summed beforehand.
    """

    def load_budgets(self) -> list[Budget]:
        """Every budget in force, the organisation's first and each person's last."""
        ...

    def is_wholly_in_sight(self, sight: BudgetSight, budget: Budget) -> bool:
        """True where every person of the budget's group, leavers included, is in sight, and there is anybody.

        The organisation is wholly in sight of the whole company only.
        """
        ...

    def load_spend_by_day(self, sight: BudgetSight, budget: Budget, period: Period) -> dict[date, Spend]:
        """What those in sight of the organisation or a group used; days without use are missing."""
        ...

    def load_spend_by_client(self, sight: BudgetSight, budget: Budget, period: Period) -> dict[str, Spend]:
        """What those in sight of a group used, by the client as it came."""
        ...

    def rank_group_people(
        self, sight: BudgetSight, budget: Budget, period: Period, most: int
    ) -> list[PersonSpend]:
        """Those in sight of a group who used most credits, largest first."""
        ...

    def find_people_over(
        self, sight: BudgetSight, period: Period, limit: Limit, most: int
    ) -> list[PersonSpend]:
        """The people in sight who used at least ``limit``, largest first, at most ``most``."""
        ...

    def count_people_over(self, sight: BudgetSight, period: Period, limit: Limit) -> int:
        """How many people in sight used at least ``limit``."""
        ...

    def find_unsaid_people(
        self, sight: WholeCompany, budget: Budget, period: Period, threshold: int, limit: Limit
    ) -> list[PersonSpend]:
        """The people who used at least ``limit`` and of whom this threshold was not said in the period."""
        ...

    def load_people_days(self, found: Iterable[PersonSpend], period: Period) -> dict[str, dict[date, Spend]]:
        """What people found before used on each day, by address."""
        ...

    def load_group_sizes(self, sight: WholeCompany, scope: Scope) -> Mapping[str, int]:
        """The groups of a scope with the number of their people who are employed today; none without any."""
        ...

    def load_roster_cells(self, sight: WholeCompany) -> list[RosterCell]:
        """How many people share team, department and cost centre."""
        ...

    def has_estimates(self, period: Period) -> bool:
        """True where the vendor estimated what any of the period's credits cost."""
        ...

    def load_budget_said(self, budget: Budget, since: date) -> set[SaidKey]:
        """What was said of the version and the period that begins then, about nobody alone."""
        ...


class BudgetStore(Protocol):
    """The part of the store that keeps budgets. Every method is one transaction and raises `StoreError`."""

    def save_budget(
        self, terms: Terms, by: str, now: datetime, replaces: Budget | None = None
    ) -> Budget | None:
        """Add a budget, or make it the next version of one; ``by`` is written down with the change.

        None, and nothing done, where that version is in force no more or there is a budget for the same.
        """
        ...

    def remove_budget(self, budget: Budget, by: str, now: datetime) -> bool:
        """Take a budget out of force. False, and nothing done, where that version is in force no more."""
        ...

    def load_budget_changes(self) -> list[BudgetChange]:
        """Every change ever made, oldest first."""
        ...

    def claim_said(self, keys: Iterable[SaidKey], now: datetime) -> list[SaidKey]:
        """Note what is handed on to be said; those of the keys that were not noted before."""
        ...
