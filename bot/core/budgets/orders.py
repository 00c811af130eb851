"""What is news about budgets, and the messages that it makes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.core.alerts.orders import OPEN_FOR
from bot.core.alerts.rounds import MOST_CARDS
from bot.core.budgets.terms import Budget, SaidKey
from bot.core.deliveries import ALERT, Order


class BudgetAlertKind(StrEnum):
    """Who reads a message about budgets: the finance channel, a manager, or a person of their own budget."""

    CHANNEL = "budget_alert"
    MANAGER = "manager_budget_alert"
    OWN = "own_budget_alert"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is news about one budget in one period, and about one person where it is for each.

    ``keys`` differ in their threshold only. ``used_micro`` is the use when it was found, ``at`` a UTC day before
    which nobody can have been told of it; ``label`` is the message's own.
    """

    budget: Budget
    keys: tuple[SaidKey, ...]
    used_micro: int
    at: date
    label: str = ""

    @property
    def subject(self) -> str | None:
        """The person's address, None for a group."""
        return self.keys[0].subject

    @property
    def threshold(self) -> int | None:
        """The highest that was reached; None where there is a forecast alone."""
        return highest(self.keys)


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may hear of what.

    ``tellable`` are the numbers of the budgets that the channel may be told of, ``heads`` the addresses of
    those who have a budget's group in sight, ``managers`` those of people by the address of whom they manage.
    """

    channel: str | None
    tellable: Collection[int]
    heads: Mapping[int, str]
    managers: Mapping[str, str]


def highest(keys: Iterable[SaidKey]) -> int | None:
    """The highest threshold; None where there is none."""
    return max((key.threshold for key in keys if key.threshold is not None), default=None)


def labelled(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """With the label of the message in which each is told: more than `MOST_CARDS` share one."""
    found = sorted(notices, key=_rank)
    shared = _label(found) if len(found) > MOST_CARDS else None
    return tuple(replace(one, label=shared or _label([one])) for one in found)


def orders_of(notices: Iterable[Notice], readers: Readers, now: datetime) -> tuple[Order, ...]:
    """Each message once, whatever it is about."""
    found = (
        _order(kind, recipient, notice, now)
        for notice in notices
        for kind, recipient in recipients_of(notice, readers)
    )
    return tuple({(order.kind, order.recipient, order.period): order for order in found}.values())


def recipients_of(notice: Notice, readers: Readers) -> Iterator[tuple[BudgetAlertKind, str]]:
    """Who hears of it."""
    subject = notice.subject
    if readers.channel and notice.budget.id in readers.tellable:
        yield BudgetAlertKind.CHANNEL, readers.channel
    manager = readers.managers.get(subject) if subject else readers.heads.get(notice.budget.id)
    if manager:
        yield BudgetAlertKind.MANAGER, manager
    if subject:
        yield BudgetAlertKind.OWN, subject


def _order(kind: BudgetAlertKind, recipient: str, notice: Notice, now: datetime) -> Order:
    """Due since the day that made it was over, as an alert of spend is: a restored backup finds it in doubt."""
    midnight = datetime.combine(notice.at, time(), UTC)
    due_at = min(now, midnight + timedelta(days=1))
    return Order(kind, recipient, notice.label, due_at, now + OPEN_FOR, midnight, ALERT)


def _label(notices: Sequence[Notice]) -> str:
    """Says nothing to a reader, and is the same after a backup was restored and the same is found again."""
    facts = [[*key[:2], key.since.isoformat(), *key[3:]] for notice in notices for key in notice.keys]
    return f"budget-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]}"


def _rank(notice: Notice) -> tuple[int, date, str]:
    return notice.budget.id, notice.keys[0].since, notice.subject or ""
