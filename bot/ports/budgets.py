"""Budgets as they are kept, and what is used of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from bot.core.budgets.groups import RosterCell
from bot.core.budgets.money import Limit, PersonSpend, Spend
from bot.core.budgets.terms import Budget, BudgetChange, SaidKey, Scope, Terms
from bot.core.deliveries import Order
from bot.core.periods import Period
from bot.core.visibility import BudgetSight, Sight, WholeCompany


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

    def load_said_in(self, label: str, sight: Sight) -> list[SaidKey]:
        """What a message says: of the organisation and groups all of it, of people alone that of those in sight."""
        ...

    def load_budget_mark(self) -> str:
        """A text that differs as soon as other usage, other people or other budgets are stored."""
        ...

    def find_head(self, budget: Budget) -> str | None:
        """The address of the lowest person, employed today, whose group or chain holds everybody of a group."""
        ...


class BudgetLedger(Protocol):
    """What is said about budgets, inside one write transaction: all that is noted in it is kept, or nothing."""

    def load_budget_mark(self) -> str:
        """As a snapshot has it."""
        ...

    def find_unsaid(self, keys: Iterable[SaidKey]) -> set[SaidKey]:
        """Those of the keys that were not noted yet."""
        ...

    def claim_said(self, keys: Iterable[SaidKey], label: str, now: datetime) -> None:
        """Note what the message with that label says."""
        ...

    def load_managers(self, emails: Iterable[str]) -> dict[str, str]:
        """The addresses of those who manage these people and are employed today, by whom they manage."""
        ...

    def save_orders(self, orders: Sequence[Order], now: datetime) -> int:
        """Have messages sent, each once; returns how many were new."""
        ...

    def save_note(self, name: str, value: str) -> None:
        """Keep a small fact."""
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

    def changing_budgets(self) -> AbstractContextManager[BudgetLedger]:
        """The right to note what is said, until the end of the block."""
        ...

    def keep_group_sums(self, since: date) -> None:
        """Keep what each group with a budget used by day, from then on at least, summed beforehand."""
        ...
