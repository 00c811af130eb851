"""Writes the message about incidents that is in the outbox, as of the moment at which it is sent or edited."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.alerts.ask_first import ASK, OwnKind
from bot.core.alerts.cards import AlertCard, AlertItem, Move, Subject
from bot.core.alerts.incidents import Happening
from bot.core.alerts.orders import LINES, AlertKind
from bot.core.deliveries import Letter, Order
from bot.core.people import Person
from bot.core.visibility import Viewer, may_learn_of_alert, may_name_in_channel
from bot.features.alerts.facts import build_item, own_answer
from bot.features.alerts.threads import find_thread
from bot.ports import Channels, IncidentEvent, KeptIncident, Snapshot, Store

OVER = "nothing stands out any more: the figures were corrected before it was sent"
RETUNED = "nothing stands out any more: the settings were changed before it was sent"
GONE = "it was told anew meanwhile"
NOT_THEIRS = "nobody on it is below them any more"
NO_CARD = "the card below which it belongs does not stand in Slack"
PSEUDONYM_LENGTH = 4
_ASIDE = {Happening.CHANGED, Happening.TOLD_AGAIN, *map(Happening, OwnKind)}
"""What leaves the move that says how it stands as it was: other figures, and what the person says of it."""


class AlertWriter:
    """Implements `bot.ports.Composer`; ``forms_of`` renders a card, the fullest form first.

    ``secret`` makes the pseudonyms, which are the same for ever.
    """

    def __init__(
        self, store: Store, channels: Channels, secret: str, forms_of: Callable[[AlertCard], Sequence[object]]
    ) -> None:
        self._store = store
        self._channels = channels
        self._secret = secret
        self._forms_of = forms_of

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """Raises `StoreError`."""
        card = self.build(order, now)
        if isinstance(card, str):
            return card
        if card.kind in LINES:
            return self._letter(order, card) if card.thread else NO_CARD
        moves = {item.move.what for item in card.items}
        if moves <= {Happening.CORRECTED, Happening.RETUNED}:
            return RETUNED if Happening.RETUNED in moves else OVER
        return self._letter(order, card)

    def rewrite(self, order: Order, now: datetime) -> Letter | str:
        """The same for a message that stands already, whatever has become of it."""
        card = self.build(order, now)
        return card if isinstance(card, str) else self._letter(order, card)

    def build(self, order: Order, now: datetime) -> AlertCard | str:
        """What is to be said, or why nothing."""
        kind = AlertKind(order.kind)
        kept = self._load(order)
        if not kept:
            return GONE
        to_name = kind.card is AlertKind.MANAGER_CARD or self._may_name(order.recipient)
        with self._store.snapshot() as snapshot:
            reader = _reader(snapshot, kind, order.recipient)
            items = [
                self._item(snapshot, one, person, order, to_name=to_name, now=now)
                for one in kept
                if _is_for(reader, person := _subject(snapshot, one), kind)
            ]
        thread = None if kind.is_card else find_thread(self._store, order)
        return AlertCard(kind, tuple(items), thread) if items else NOT_THEIRS

    def _letter(self, order: Order, card: AlertCard) -> Letter:
        """``said`` is the newest event that the message shows."""
        return Letter(self._forms_of(card), str(max(one.event for one in self._load(order))))

    def _load(self, order: Order) -> list[KeptIncident]:
        kind = AlertKind(order.kind)
        if kind in LINES:
            return self._store.load_lined(order.period)
        return self._store.load_card(order.period) if kind.is_card else self._store.load_told(order.period)

    def _may_name(self, channel: str) -> bool:
        return may_name_in_channel(is_private=self._channels.is_private(channel))

    def _item(
        self,
        snapshot: Snapshot,
        kept: KeptIncident,
        person: Person | None,
        order: Order,
        *,
        to_name: bool,
        now: datetime,
    ) -> AlertItem:
        told_as, events = self._told_as(kept, person, to_name=to_name), self._store.load_events(kept.number)
        item = build_item(snapshot, kept, person, told_as, _move(snapshot, events, order), now)
        answer = own_answer(snapshot, events, person, now)
        if answer and not to_name:
            answer = replace(answer, reason=None)
        return replace(
            item, own_answer=answer, is_asked=not answer and item.is_live and self._was_asked(kept)
        )

    def _was_asked(self, kept: KeptIncident) -> bool:
        incident = kept.incident
        return self._store.find_conversation(ASK, incident.key.subject or "", incident.card or "") is not None

    def _told_as(self, kept: KeptIncident, person: Person | None, *, to_name: bool) -> Subject:
        subject = kept.incident.key.subject
        if subject is None:
            return Subject()
        if to_name:
            return Subject(name=person.name if person else subject)
        return Subject(pseudonym=pseudonym(self._secret, subject))


def pseudonym(secret: str, subject: str) -> str:
    """A few signs that stand for somebody and tell nobody who it is."""
    signs = hmac.new(secret.encode(), f"alert\0{subject}".encode(), hashlib.sha256).hexdigest()
    return signs[:PSEUDONYM_LENGTH].upper()


def _move(snapshot: Snapshot, events: Sequence[IncidentEvent], order: Order) -> Move:
    """What says how it stands, where figures that change leave an answer as it was; in a line its own."""
    last = next((one for one in events if one.line == order.period), None) or next(
        (one for one in reversed(events) if one.what not in _ASIDE), events[-1]
    )
    by = last.authorship.by
    author = snapshot.find_person(email=by) if by else None
    return Move(last.what, author.name if author else by, last.authorship.reason, last.until)


def _reader(snapshot: Snapshot, kind: AlertKind, recipient: str) -> Viewer | None:
    """Whoever gets it, where it is a person."""
    if kind.card is AlertKind.CARD:
        return None
    person = snapshot.find_person(email=recipient)
    return Viewer(None if person is None or person.archived else person)


def _subject(snapshot: Snapshot, kept: KeptIncident) -> Person | None:
    subject = kept.incident.key.subject
    return snapshot.find_person(email=subject) if subject else None


def _is_for(reader: Viewer | None, person: Person | None, kind: AlertKind) -> bool:
    """A channel reads everything, a manager of those below alone."""
    if kind.card is AlertKind.CARD:
        return True
    return reader is not None and may_learn_of_alert(reader, person)
