"""Which of the writers a message is for: digests, alerts, budgets, plans and questions share an outbox."""

from __future__ import annotations

from datetime import datetime

from bot.core.alerts.ask_first import ASK
from bot.core.alerts.orders import AlertKind
from bot.core.budgets.orders import BudgetAlertKind
from bot.core.deliveries import Letter, Order
from bot.core.plans.bursts import PlanKind
from bot.features.alerts.write import AlertWriter
from bot.features.alerts.write_ask import AskWriter
from bot.ports import Composer

_ALERTS = set(AlertKind)
_PLANS = set(PlanKind)
_BUDGETS = set(BudgetAlertKind)


class AnyWriter:
    """Implements `bot.ports.Composer` with others."""

    def __init__(self, digests: Composer, plans: Composer, cards: CardWriter, budgets: Composer) -> None:
        self._digests = digests
        self._plans = plans
        self._cards = cards
        self._budgets = budgets

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """As the writer of its kind does."""
        return self._writer_of(order.kind).compose(order, now)

    def _writer_of(self, kind: str) -> Composer:
        if kind in _BUDGETS:
            return self._budgets
        if kind in _ALERTS or kind == ASK:
            return self._cards
        return self._plans if kind in _PLANS else self._digests


class CardWriter:
    """Implements `bot.ports.Composer` and `bot.ports.Rewriter` for what is about incidents."""

    def __init__(self, alerts: AlertWriter, asks: AskWriter) -> None:
        self._alerts = alerts
        self._asks = asks

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """For whoever is asked, or for those who hear of them."""
        return self._writer_of(order).compose(order, now)

    def rewrite(self, order: Order, now: datetime) -> Letter | str:
        """The same for what stands already."""
        return self._writer_of(order).rewrite(order, now)

    def _writer_of(self, order: Order) -> AlertWriter | AskWriter:
        return self._asks if order.kind == ASK else self._alerts
