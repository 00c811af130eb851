"""Which of the writers a message is for: alerts and digests share an outbox."""

from __future__ import annotations

from datetime import datetime

from bot.core.alert_orders import AlertKind
from bot.core.deliveries import Letter, Order
from bot.ports import Composer

_ALERTS = set(AlertKind)


class AnyWriter:
    """Implements `bot.ports.Composer` with two others."""

    def __init__(self, digests: Composer, alerts: Composer) -> None:
        self._digests = digests
        self._alerts = alerts

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """As the writer of its kind does."""
        writer = self._alerts if order.kind in _ALERTS else self._digests
        return writer.compose(order, now)
