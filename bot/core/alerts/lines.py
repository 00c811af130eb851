"""What is said below a card of what has happened since: that somebody answered, and that it is over."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.alerts.incidents import Change, Happening
from bot.core.alerts.orders import AlertKind, order_of
from bot.core.deliveries import Order

SAID = frozenset(
    {
        Happening.ACKNOWLEDGED,
        Happening.SNOOZED,
        Happening.EXPECTED,
        Happening.NEW_NORMAL,
        Happening.CALMED,
        Happening.CORRECTED,
        Happening.FORGOTTEN,
    }
)
"""All else is on the card alone: it would be noise."""


def with_lines(changes: Sequence[Change], answered_at: datetime | None = None) -> tuple[Change, ...]:
    """The changes, those of which a line is said with its label: one message a card, whatever happened at once.

    What an evaluation finds has the same label whenever it is found, so that it is said once even after a backup
    was restored; an answer is another one each time that it is given.
    """
    by_card: defaultdict[str | None, list[Change]] = defaultdict(list)
    for change in changes:
        if change.what in SAID:
            by_card[change.incident.card].append(change)
    labels = {card: f"{card}.{_hash(told, answered_at)}" for card, told in by_card.items() if card}
    return tuple(
        replace(change, line=labels.get(change.incident.card or "")) if change.what in SAID else change
        for change in changes
    )


def line_orders(changes: Iterable[Change], cards: Sequence[Order], now: datetime) -> list[Order]:
    """The messages below the cards that stand, or may."""
    days = {
        change.line: (change.incident.card, change.incident.days[-1].day) for change in changes if change.line
    }
    return [
        order_of(AlertKind(card.kind).line, card.recipient, label, day, now)
        for label, (period, day) in days.items()
        for card in cards
        if card.period == period
    ]


def _hash(changes: Iterable[Change], answered_at: datetime | None) -> str:
    facts = [str(answered_at), *(_facts(one) for one in changes)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def _facts(change: Change) -> list[object]:
    key, days = change.incident.key, change.incident.days
    return [key.subject, key.kind, change.what, *((str(one.day), one.credits_micro) for one in days)]
