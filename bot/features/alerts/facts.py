"""What stands beside an incident in a message: what drove it, the weeks before, and the month's pace."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.core.alerts.ask_first import OwnKind
from bot.core.alerts.cards import AlertItem, Move, OwnAnswer, Part, Planned, Subject, largest_part
from bot.core.alerts.incidents import FiringDay, Happening
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.surfaces import surface_of
from bot.core.usage_sums import Usage
from bot.core.visibility import OnePerson, alert_sight
from bot.features.asked import model_name
from bot.ports import IncidentEvent, KeptIncident, Snapshot

SHOWN_DAYS = 20
"""As many as a native chart takes."""


def build_item(
    snapshot: Snapshot, kept: KeptIncident, person: Person | None, told_as: Subject, move: Move, now: datetime
) -> AlertItem:
    """An incident with the figures of now; ``person`` is None for the whole organisation."""
    incident, sight, today = kept.incident, alert_sight(person), now.date()
    peak = incident.peak.day
    of_day = snapshot.load_usage(sight, Period(peak, peak + timedelta(days=1)))
    weeks = Period(today - timedelta(days=SHOWN_DAYS - 1), today + timedelta(days=1))
    days = snapshot.load_usage(sight, weeks).days
    month = Period(today.replace(day=1), today + timedelta(days=1))
    month_micro = snapshot.load_totals(sight, month).credits_micro
    return AlertItem(
        number=kept.number,
        subject=told_as,
        kind=incident.peak.kind,
        state=incident.state,
        days=incident.days,
        move=move,
        surface=largest_part(_surfaces(of_day)),
        model=largest_part(_models(of_day)),
        month_micro=month_micro,
        pace_micro=_pace(month_micro, today),
        weeks=tuple((day, days[day].credits_micro if day in days else 0) for day in weeks.days()),
        planned=_planned(snapshot, person, told_as, incident.peak),
    )


def _planned(snapshot: Snapshot, person: Person | None, told_as: Subject, peak: FiringDay) -> Planned | None:
    """The plan that a day went beyond; one that covers it was made when the day was known already."""
    day = Period(peak.day, peak.day + timedelta(days=1))
    plans = snapshot.load_plans(OnePerson(person), day) if person else []
    plan = next(
        (
            plan
            for plan in plans
            if not plan.expectation.covers(peak.day, peak.credits_micro, peak.expected_micro)
        ),
        None,
    )
    if plan is None:
        return None
    return Planned(plan.factor, plan.last_day, plan.expectation.reason if told_as.name else None)


def own_answer(
    snapshot: Snapshot, events: Sequence[IncidentEvent], person: Person | None, now: datetime
) -> OwnAnswer | None:
    """What the person has said since it opened last, and how long it may go on if it was planned."""
    opened = max((at for at, one in enumerate(events) if one.what == Happening.OPENED), default=0)
    said = [one for one in events[opened:] if one.what in set(OwnKind)]
    if not said:
        return None
    last, today = said[-1], Period(now.date(), now.date() + timedelta(days=1))
    goes_on = person is not None and last.what == OwnKind.PLANNED
    plans = snapshot.load_plans(OnePerson(person), today) if person and goes_on else []
    until = plans[0].last_day if plans else None
    return OwnAnswer(last.what, last.authorship.at, last.authorship.reason, until)


def _surfaces(usage: Usage) -> list[Part]:
    sums: defaultdict[str, int] = defaultdict(int)
    for client, totals in usage.clients.items():
        sums[surface_of(client)] += totals.credits_micro
    return _parts(sums)


def _models(usage: Usage) -> list[Part]:
    return _parts({model_name(*model): totals.credits_micro for model, totals in usage.models.items()})


def _parts(sums: Mapping[str, int]) -> list[Part]:
    return [Part(label, micro) for label, micro in sums.items()]


def _pace(month_micro: int, today: date) -> int:
    """The month at its end if each day took as much as those so far, today included."""
    return month_micro * monthrange(today.year, today.month)[1] // today.day
