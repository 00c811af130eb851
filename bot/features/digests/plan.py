"""Whose digest has become due: orders for the outbox, each person's once a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.deliveries import Order
from bot.core.digests.contents import DigestKind
from bot.core.digests.times import FRESH, PATIENCE, DigestClock, Turn, WeekMoment, due_at, turn_at
from bot.core.ledger import Run
from bot.core.metrics import ONE_DAY
from bot.core.periods import Period
from bot.ports import Store

BEGUN = "digests_begun"
"""The note with the instant at which digests began to be sent by themselves."""

KEPT = timedelta(days=400)
LAST_CALL = timedelta(days=1)
"""So long a digest that an operator asked for is tried at least."""


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """When digests are due where nobody chose otherwise, and the channel that gets the organisation's."""

    usual: WeekMoment
    timezone: ZoneInfo
    finance_channel: str | None = None


@dataclass(frozen=True, slots=True)
class _Week:
    """The turns of one week, by clock, as far as they may go out."""

    period: Period
    turns: Mapping[DigestClock, Turn]


class PlanDigests:
    """Fills the outbox. Every method raises `StoreError`."""

    def __init__(self, store: Store, settings: PlanSettings) -> None:
        self._store = store
        self._settings = settings

    def plan(self, now: datetime) -> int:
        """Order whatever has become due and is complete, or has waited long enough; returns how many were new."""
        begun = self._begin(now)
        orders = [order for kind in DigestKind for order in self._due(kind, now, begun)]
        added = self._store.save_orders(orders, now) if orders else 0
        if added:
            self._forget_old(now)
        return added

    def last_sync(self) -> Run | None:
        """The newest run in the ledger: after another one a week may be complete that was not."""
        return self._store.load_last_run()

    def orders_for(self, week: Period, now: datetime) -> list[Order]:
        """Whoever is to get the digest of that week and has none yet, due or not; open for a day at least."""
        return [
            self._asked_for(kind, recipient, week, clock, now)
            for kind in DigestKind
            for recipient, clock in self._recipients(kind, week.label)
        ]

    def _forget_old(self, now: datetime) -> None:
        while self._store.prune_deliveries(now - KEPT):
            continue

    def _begin(self, now: datetime) -> datetime:
        noted = self._store.load_note(BEGUN)
        if noted is not None:
            return datetime.fromisoformat(noted)
        self._store.save_note(BEGUN, now.isoformat())
        return now

    def _due(self, kind: DigestKind, now: datetime, begun: datetime) -> Iterator[Order]:
        for week in self._ripe_weeks(kind, now, begun):
            for recipient, clock in self._recipients(kind, week.period.label):
                if clock in week.turns:
                    turn = week.turns[clock]
                    yield _order(kind, recipient, week.period, turn.due_at, turn.expires_at)

    def _ripe_weeks(self, kind: DigestKind, now: datetime, begun: datetime) -> list[_Week]:
        turns: dict[Period, dict[DigestClock, Turn]] = defaultdict(dict)
        for clock in self._clocks(kind):
            turn = self._turn(clock, now)
            if turn.due_at >= begun - FRESH:
                turns[turn.week][clock] = turn
        return [
            _Week(week, ripe)
            for week, of_week in turns.items()
            if (ripe := of_week if self._is_complete(week, now) else _patient_enough(of_week, now))
        ]

    def _turn(self, clock: DigestClock, now: datetime) -> Turn:
        return turn_at(now, clock.moment(self._settings.usual), clock.zone(self._settings.timezone))

    def _is_complete(self, week: Period, now: datetime) -> bool:
        with self._store.snapshot() as seen:
            complete_to = seen.load_freshness(week, now).complete_to
        return complete_to is not None and complete_to >= week.until - ONE_DAY

    def _clocks(self, kind: DigestKind) -> list[DigestClock]:
        if kind is DigestKind.ORGANISATION:
            return [DigestClock()] if self._settings.finance_channel else []
        return self._store.load_digest_clocks(kind)

    def _recipients(self, kind: DigestKind, period: str) -> list[tuple[str, DigestClock]]:
        if kind is not DigestKind.ORGANISATION:
            return self._store.load_digest_recipients(kind, period)
        channel = self._settings.finance_channel
        return [(channel, DigestClock())] if channel else []

    def _asked_for(
        self, kind: DigestKind, recipient: str, week: Period, clock: DigestClock, now: datetime
    ) -> Order:
        due = due_at(week, clock.moment(self._settings.usual), clock.zone(self._settings.timezone))
        return _order(kind, recipient, week, due, max(due + 7 * ONE_DAY, now + LAST_CALL))


def _patient_enough(turns: Mapping[DigestClock, Turn], now: datetime) -> dict[DigestClock, Turn]:
    return {clock: turn for clock, turn in turns.items() if now >= turn.due_at + PATIENCE}


def _order(kind: DigestKind, recipient: str, week: Period, due: datetime, expires: datetime) -> Order:
    traces_since = datetime.combine(week.until - ONE_DAY, time(), UTC)
    return Order(kind, recipient, week.label, due, expires, traces_since)
