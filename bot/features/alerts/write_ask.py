"""Writes the message that asks somebody before others hear of them, as of the moment of sending or editing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.alerts.ask_first import is_critical
from bot.core.alerts.ask_notices import AskNotice
from bot.core.alerts.cards import AlertItem, Move, Subject
from bot.core.alerts.incidents import Happening, Incident
from bot.core.deliveries import Letter, Order
from bot.features.alerts.facts import build_item, own_answer
from bot.features.alerts.write import GONE, OVER
from bot.ports import KeptIncident, Snapshot, Store


class AskWriter:
    """Implements `bot.ports.Composer` and `bot.ports.Rewriter`; ``forms_of`` renders a notice.

    ``grace`` is how long others wait for an answer.
    """

    def __init__(
        self, store: Store, grace: timedelta, forms_of: Callable[[AskNotice], Sequence[object]]
    ) -> None:
        self._store = store
        self._grace = grace
        self._forms_of = forms_of

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """Raises `StoreError`."""
        notice = self.build(order, now)
        if isinstance(notice, str):
            return notice
        return self._letter(order, notice) if any(item.is_live for item in notice.items) else OVER

    def rewrite(self, order: Order, now: datetime) -> Letter | str:
        """The same for a message that stands already, whatever has become of it."""
        notice = self.build(order, now)
        return notice if isinstance(notice, str) else self._letter(order, notice)

    def build(self, order: Order, now: datetime) -> AskNotice | str:
        """What is to be said, or why nothing."""
        mine = [
            one for one in self._store.load_card(order.period) if one.incident.key.subject == order.recipient
        ]
        if not mine:
            return GONE
        with self._store.snapshot() as snapshot:
            items = [self._item(snapshot, one, order.recipient, now) for one in mine]
        return AskNotice(tuple(items), self._tells_at([one.incident for one in mine]))

    def _tells_at(self, incidents: Sequence[Incident]) -> datetime | None:
        """The end of the grace that began when it opened; None once it is critical, or was told once more."""
        told = [one.told for one in incidents if one.told and one.told.label == one.card]
        if len(told) < len(incidents) or any(map(is_critical, incidents)):
            return None
        return min(one.at for one in told) + self._grace

    def _item(self, snapshot: Snapshot, kept: KeptIncident, recipient: str, now: datetime) -> AlertItem:
        person = snapshot.find_person(email=recipient)
        events = self._store.load_events(kept.number)
        move = Move(next(one.what for one in reversed(events) if one.what != Happening.CHANGED))
        item = build_item(snapshot, kept, person, Subject(name=recipient), move, now)
        return replace(item, own_answer=own_answer(snapshot, events, person, now))

    def _letter(self, order: Order, notice: AskNotice) -> Letter:
        """``said`` is the newest event of the whole card, by which messages are found to be stale."""
        return Letter(
            self._forms_of(notice), str(max(one.event for one in self._store.load_card(order.period)))
        )
