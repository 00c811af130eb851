"""Writes the digest that is in the outbox, as of the moment at which it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core.deliveries import Letter, Order
from bot.core.digests.contents import Digest, DigestKind, NothingToSend, Said
from bot.core.digests.times import week_of, week_of_label
from bot.core.metrics import ONE_DAY
from bot.features.digests.compose import Digests
from bot.ports import Store


class DigestWriter:
    """Implements `bot.ports.Composer`; ``forms_of`` renders a digest, the fullest form first."""

    def __init__(
        self, store: Store, digests: Digests, forms_of: Callable[[Digest], Sequence[object]]
    ) -> None:
        self._store = store
        self._digests = digests
        self._forms_of = forms_of

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """Raises `StoreError`."""
        week = week_of_label(order.period)
        before = week_of(week.since - ONE_DAY)
        told = self._store.load_said(order.kind, order.recipient, before.label)
        earlier = None if told is None else Said.of_text(told)
        digest = self._digests.compose(DigestKind(order.kind), order.recipient, week, now, earlier)
        if isinstance(digest, NothingToSend):
            return digest.reason
        return Letter(self._forms_of(digest), digest.said.as_text())
