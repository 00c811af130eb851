"""Which of the writers a message is for: alerts of spend, alerts of budgets and digests share an outbox."""

from __future__ import annotations

from datetime import datetime

from bot.core.alert_orders import AlertKind
from bot.core.budget_orders import BudgetAlertKind
from bot.core.deliveries import Letter, Order
from bot.ports import Composer

_ALERTS = set(AlertKind)
_BUDGETS = set(BudgetAlertKind)


class AnyWriter:
    """Implements `bot.ports.Composer` with three others."""

    def __init__(self, digests: Composer, alerts: Composer, budgets: Composer) -> None:
        self._digests = digests
        self._alerts = alerts
        self._budgets = budgets

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """As the writer of its kind does."""
        return self._writer_of(order.kind).compose(order, now)

    def _writer_of(self, kind: str) -> Composer:
        if kind in _BUDGETS:
            return self._budgets
        return self._alerts if kind in _ALERTS else self._digests
