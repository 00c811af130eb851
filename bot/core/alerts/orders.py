"""The messages that news of incidents make: to the finance channel, and to the managers of whom they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.core.alerts.incidents import Change, Incident, Telling
from bot.core.deliveries import ALERT, Order

OPEN_FOR = timedelta(days=7)
"""An alert that could not be sent for so long helps nobody any more."""


class AlertKind(StrEnum):
    """The kinds of messages; a card is edited while its incidents move, what is below it stands as it was sent.

    That it goes on is meant to be noticed; a line, that something has happened, is for whoever reads the thread.
    """

    CARD = "alert"
    AGAIN = "alert_again"
    LINE = "alert_line"
    MANAGER_CARD = "manager_alert"
    MANAGER_AGAIN = "manager_alert_again"
    MANAGER_LINE = "manager_alert_line"

    @property
    def is_card(self) -> bool:
        """True for what is edited."""
        return self in CARDS

    @property
    def card(self) -> AlertKind:
        """The card to which a message belongs."""
        is_to_channel = self in {AlertKind.CARD, AlertKind.AGAIN, AlertKind.LINE}
        return AlertKind.CARD if is_to_channel else AlertKind.MANAGER_CARD

    @property
    def line(self) -> AlertKind:
        """The kind of the lines below its card."""
        return AlertKind.LINE if self.card is AlertKind.CARD else AlertKind.MANAGER_LINE


CARDS = (AlertKind.CARD, AlertKind.MANAGER_CARD)
LINES = (AlertKind.LINE, AlertKind.MANAGER_LINE)


def orders_of(
    changes: Iterable[Change], channel: str | None, managers: Mapping[str, str], now: datetime
) -> list[Order]:
    """Each message once, whatever it is about; ``managers`` by the address of whom they manage."""
    found = (
        order_of(kind, recipient, told.label, told.day, now)
        for change in changes
        if change.telling and (told := change.incident.told)
        for kind, recipient in _recipients(change.telling, change.incident, channel, managers)
    )
    return list({(order.kind, order.recipient, order.period): order for order in found}.values())


def order_of(kind: AlertKind, recipient: str, label: str, day: date, now: datetime) -> Order:
    """Due since the day was over, not since it was seen: whoever restores a backup finds it in doubt, not new."""
    midnight = datetime.combine(day, time(), UTC)
    due_at = min(now, midnight + timedelta(days=1))
    return Order(kind, recipient, label, due_at, now + OPEN_FOR, midnight, ALERT)


def card_label(order: Order) -> str:
    """The label of the card to which a message belongs."""
    return order.period.partition(".")[0]


def _recipients(
    telling: Telling, incident: Incident, channel: str | None, managers: Mapping[str, str]
) -> Iterator[tuple[AlertKind, str]]:
    is_card = telling is Telling.CARD
    if channel:
        yield (AlertKind.CARD if is_card else AlertKind.AGAIN), channel
    if manager := managers.get(incident.key.subject or ""):
        yield (AlertKind.MANAGER_CARD if is_card else AlertKind.MANAGER_AGAIN), manager
