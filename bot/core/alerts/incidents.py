"""An incident's life: one subject that uses far more than usual, from the first day that fires to its end.

There is one incident a key at most. What an evaluation sees, and what people answer, moves it from state to
state; each move is a `Change`, and says whether somebody has to be told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.periods import Period
from bot.core.plans.expectations import Expectation

QUIET_DAYS = 2
"""So many complete, normal, active days after the last one that fired end an incident."""

REPEAT_AFTER = timedelta(hours=72)
REPEAT_FACTOR = 2
"""Told again after so long when it goes on, or at once at so many times the excess that was told last."""

FORGOTTEN_AFTER = timedelta(days=42)
"""Whoever has used nothing since has no usual day to return to: the detector's history ends there."""


class IncidentState(StrEnum):
    """Where an incident stands. Snoozed and expected ones come back by themselves when their time is over."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    EXPECTED = "expected"
    RESOLVED = "resolved"


class Happening(StrEnum):
    """What moved an incident, as its history keeps it."""

    OPENED = "opened"
    CHANGED = "changed"  # other days fire, or with other figures
    WOKE = "woke"  # the time of a snooze or an expectation is over
    CALMED = "calmed"  # normal days have followed
    CORRECTED = "corrected"  # the source restated the figures, and no day fires any more
    RETUNED = "retuned"  # others are the settings or the rules, and no day fires any more
    FORGOTTEN = "forgotten"
    TOLD_AGAIN = "told_again"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    EXPECTED = "expected"
    NEW_NORMAL = "new_normal"
    PLANNED = "planned"  # these three are what the person said of it
    STOPPED = "stopped"
    NOT_ME = "not_me"
    JOINED = "joined"  # it goes on as one with another of the same person


class Telling(StrEnum):
    """How somebody is to be told: by a card of its own, or once more below the card that stands already."""

    CARD = "card"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class FiringDay:
    """A UTC day on which the rule fired, as the incident keeps it; ``severity`` is the detector's word.

    ``least_micro`` is from how much on the rule fires, ``kind`` which of the rules that a subject's incident is about.
    """

    day: date
    severity: str
    credits_micro: int
    expected_micro: int
    least_micro: int
    kind: str = "spike"

    @property
    def excess_micro(self) -> int:
        """What was used beyond the usual."""
        return max(self.credits_micro - self.expected_micro, 0)


@dataclass(frozen=True, slots=True)
class IncidentKey:
    """Whose, and what it is about; ``subject`` is an employee's address, None for the whole organisation.

    Somebody's spikes, first days and caps are one thing.
    """

    subject: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class Told:
    """What people were told last: when, up to which day, and the largest excess of a day.

    ``label`` is the message's own: the same whenever the same is told, so that it is sent once.
    """

    at: datetime
    day: date
    excess_micro: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as it stands. ``days`` are those that fire, oldest first.

    Days up to ``settled`` belong to earlier times at which it was open, and fire no more. ``until`` is the end of
    a snooze or an expectation, ``card`` the label of the message on which it stands.
    """

    key: IncidentKey
    state: IncidentState
    days: tuple[FiringDay, ...]
    settled: date | None = None
    told: Told | None = None
    until: datetime | None = None
    card: str | None = None

    @property
    def is_live(self) -> bool:
        """True until it is resolved."""
        return self.state is not IncidentState.RESOLVED

    @property
    def peak(self) -> FiringDay:
        """The day with the largest excess."""
        return max(self.days, key=lambda one: (one.excess_micro, one.day))


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an evaluation saw of one key: of the judged days those that fire, and the complete normal active ones."""

    key: IncidentKey
    judged: Period
    fired: tuple[FiringDay, ...] = ()
    normal: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """An incident after a move, what moved it, and how it has to be told, if at all.

    ``line`` is the label of the message below its card that says so.
    """

    incident: Incident
    what: Happening
    telling: Telling | None = None
    line: str | None = None


def observe(
    before: Incident | None,
    seen: Sighting,
    planned: Iterable[Expectation],
    now: datetime,
    *,
    is_retuned: bool = False,
) -> Change | None:
    """The move that an evaluation makes; None where everything is as it was. ``planned`` are of its subject.

    ``is_retuned``: since the last one settings or rules were changed, so that nobody needs to have corrected a day
    that fires no more.
    """
    if before is None or not before.is_live:
        return _open(before, seen, tuple(planned), now)
    awake = _woken(before, now)
    after = replace(awake, days=_days_now(awake, seen, tuple(planned)))
    if not after.days:
        # the days that were taken back are not settled: should they fire once more, it opens once more
        return Change(
            _resolved(before, before.settled), Happening.RETUNED if is_retuned else Happening.CORRECTED
        )
    if ending := _ending(after, seen, now):
        return Change(_resolved(after, after.days[-1].day), ending)
    if _must_repeat(after, now):
        return Change(_told(after, now), Happening.TOLD_AGAIN, Telling.AGAIN)
    if after == before:
        return None
    return Change(after, Happening.CHANGED if after.days != before.days else Happening.WOKE)


def acknowledge(incident: Incident) -> Change | None:
    """Somebody takes care of it: told again only when it gets much worse. None where it is over already."""
    return _answered(incident, IncidentState.ACKNOWLEDGED, Happening.ACKNOWLEDGED, None)


def snooze(incident: Incident, until: datetime) -> Change | None:
    """Nothing more is told of it until then."""
    return _answered(incident, IncidentState.SNOOZED, Happening.SNOOZED, until)


def expect(incident: Incident, until: datetime) -> Change | None:
    """It was meant to be, and goes on until then."""
    return _answered(incident, IncidentState.EXPECTED, Happening.EXPECTED, until)


def accept_as_normal(incident: Incident) -> Change | None:
    """It is how things are from now on."""
    if not incident.is_live:
        return None
    return Change(_resolved(incident, incident.days[-1].day), Happening.NEW_NORMAL)


def _open(
    before: Incident | None, seen: Sighting, planned: Sequence[Expectation], now: datetime
) -> Change | None:
    start = before or Incident(seen.key, IncidentState.OPEN, ())
    opened = replace(start, state=IncidentState.OPEN, until=None, days=())
    opened = replace(opened, days=_days_now(opened, seen, planned))
    if not opened.days:
        return None
    telling = Telling.CARD if _is_news(opened, now) else None
    after = _told(opened, now) if telling else opened
    if _ending(opened, seen, now):  # seen late, and over already
        after = _resolved(after, opened.days[-1].day)
    return Change(after, Happening.OPENED, telling)


def _days_now(incident: Incident, seen: Sighting, planned: Sequence[Expectation]) -> tuple[FiringDay, ...]:
    """The days before the judged ones as they were, the judged ones as they are; what was planned does not begin."""
    known = {one.day for one in incident.days}
    kept = [one for one in incident.days if one.day < seen.judged.since]
    fresh = [
        one
        for one in seen.fired
        if (incident.settled is None or one.day > incident.settled)
        and (one.day in known or not _is_planned(one, planned))
    ]
    return (*kept, *sorted(fresh, key=lambda one: one.day))


def _is_planned(one: FiringDay, planned: Sequence[Expectation]) -> bool:
    return any(
        plan.may_excuse(one.kind) and plan.covers(one.day, one.credits_micro, one.expected_micro)
        for plan in planned
    )


def _ending(incident: Incident, seen: Sighting, now: datetime) -> Happening | None:
    last = incident.days[-1].day
    if sum(day > last for day in seen.normal) >= QUIET_DAYS:
        return Happening.CALMED
    return Happening.FORGOTTEN if now.date() - last > FORGOTTEN_AFTER else None


def _woken(incident: Incident, now: datetime) -> Incident:
    if incident.until is None or incident.until > now:
        return incident
    return replace(incident, state=IncidentState.OPEN, until=None)


def _is_news(incident: Incident, now: datetime) -> bool:
    """True where nobody was told yet, or long enough ago, or of much less."""
    told = incident.told
    return told is None or _is_much_worse(incident, told) or _is_due_again(incident, told, now)


def _must_repeat(incident: Incident, now: datetime) -> bool:
    match incident.state:
        case IncidentState.OPEN:
            return _is_news(incident, now)
        case IncidentState.ACKNOWLEDGED:
            return incident.told is not None and _is_much_worse(incident, incident.told)
        case _:
            return False


def _is_much_worse(incident: Incident, told: Told) -> bool:
    peak = incident.peak.excess_micro
    return peak > told.excess_micro and peak >= REPEAT_FACTOR * told.excess_micro


def _is_due_again(incident: Incident, told: Told, now: datetime) -> bool:
    """True where it goes on: another day has fired, and the last word was long ago."""
    return incident.days[-1].day > told.day and now - told.at >= REPEAT_AFTER


def _told(incident: Incident, now: datetime) -> Incident:
    return replace(incident, told=Told(now, incident.days[-1].day, incident.peak.excess_micro))


def _resolved(incident: Incident, settled: date | None) -> Incident:
    return replace(incident, state=IncidentState.RESOLVED, settled=settled, until=None)


def _answered(
    incident: Incident, state: IncidentState, what: Happening, until: datetime | None
) -> Change | None:
    return Change(replace(incident, state=state, until=until), what) if incident.is_live else None
