"""What is said about budgets, noted and ordered in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.budgets.terms import SaidKey
from bot.core.deliveries import Order
from bot.store import budgets, ledger
from bot.store.deliveries import insert_orders
from bot.store.engine import Connection
from bot.store.incidents import load_managers


class SqliteBudgetLedger:
    """A `bot.ports.BudgetLedger`, inside the transaction of a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load_budget_mark(self) -> str:
        return budgets.budget_mark(self._connection)

    def find_unsaid(self, keys: Iterable[SaidKey]) -> set[SaidKey]:
        return budgets.find_unsaid(self._connection, keys)

    def claim_said(self, keys: Iterable[SaidKey], label: str, now: datetime) -> None:
        budgets.claim_said(self._connection, keys, now, label)

    def load_managers(self, emails: Iterable[str]) -> dict[str, str]:
        return load_managers(self._connection, emails)

    def save_orders(self, orders: Sequence[Order], now: datetime) -> int:
        return insert_orders(self._connection, orders, now)

    def save_note(self, name: str, value: str) -> None:
        ledger.save_note(self._connection, name, value)
