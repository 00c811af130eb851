"""The messages that news of incidents make: to the finance channel, and to the managers of whom they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from bot.core.deliveries import ALERT, Order
from bot.core.incidents import Change, Incident, Telling, Told

OPEN_FOR = timedelta(days=7)
"""An alert that could not be sent for so long helps nobody any more."""


class AlertKind(StrEnum):
    """The kinds of messages; a card is edited while its incidents move, what is below it stands as it was sent."""

    CARD = "alert"
    AGAIN = "alert_again"
    MANAGER_CARD = "manager_alert"
    MANAGER_AGAIN = "manager_alert_again"

    @property
    def is_card(self) -> bool:
        """True for what is edited."""
        return self in CARDS

    @property
    def card(self) -> AlertKind:
        """The card to which a message belongs."""
        return AlertKind.CARD if self in {AlertKind.CARD, AlertKind.AGAIN} else AlertKind.MANAGER_CARD


CARDS = (AlertKind.CARD, AlertKind.MANAGER_CARD)


def orders_of(
    changes: Iterable[Change], channel: str | None, managers: Mapping[str, str], now: datetime
) -> list[Order]:
    """Each message once, whatever it is about; ``managers`` by the address of whom they manage."""
    found = (
        _order(kind, recipient, told, now)
        for change in changes
        if change.telling and (told := change.incident.told)
        for kind, recipient in _recipients(change.telling, change.incident, channel, managers)
    )
    return list({(order.kind, order.recipient, order.period): order for order in found}.values())


def _recipients(
    telling: Telling, incident: Incident, channel: str | None, managers: Mapping[str, str]
) -> Iterator[tuple[AlertKind, str]]:
    is_card = telling is Telling.CARD
    if channel:
        yield (AlertKind.CARD if is_card else AlertKind.AGAIN), channel
    if manager := managers.get(incident.key.subject or ""):
        yield (AlertKind.MANAGER_CARD if is_card else AlertKind.MANAGER_AGAIN), manager


def _order(kind: AlertKind, recipient: str, told: Told, now: datetime) -> Order:
    """Due since the day was over, not since it was seen: whoever restores a backup finds it in doubt, not new."""
    midnight = datetime.combine(told.day, time(), UTC)
    due_at = min(now, midnight + timedelta(days=1))
    return Order(kind, recipient, told.label, due_at, now + OPEN_FOR, midnight, ALERT)
