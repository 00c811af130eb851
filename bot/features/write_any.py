"""Which of the writers a message is for: digests, alerts and plans share an outbox."""

from __future__ import annotations

from datetime import datetime

from bot.core.alert_orders import AlertKind
from bot.core.deliveries import Letter, Order
from bot.core.plans import PlanKind
from bot.ports import Composer

_ALERTS = set(AlertKind)
_PLANS = set(PlanKind)


class AnyWriter:
    """Implements `bot.ports.Composer` with others."""

    def __init__(self, digests: Composer, alerts: Composer, plans: Composer) -> None:
        self._digests = digests
        self._alerts = alerts
        self._plans = plans

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """As the writer of its kind does."""
        return self._writer_of(order.kind).compose(order, now)

    def _writer_of(self, kind: str) -> Composer:
        if kind in _ALERTS:
            return self._alerts
        return self._plans if kind in _PLANS else self._digests
