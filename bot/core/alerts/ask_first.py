"""Asking a person before finance hears of them: who is asked, what they answer, and how long finance waits."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.alerts.incidents import Change, Happening, Incident, Telling
from bot.core.alerts.orders import AlertKind, orders_of
from bot.core.deliveries import Order
from bot.core.plans.bursts import MOST_FACTOR, USUAL_FACTOR, plan_of
from bot.core.plans.expectations import Expectation
from bot.core.spikes.findings import Severity

ASK = "ask_first"
"""The kind of the message to the person; the value stands in the database."""

USUAL_DAYS = 1
DAYS = (1, 2, 3, 7, 14)
"""For how many days, today included, a burst that was planned may go on."""

_AGAIN = {AlertKind.AGAIN, AlertKind.MANAGER_AGAIN}


class OwnKind(StrEnum):
    """What somebody says of their own use; the values are those of `Happening`."""

    PLANNED = "planned"
    STOPPED = "stopped"
    NOT_ME = "not_me"


@dataclass(frozen=True, slots=True)
class OwnReply:
    """An answer about oneself; ``reason`` and ``days`` belong to what was planned."""

    kind: OwnKind
    reason: str | None = None
    days: int = USUAL_DAYS


def is_critical(incident: Incident) -> bool:
    """True where finance hears at once."""
    return any(one.severity == Severity.CRITICAL for one in incident.days)


def is_asked(change: Change, reachable: Collection[str]) -> bool:
    """True where the person hears first; ``reachable`` are the addresses of those to whom a message can be sent."""
    incident = change.incident
    is_new = change.telling is Telling.CARD and incident.is_live
    return is_new and incident.key.subject in reachable and not is_critical(incident)


def ask_first(
    orders: Iterable[Order],
    changes: Iterable[Change],
    reachable: Collection[str],
    grace: timedelta,
    now: datetime,
) -> list[Order]:
    """The orders, those about people who are asked only due after the grace, and what asks them before."""
    asked = [change.incident for change in changes if is_asked(change, reachable)]
    waiting = {incident.card for incident in asked}
    found = list(orders)
    made = [
        _asking(incident, order, now + grace) for incident in asked if (order := _any_of(incident, found))
    ]
    return [
        *made,
        *(replace(order, not_before=now + grace) if order.period in waiting else order for order in found),
    ]


def urgent_cards(changes: Iterable[Change]) -> set[str]:
    """The labels of cards that wait no longer: what they are about has become critical, or much worse."""
    return {
        change.incident.card
        for change in changes
        if change.incident.card
        and change.telling is not Telling.CARD
        and (change.telling is Telling.AGAIN or is_critical(change.incident))
    }


def without_repeats(orders: Iterable[Order], hastened: Collection[str]) -> list[Order]:
    """Nobody is told again of what they are only now told of for the first time."""
    return [one for one in orders if one.kind not in _AGAIN or one.period.partition(".")[0] not in hastened]


def apply_own_reply(incident: Incident, reply: OwnReply) -> Change:
    """An answer changes nothing about how the incident stands: that is for those who read the card."""
    return Change(incident, Happening(reply.kind))


def alarm(
    incident: Incident, now: datetime, channel: str | None, manager: str | None
) -> tuple[Change, list[Order]]:
    """What tells once more, below a card that stands already, that it was not the person."""
    told = incident.told
    if told is None:
        return Change(incident, Happening.NOT_ME), []
    subject = incident.key.subject or ""
    label = f"{told.label}.{hashlib.sha256(subject.encode()).hexdigest()[:8]}.{Happening.NOT_ME}"
    louder = replace(incident, told=replace(told, label=label))
    change = Change(louder, Happening.NOT_ME, Telling.AGAIN)
    return change, orders_of([change], channel, {subject: manager} if manager else {}, now)


def planned_days(
    incident: Incident, reply: OwnReply, standing: Expectation | None, now: datetime
) -> Expectation | None:
    """What an answer announces of the days from today on: up to what the largest day was, within a plan's limits.

    It takes nothing away from a plan that holds already, which is ``standing``.
    """
    subject, peak = incident.key.subject, incident.peak
    if subject is None or reply.kind is not OwnKind.PLANNED:
        return None
    reached = -(-peak.credits_micro // peak.expected_micro) if peak.expected_micro > 0 else MOST_FACTOR
    factor = min(max(reached, USUAL_FACTOR), MOST_FACTOR)
    plan = plan_of(subject, reply.days, factor, reply.reason or "planned", subject, now)
    return _widened(plan, standing) if standing else plan


def _widened(plan: Expectation, standing: Expectation) -> Expectation | None:
    """A plan that allows what either does; None where the one that stands allows as much."""
    until = max(plan.period.until, standing.period.until)
    factor = max(plan.factor or 0, standing.factor or 0)
    if (until, factor) == (standing.period.until, standing.factor):
        return None
    return replace(plan, period=replace(plan.period, until=until), factor=factor)


def _asking(incident: Incident, order: Order, until: datetime) -> Order:
    return replace(order, kind=ASK, recipient=incident.key.subject or "", expires_at=until)


def _any_of(incident: Incident, orders: Sequence[Order]) -> Order | None:
    """Whoever would be told anyway; without anybody there is nothing to ask about beforehand."""
    return next((order for order in orders if order.period == incident.card), None)
