"""When the digest of an ISO week is due for somebody: a weekday and a time on their own clock, as one instant.

A local time that does not exist, as clocks go forward over it, means the first instant after the gap; one that
exists twice means the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.metrics import ONE_DAY
from bot.core.periods import Period

_LABEL = re.compile("([0-9]{4})-W([0-9]{2})")
ONE_WEEK = timedelta(days=7)
PATIENCE = timedelta(hours=24)
"""So long a digest waits for its week to be complete."""

FRESH = timedelta(hours=24)
"""When digests begin, only those count that have become due within this time."""


@dataclass(frozen=True, slots=True)
class WeekMoment:
    """A moment of every week on somebody's clock. ``weekday`` is 0 for Monday, ``minute`` of the day."""

    weekday: int
    minute: int


@dataclass(frozen=True, slots=True)
class DigestClock:
    """What is known of somebody's clock and wishes; what is None follows the configuration."""

    slack_zone: str | None = None
    roster_zone: str | None = None
    weekday: int | None = None
    minute: int | None = None

    def moment(self, usual: WeekMoment) -> WeekMoment:
        """Their moment of the week."""
        return WeekMoment(
            usual.weekday if self.weekday is None else self.weekday,
            usual.minute if self.minute is None else self.minute,
        )

    def zone(self, usual: ZoneInfo) -> ZoneInfo:
        """Their zone in Slack, else in the roster, else the usual one; one that is unknown here is passed over."""
        return load_zone(self.slack_zone) or load_zone(self.roster_zone) or usual

    @property
    def unknown_zones(self) -> list[str]:
        """The zones that were named and that this machine does not know."""
        return [name for name in (self.slack_zone, self.roster_zone) if name and load_zone(name) is None]


@dataclass(frozen=True, slots=True)
class Turn:
    """The digest of ``week`` is somebody's from ``due_at`` until ``expires_at``, when the next one is due."""

    week: Period
    due_at: datetime
    expires_at: datetime


def load_zone(name: str | None) -> ZoneInfo | None:
    """A zone of the IANA database as this machine has it."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def week_of(day: date) -> Period:
    """The ISO week in which the day lies."""
    year, number, weekday = day.isocalendar()
    monday = day - ONE_DAY * (weekday - 1)
    return Period(monday, monday + ONE_WEEK, f"{year}-W{number:02}")


def week_of_label(label: str) -> Period:
    """The week that is called so, such as 2026-W46. Raises ValueError where there is none."""
    found = _LABEL.fullmatch(label)
    if found is None:
        raise ValueError(f"{label!r} is not an ISO week such as 2026-W46")
    return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))


def last_complete_week(today: date) -> Period:
    """The ISO week before the one in which today lies."""
    return week_of(today - ONE_WEEK)


def due_at(week: Period, moment: WeekMoment, zone: ZoneInfo) -> datetime:
    """The moment of the week that follows ``week``, as an instant in UTC."""
    local = datetime.combine(week.until + ONE_DAY * moment.weekday, time()) + timedelta(minutes=moment.minute)
    return instant_of(local, zone)


def turn_at(now: datetime, moment: WeekMoment, zone: ZoneInfo) -> Turn:
    """Whose turn it is at ``now``: the newest week whose digest is due already."""
    week = week_of(now.astimezone(zone).date())
    due, expires = due_at(week, moment, zone), due_at(week_of(week.until), moment, zone)
    while now < due:
        week, expires = week_of(week.since - ONE_DAY), due
        due = due_at(week, moment, zone)
    return Turn(week, due, expires)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clock of the zone shows this local time, in UTC."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) == local:
        return first
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_after_gap(before, first, zone)


def _first_after_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the zone's offset changes between the two."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
