"""In which thread a message about incidents belongs: that of its card."""

from __future__ import annotations

from bot.core.alerts.orders import AlertKind, card_label
from bot.core.deliveries import Order
from bot.ports import Store


def find_thread(store: Store, order: Order) -> str | None:
    """The ``ts`` of the card; None where it does not stand in Slack."""
    found = store.find_conversation(AlertKind(order.kind).card, order.recipient, card_label(order))
    return found[1] if found else None
