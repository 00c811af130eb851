"""Incidents as rows and back."""

from __future__ import annotations

import json
from datetime import date

from bot.core.alerts.incidents import FiringDay, Incident, IncidentKey, IncidentState, Told
from bot.core.models import date_of, epoch_day
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation
from bot.store.outbox import instant, seconds

INCIDENT = "subject, kind, state, days, settled, told_at, told_day, told_excess, told_label, until, card"
Cell = str | int | None
IncidentRow = tuple[
    str, str, str, str, int | None, int | None, int | None, int | None, str | None, int | None, str | None
]
ExpectationRow = tuple[str, int, int, int | None, int | None, str, str]


def incident_of(row: IncidentRow) -> Incident:
    """A row of `INCIDENT` as a value."""
    subject, kind, state, days, settled, told_at, told_day, told_excess, told_label, until, card = row
    told = None
    if told_at is not None and told_day is not None and told_excess is not None:
        told = Told(instant(told_at), date_of(told_day), told_excess, told_label or "")
    return Incident(
        IncidentKey(subject or None, kind),
        IncidentState(state),
        tuple(FiringDay(date_of(day), *rest) for day, *rest in json.loads(days)),
        None if settled is None else date_of(settled),
        told,
        None if until is None else instant(until),
        card,
    )


def cells_of(incident: Incident) -> tuple[Cell, ...]:
    """A value as a row of `INCIDENT`."""
    key, told = incident.key, incident.told
    days = [
        (epoch_day(one.day), one.severity, one.credits_micro, one.expected_micro, one.least_micro, one.kind)
        for one in incident.days
    ]
    return (
        key.subject or "",
        key.kind,
        incident.state,
        json.dumps(days),
        _number(incident.settled),
        *((seconds(told.at), epoch_day(told.day), told.excess_micro, told.label) if told else (None,) * 4),
        None if incident.until is None else seconds(incident.until),
        incident.card,
    )


def expectation_of(row: ExpectationRow) -> Expectation:
    """A row of subject, bounds, limits, author and reason as a value."""
    subject, since, until, factor, most, by, reason = row
    return Expectation(subject or None, Period(date_of(since), date_of(until)), reason, by, factor, most)


def _number(day: date | None) -> int | None:
    return None if day is None else epoch_day(day)
