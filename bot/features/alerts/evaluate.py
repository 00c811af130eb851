"""Evaluates what is stored, moves incidents, and has what is news told: each of it once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.alerts.ask_first import ask_first, urgent_cards, without_repeats
from bot.core.alerts.choice import InForce, in_force
from bot.core.alerts.incidents import Change
from bot.core.alerts.lines import line_orders, with_lines
from bot.core.alerts.orders import OPEN_FOR, AlertKind, orders_of
from bot.core.alerts.rounds import evaluate
from bot.core.deliveries import DeliveryState, Order
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation
from bot.core.spikes.cooldown import QUIET_DAYS
from bot.core.spikes.findings import Kind, SpikeSettings
from bot.core.spikes.shifts import ShiftChange, follow_shifts
from bot.core.visibility import OPERATOR
from bot.features.alerts.learn import OPEN_DAYS, Learning
from bot.features.alerts.look import Look, look
from bot.ports import Authorship, IncidentLedger, Store

JUDGED = "alerts_judged"
"""The note with the state of the store, the day, and the settings that were evaluated last."""

BEGUN = "alerts_begun"
"""The note with the UTC day of the first evaluation."""

FRESH = timedelta(days=1)
"""The first evaluation tells of that day and the one before: nobody's first day begins with old news."""

LAST_CALL = timedelta(days=1)
"""So long a message that was refused is tried again at least."""

LASTING = timedelta(days=QUIET_DAYS[Kind.SHIFT])
"""So long a lasting change is the same."""

MOST_RENEWED = 1000
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What fires where nobody chose otherwise, and who hears of it.

    ``grace`` is how long a person is asked before, None where nobody is.
    """

    spikes: SpikeSettings
    finance_channel: str | None
    grace: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """What one evaluation moved, and the messages that it makes; ``shifts`` wait for the digests."""

    changes: tuple[Change, ...]
    orders: tuple[Order, ...]
    shifts: tuple[ShiftChange, ...] = ()


class Alerts:
    """Methods raise `StoreError`. ``tell`` hears what takes a while."""

    def __init__(
        self, store: Store, settings: AlertSettings, tell: Callable[[str], object] | None = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._tell = tell or _say_nothing

    def evaluate_if_due(self, now: datetime) -> Round | None:
        """Evaluate where usage, people or the day have changed since the last time."""
        with self._store.snapshot() as snapshot:
            usage = snapshot.load_usage_mark()
        chosen = self._chosen()
        return None if self._store.load_note(JUDGED) == _mark(usage, chosen, now) else self.evaluate(now)

    def evaluate(self, now: datetime) -> Round | None:
        """Move incidents and order messages in one transaction; None where the store changed each time meanwhile.

        Then whoever changed it evaluates again.
        """
        for _ in range(ATTEMPTS):
            chosen = self._chosen()
            if (seen := self._look(chosen, now)) is None:
                continue
            with self._store.changing_incidents() as ledger:
                if ledger.load_usage_mark() == seen.mark:
                    found = self._judge(ledger, seen, chosen, now)
                    return self._keep(ledger, found, _mark(seen.mark, chosen, now), now)
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
        chosen = self._chosen()
        if (seen := self._look(chosen, now)) is None:
            return None
        with self._store.changing_incidents() as ledger:
            return self._judge(ledger, seen, chosen, now)

    def _chosen(self) -> InForce:
        return in_force(self._settings.spikes, self._store.load_alert_choice())

    def _look(self, chosen: InForce, now: datetime) -> Look | None:
        """None where the store changed while it was learnt from."""
        learning = Learning(self._store, OPERATOR, chosen.settings, self._tell)
        learning.catch_up(now)
        is_first = self._store.load_note(BEGUN) is None
        shifts_since = _news_since(now) - LASTING if is_first else None
        with self._store.snapshot() as snapshot:
            if not learning.is_done(snapshot, now):
                return None
            return look(snapshot, OPERATOR, chosen.settings, self._begun(now) - FRESH, now, shifts_since)

    def _begun(self, now: datetime) -> date:
        noted = self._store.load_note(BEGUN)
        return now.date() if noted is None else date.fromisoformat(noted)

    def _judge(self, ledger: IncidentLedger, seen: Look, chosen: InForce, now: datetime) -> Round:
        incidents = ledger.load_incidents([one.key for one in seen.sightings])
        since = min((one.judged.since for one in seen.sightings), default=seen.judged.since)
        planned = ledger.load_expectations(min(since, seen.judged.since))
        grace, reachable = self._settings.grace, self._reachable(ledger, seen)
        is_retuned = _is_retuned(ledger.load_note(JUDGED), chosen)
        moved = evaluate(incidents, seen.sightings, planned, now, reachable, is_retuned=is_retuned)
        changes = with_lines(moved)
        managers = ledger.load_managers(_subjects(changes))
        orders = orders_of(changes, self._settings.finance_channel, managers, now)
        told = ask_first(orders, changes, reachable, grace, now) if grace else orders
        lines = line_orders(changes, ledger.load_cards(changes), now)
        return Round(changes, (*told, *lines), _shifts(ledger, seen, planned, now))

    def _reachable(self, ledger: IncidentLedger, seen: Look) -> set[str]:
        if self._settings.grace is None:
            return set()
        return ledger.find_reachable(one.key.subject for one in seen.sightings if one.key.subject)

    def _keep(self, ledger: IncidentLedger, found: Round, mark: str, now: datetime) -> Round:
        """What has become urgent waits for nobody's answer any more, and is then not told twice."""
        for change in found.changes:
            ledger.save_change(change, Authorship(now))
        ledger.save_shifts(found.shifts)
        hastened = {label for label in urgent_cards(found.changes) if ledger.hasten(label, now)}
        orders = tuple(without_repeats(found.orders, hastened))
        ledger.save_orders(orders, now)
        ledger.save_note(JUDGED, mark)
        if ledger.load_note(BEGUN) is None:
            ledger.save_note(BEGUN, now.date().isoformat())
        return replace(found, orders=orders)


def _shifts(
    ledger: IncidentLedger, seen: Look, planned: Sequence[Expectation], now: datetime
) -> tuple[ShiftChange, ...]:
    """The first evaluation looks back for as long as a lasting change is the same, to tell of none that is old."""
    news_since, is_first = _news_since(now), ledger.load_note(BEGUN) is None
    since = news_since - LASTING if is_first else seen.judged.since
    findings = [one for one in seen.shifts if one.day >= since]
    kept = ledger.load_shifts([one.email for one in findings if one.email], since)
    return follow_shifts(kept, findings, Period(since, seen.judged.until), planned, news_since, now.date())


def _news_since(now: datetime) -> date:
    return now.date() - timedelta(days=OPEN_DAYS - 1)


def _say_nothing(text: str) -> None:
    del text


def _mark(usage: str, chosen: InForce, now: datetime) -> str:
    return f"{usage} on {now.date()}{_by(chosen)}"


def _is_retuned(judged: str | None, chosen: InForce) -> bool:
    """True where the last evaluation went by other settings, or by the rules of another version."""
    return judged is not None and not judged.endswith(_by(chosen))


def _by(chosen: InForce) -> str:
    return f" by {chosen.settings.rules}"


def _subjects(changes: Sequence[Change]) -> set[str]:
    return {subject for change in changes if change.telling and (subject := change.incident.key.subject)}
