"""A week's digests on an operator's word: who gets one, how each stands, and what is still to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.deliveries import Delivery, DeliveryState, Letter, Order
from bot.core.digests.contents import DigestKind
from bot.core.periods import Period
from bot.errors import UserError
from bot.features.digests.plan import LAST_CALL, PlanDigests
from bot.ports import Composer, Store

_TRIED_AGAIN = {DeliveryState.PARKED, DeliveryState.DROPPED}


class SendDigests:
    """Of everyone, or of one address. Methods raise `StoreError`, and `UserError` for what cannot be asked for."""

    def __init__(self, store: Store, planner: PlanDigests, writer: Composer) -> None:
        self._store = store
        self._planner = planner
        self._writer = writer

    def look(self, week: Period, email: str | None, now: datetime) -> list[Delivery]:
        """Every digest of the week as it stands; one that is not in the outbox yet has the number 0."""
        self._refuse_unread(week, now)
        self._refuse_stranger(email)
        kept = [one for one in self._store.load_deliveries(week.label) if one.order.kind in _KINDS]
        planned = [Delivery(0, order, DeliveryState.PENDING) for order in self._planner.orders_for(week, now)]
        found = [one for one in (*kept, *planned) if email in (None, one.order.recipient)]
        if email is not None and not found:
            raise UserError(f"{email} gets no digest of {week.label}: {self._why_not(email, week, now)}.")
        return found

    def order(self, week: Period, email: str | None, now: datetime) -> list[int]:
        """Order what is to be sent, and renew what was parked or dropped; the numbers of all that is open."""
        found = self.look(week, email, now)
        new = [replace(one.order, due_at=min(one.order.due_at, now)) for one in found if not one.number]
        self._store.save_orders(new, now)
        again = [one.number for one in found if one.state in _TRIED_AGAIN]
        self._store.renew_deliveries(again, now, now + LAST_CALL)
        return [one.number for one in self.look(week, email, now) if not one.state.is_final]

    def load(self, week: Period, numbers: list[int]) -> list[Delivery]:
        """These deliveries as they stand now."""
        wanted = set(numbers)
        return [one for one in self._store.load_deliveries(week.label) if one.number in wanted]

    def compose(self, delivery: Delivery, now: datetime) -> Letter | str:
        """What it would say now, or why nothing."""
        return self._writer.compose(delivery.order, now)

    def _refuse_unread(self, week: Period, now: datetime) -> None:
        with self._store.snapshot() as seen:
            missing = seen.load_freshness(week, now).missing
        if len(missing) == week.length:
            raise UserError(
                f"Nothing is stored of {week.label}: read it with `codex-usage-bot sync --since {week.since}`."
            )

    def _refuse_stranger(self, email: str | None) -> None:
        if email is None:
            return
        with self._store.snapshot() as seen:
            person = seen.find_person(email=email)
        if person is None:
            raise UserError(f"{email} is not in the roster.")

    def _why_not(self, email: str, week: Period, now: datetime) -> str:
        order = Order(DigestKind.MANAGER, email, week.label, now, now, now)
        told = self._writer.compose(order, now)
        return told if isinstance(told, str) else "has paused digests"


_KINDS = {str(kind) for kind in DigestKind}
