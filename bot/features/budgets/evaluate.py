"""Evaluates budgets as they stand in the store, and has what is news told: each of it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.core.alerts.orders import OPEN_FOR
from bot.core.budgets.forecast import LOOK_BACK_DAYS
from bot.core.budgets.orders import BudgetAlertKind, Notice, Readers, labelled, orders_of, recipients_of
from bot.core.budgets.terms import Cycle, period_of
from bot.core.deliveries import DeliveryState, Order
from bot.core.periods import DAY
from bot.core.visibility import channel_sight
from bot.features.budgets.ask import budgets_in_sight
from bot.features.budgets.look import BudgetLook, look_at_budgets
from bot.features.budgets.standings import Moment
from bot.ports import BudgetLedger, Snapshot, Store

JUDGED = "budgets_judged"
"""The note with the state of the store, and the day, that were evaluated last."""

BEGUN = "budgets_begun"
"""The note with the UTC day of the first evaluation: what ended before is no news."""

LAST_CALL = timedelta(days=1)
"""So long a message that was refused is tried again at least."""

MOST_RENEWED = 1000
ATTEMPTS = 3
_MANY_DAYS = LOOK_BACK_DAYS + 7


@dataclass(frozen=True, slots=True)
class BudgetAlertSettings:
    """What dollars are computed from, and the channel that hears of budgets."""

    price_usd: Decimal | None
    finance_channel: str | None


@dataclass(frozen=True, slots=True)
class BudgetRound:
    """What one evaluation found for somebody to hear, and the messages that it makes."""

    notices: tuple[Notice, ...] = ()
    orders: tuple[Order, ...] = ()


class BudgetAlerts:
    """Methods raise `StoreError`."""

    def __init__(self, store: Store, settings: BudgetAlertSettings) -> None:
        self._store = store
        self._settings = settings

    def evaluate_if_due(self, now: datetime) -> BudgetRound | None:
        """Evaluate where usage, people, budgets or the day have changed since the last time."""
        with self._store.snapshot() as snapshot:
            mark = self._mark(snapshot.load_budget_mark(), now)
        return None if self._store.load_note(JUDGED) == mark else self.evaluate(now)

    def evaluate(self, now: datetime) -> BudgetRound | None:
        """Note what is said and order its messages in one transaction; None where the store changed meanwhile.

        That is, each time that was tried. Then whoever changed it evaluates again.
        """
        self._store.keep_group_sums(_first_measured(now.date()))
        for _ in range(ATTEMPTS):
            seen, readers = self._look(now)
            with self._store.changing_budgets() as ledger:
                if ledger.load_budget_mark() == seen.mark:
                    found = _judge(ledger, seen, readers, now)
                    _keep(ledger, found, now)
                    ledger.save_note(JUDGED, self._mark(seen.mark, now))
                    if self._store.load_note(BEGUN) is None:
                        ledger.save_note(BEGUN, now.date().isoformat())
                    return found
        return None

    def renew(self, now: datetime) -> list[Order]:
        """Have what Slack refused of late tried again, such as for a bot that was not in the channel yet."""
        troubles = self._store.load_troubles(now - OPEN_FOR, MOST_RENEWED)
        kinds = set(BudgetAlertKind)
        refused = [one for one in troubles if one.order.kind in kinds and one.state is DeliveryState.PARKED]
        self._store.renew_deliveries([one.number for one in refused], now, now + LAST_CALL)
        return [one.order for one in refused]

    def preview(self, now: datetime) -> BudgetRound:
        """What an evaluation would do now; nothing is kept."""
        seen, readers = self._look(now)
        with self._store.changing_budgets() as ledger:
            return _judge(ledger, seen, readers, now)

    def _look(self, now: datetime) -> tuple[BudgetLook, Readers]:
        with self._store.snapshot() as snapshot:
            begun = date.fromisoformat(self._store.load_note(BEGUN) or now.date().isoformat())
            seen = look_at_budgets(Moment(snapshot, self._settings.price_usd, now), begun)
            return seen, self._readers(snapshot, seen.notices)

    def _readers(self, snapshot: Snapshot, notices: Sequence[Notice]) -> Readers:
        """The managers of people are added where the messages are ordered."""
        channel = self._settings.finance_channel
        groups = {one.budget.id: one.budget for one in notices if one.budget.scope.is_group}
        heads = {number: snapshot.find_head(budget) for number, budget in groups.items()}
        tellable = {one.budget.id for one in notices} - groups.keys()
        if channel and groups:
            told = budgets_in_sight(snapshot, channel_sight(), snapshot.load_budgets())
            tellable |= {budget.id for budget in told}
        known = {number: head for number, head in heads.items() if head}
        return Readers(channel, frozenset(tellable), known, {})

    def _mark(self, budgets: str, now: datetime) -> str:
        """The price and the channel count, too: with either, something can be told that could not be before."""
        settings = self._settings
        return f"{budgets} on {now.date()} at {settings.price_usd} to {settings.finance_channel}"


def _judge(ledger: BudgetLedger, seen: BudgetLook, readers: Readers, now: datetime) -> BudgetRound:
    """What nobody has noted meanwhile, and somebody hears; the rest waits for a reader."""
    people = {one.subject for one in seen.notices if one.subject}
    readers = replace(readers, managers=ledger.load_managers(people))
    unsaid = ledger.find_unsaid(key for one in seen.notices for key in one.keys)
    fresh = (replace(one, keys=tuple(key for key in one.keys if key in unsaid)) for one in seen.notices)
    heard = [one for one in fresh if one.keys and any(recipients_of(one, readers))]
    notices = labelled(heard)
    return BudgetRound(notices, orders_of(notices, readers, now))


def _keep(ledger: BudgetLedger, found: BudgetRound, now: datetime) -> None:
    for notice in found.notices:
        ledger.claim_said(notice.keys, notice.label, now)
    ledger.save_orders(found.orders, now)


def _first_measured(today: date) -> date:
    """From here on days are needed: of the last month, and of the weeks from which a forecast is made."""
    month = period_of(Cycle.MONTH, today)
    return min(period_of(Cycle.MONTH, month.since - DAY).since, today - timedelta(days=_MANY_DAYS))
