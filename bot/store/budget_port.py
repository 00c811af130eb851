"""The parts of the store's ports that are about budgets, each call one transaction or one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from bot.core.budgets.groups import RosterCell
from bot.core.budgets.money import Limit, PersonSpend, Spend
from bot.core.budgets.terms import Budget, BudgetChange, SaidKey, Scope, Terms
from bot.core.periods import Period
from bot.core.visibility import BudgetSight, Sight, WholeCompany
from bot.store import budget_filling, budget_reads, budgets
from bot.store.budget_ledger import SqliteBudgetLedger
from bot.store.engine import Connection, Engine

FILL_ATTEMPTS = 3


class SqliteBudgets:
    """A `bot.ports.budgets.BudgetStore`."""

    engine: Engine

    def save_budget(
        self, terms: Terms, by: str, now: datetime, replaces: Budget | None = None
    ) -> Budget | None:
        with self.engine.writing() as connection:
            return budgets.save_budget(connection, terms, by, now, replaces)

    def remove_budget(self, budget: Budget, by: str, now: datetime) -> bool:
        with self.engine.writing() as connection:
            return budgets.remove_budget(connection, budget, by, now)

    def load_budget_changes(self) -> list[BudgetChange]:
        with self.engine.reading() as connection:
            return budgets.load_changes(connection)

    def claim_said(self, keys: Iterable[SaidKey], now: datetime) -> list[SaidKey]:
        with self.engine.writing() as connection:
            return budgets.claim_said(connection, keys, now)

    @contextmanager
    def changing_budgets(self) -> Iterator[SqliteBudgetLedger]:
        with self.engine.writing() as connection:
            yield SqliteBudgetLedger(connection)

    def keep_group_sums(self, since: date) -> None:
        """Adding up can take a while, so nobody is kept from writing by it; whoever writes makes it begin anew."""
        for _ in range(FILL_ATTEMPTS):
            with self.engine.reading() as connection:
                change = budget_filling.find_change(connection, since)
            if change is None:
                return
            with self.engine.writing() as connection:
                if budget_filling.keep(connection, change):
                    return


class SqliteBudgetReads:
    """A `bot.ports.budgets.BudgetReads`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load_budgets(self) -> list[Budget]:
        return budgets.load_budgets(self._connection)

    def is_wholly_in_sight(self, sight: BudgetSight, budget: Budget) -> bool:
        return budget_reads.is_wholly_in_sight(self._connection, sight, budget)

    def load_spend_by_day(self, sight: BudgetSight, budget: Budget, period: Period) -> dict[date, Spend]:
        return budget_reads.load_spend_by_day(self._connection, sight, budget, period)

    def load_spend_by_client(self, sight: BudgetSight, budget: Budget, period: Period) -> dict[str, Spend]:
        return budget_reads.load_spend_by_client(self._connection, sight, budget, period)

    def rank_group_people(
        self, sight: BudgetSight, budget: Budget, period: Period, most: int
    ) -> list[PersonSpend]:
        return budget_reads.rank_group_people(self._connection, sight, budget, period, most)

    def find_people_over(
        self, sight: BudgetSight, period: Period, limit: Limit, most: int
    ) -> list[PersonSpend]:
        return budget_reads.find_people_over(self._connection, sight, period, limit, most)

    def count_people_over(self, sight: BudgetSight, period: Period, limit: Limit) -> int:
        return budget_reads.count_people_over(self._connection, sight, period, limit)

    def find_unsaid_people(
        self, sight: WholeCompany, budget: Budget, period: Period, threshold: int, limit: Limit
    ) -> list[PersonSpend]:
        return budget_reads.find_unsaid_people(self._connection, sight, budget, period, threshold, limit)

    def load_people_days(self, found: Iterable[PersonSpend], period: Period) -> dict[str, dict[date, Spend]]:
        return budget_reads.load_people_days(self._connection, found, period)

    def load_group_sizes(self, sight: WholeCompany, scope: Scope) -> Mapping[str, int]:
        return budget_reads.load_group_sizes(self._connection, sight, scope)

    def load_roster_cells(self, sight: WholeCompany) -> list[RosterCell]:
        return budget_reads.load_roster_cells(self._connection, sight)

    def has_estimates(self, period: Period) -> bool:
        return budget_reads.has_estimates(self._connection, period)

    def load_budget_said(self, budget: Budget, since: date) -> set[SaidKey]:
        return budgets.load_said(self._connection, budget, since)

    def load_said_in(self, label: str, sight: Sight) -> list[SaidKey]:
        return budgets.load_said_in(self._connection, label, sight)

    def load_budget_mark(self) -> str:
        return budgets.budget_mark(self._connection)

    def find_head(self, budget: Budget) -> str | None:
        return budget_reads.find_head(self._connection, budget)
