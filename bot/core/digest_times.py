"""When somebody's weekly digest comes, on their own clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.core.digest_choice import DigestChoice

_MINUTE = timedelta(minutes=1)
_DAYS_IN_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class DigestTime:
    """A minute of the week. ``weekday`` 0 is Monday, ``minute`` counts from midnight."""

    weekday: int
    minute: int


def chosen_time(choice: DigestChoice, usual: DigestTime) -> DigestTime:
    """What somebody chose; what they left open is as usual."""
    return DigestTime(
        usual.weekday if choice.weekday is None else choice.weekday,
        usual.minute if choice.minute is None else choice.minute,
    )


def first_zone(names: Iterable[str | None], usual: ZoneInfo) -> ZoneInfo:
    """The first of the names that is a time zone."""
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):  # an unknown name, or one that no file can have
            continue
    return usual


def next_time(at: DigestTime, zone: tzinfo, now: datetime) -> datetime:
    """The next such minute after ``now``, on the clock of ``zone``.

    A minute that the clock leaves out is the first one after the gap; of one that comes twice the first counts.
    """
    today = now.astimezone(zone).date()
    ahead = (at.weekday - today.weekday()) % _DAYS_IN_A_WEEK
    days = (today + timedelta(days=ahead + week * _DAYS_IN_A_WEEK) for week in range(2))
    instants = (_instant(datetime.combine(day, time(*divmod(at.minute, 60))), zone) for day in days)
    return next(instant for instant in instants if instant > now).astimezone(zone)


def _instant(naive: datetime, zone: tzinfo) -> datetime:
    found = naive.replace(tzinfo=zone).astimezone(UTC)
    while _local(found, zone) > naive and _local(found - _MINUTE, zone) > naive:
        found -= _MINUTE
    return found


def _local(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
