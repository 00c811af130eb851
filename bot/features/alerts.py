"""Evaluates what is stored, moves incidents, and has what is news told: each of it once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.alert_orders import OPEN_FOR, AlertKind, orders_of
from bot.core.deliveries import DeliveryState, Order
from bot.core.incident_round import evaluate
from bot.core.incidents import Change
from bot.core.spikes import SpikeSettings
from bot.core.visibility import OPERATOR
from bot.features.alert_learn import Learning
from bot.features.alert_look import Look, look
from bot.ports import Authorship, IncidentLedger, Store

JUDGED = "alerts_judged"
"""The note with the state of the store, and the day, that were evaluated last."""

BEGUN = "alerts_begun"
"""The note with the UTC day of the first evaluation."""

FRESH = timedelta(days=1)
"""The first evaluation tells of that day and the one before: nobody's first day begins with old news."""

LAST_CALL = timedelta(days=1)
"""So long a message that was refused is tried again at least."""

MOST_RENEWED = 1000
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What fires, and who hears of it."""

    spikes: SpikeSettings
    finance_channel: str | None


@dataclass(frozen=True, slots=True)
class Round:
    """What one evaluation moved, and the messages that it makes."""

    changes: tuple[Change, ...]
    orders: tuple[Order, ...]


class Alerts:
    """Methods raise `StoreError`. ``tell`` hears what takes a while."""

    def __init__(
        self, store: Store, settings: AlertSettings, tell: Callable[[str], object] | None = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._learning = Learning(store, OPERATOR, settings.spikes, tell or _say_nothing)

    def evaluate_if_due(self, now: datetime) -> Round | None:
        """Evaluate where usage, people or the day have changed since the last time."""
        with self._store.snapshot() as snapshot:
            mark = _mark(snapshot.load_usage_mark(), now)
        return None if self._store.load_note(JUDGED) == mark else self.evaluate(now)

    def evaluate(self, now: datetime) -> Round | None:
        """Move incidents and order messages in one transaction; None where the store changed each time meanwhile.

        Then whoever changed it evaluates again.
        """
        for _ in range(ATTEMPTS):
            if (seen := self._look(now)) is None:
                continue
            with self._store.changing_incidents() as ledger:
                if ledger.load_usage_mark() == seen.mark:
                    found = self._judge(ledger, seen, now)
                    self._keep(ledger, found, seen, now)
                    return found
        return None

    def renew(self, now: datetime) -> list[Order]:
        """Have what Slack refused of late tried again, such as for a bot that was not in the channel yet."""
        troubles = self._store.load_troubles(now - OPEN_FOR, MOST_RENEWED)
        refused = [
            one for one in troubles if one.order.kind in set(AlertKind) and one.state is DeliveryState.PARKED
        ]
        self._store.renew_deliveries([one.number for one in refused], now, now + LAST_CALL)
        return [one.order for one in refused]

    def preview(self, now: datetime) -> Round | None:
        """What an evaluation would do now; nothing of it is kept. None where an evaluation would say so."""
        if (seen := self._look(now)) is None:
            return None
        with self._store.changing_incidents() as ledger:
            return self._judge(ledger, seen, now)

    def _look(self, now: datetime) -> Look | None:
        """None where the store changed while it was learnt from."""
        self._learning.catch_up(now)
        with self._store.snapshot() as snapshot:
            if not self._learning.is_done(snapshot, now):
                return None
            return look(snapshot, OPERATOR, self._settings.spikes, self._begun(now) - FRESH, now)

    def _begun(self, now: datetime) -> date:
        noted = self._store.load_note(BEGUN)
        return now.date() if noted is None else date.fromisoformat(noted)

    def _judge(self, ledger: IncidentLedger, seen: Look, now: datetime) -> Round:
        incidents = ledger.load_incidents([one.key for one in seen.sightings])
        since = min((one.judged.since for one in seen.sightings), default=now.date())
        changes = evaluate(incidents, seen.sightings, ledger.load_expectations(since), now)
        managers = ledger.load_managers(_subjects(changes))
        return Round(changes, tuple(orders_of(changes, self._settings.finance_channel, managers, now)))

    def _keep(self, ledger: IncidentLedger, found: Round, seen: Look, now: datetime) -> None:
        for change in found.changes:
            ledger.save_change(change, Authorship(now))
        ledger.save_orders(found.orders, now)
        ledger.save_note(JUDGED, _mark(seen.mark, now))
        if ledger.load_note(BEGUN) is None:
            ledger.save_note(BEGUN, now.date().isoformat())


def _say_nothing(text: str) -> None:
    del text


def _mark(usage: str, now: datetime) -> str:
    return f"{usage} on {now.date()}"


def _subjects(changes: Sequence[Change]) -> set[str]:
    return {subject for change in changes if change.telling and (subject := change.incident.key.subject)}
