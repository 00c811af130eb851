"""When a reading of a day is believed, when a day is complete, and which days a sync reads again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.core.periods import Period

LAG = timedelta(hours=12)
"""Usage arrives up to this long after it happened (OpenAI's Codex governance page, June 2026)."""

HISTORY_DAYS = 90
"""How far the first sync reads back, as far as the API is known to look back."""

REREAD_DAYS = 7
WIDE_REREAD_DAYS = 35
WIDE_EVERY = timedelta(days=7)
LONGEST_REQUEST_DAYS = 30

POISON_ONE_IN = 1000
SHRINK_FROM_ROWS = 10
AGREEING_READINGS = 3
AGREEING_APART = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reading:
    """One day as it was just fetched, to the last page, beside what is stored of it.

    ``fingerprint`` is equal for readings of equal content; it is made of implausible readings only, which are
    rare, since it costs as much as reading the day again.
    """

    day: date
    rows: int
    poisoned: int
    stored_rows: int
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reading that is not believed, and how many readings have said the same (``agreed``, at least 1)."""

    day: date
    reason: str
    fingerprint: str
    agreed: int
    agreed_at: datetime


def doubt(reading: Reading, earlier: Doubt | None, now: datetime) -> Doubt | None:
    """None when the reading is to be believed: it is plausible, or enough readings apart in time agree."""
    reason = implausible(reading)
    if reason is None:
        return None
    if earlier is None or earlier.fingerprint != reading.fingerprint:
        return Doubt(reading.day, reason, reading.fingerprint, 1, now)
    if now - earlier.agreed_at < AGREEING_APART:
        return earlier
    agreed = earlier.agreed + 1
    return (
        None if agreed >= AGREEING_READINGS else Doubt(reading.day, reason, reading.fingerprint, agreed, now)
    )


def implausible(reading: Reading) -> str | None:
    """Why the reading cannot be right, None where it can."""
    if reading.poisoned * POISON_ONE_IN > reading.rows + reading.poisoned:
        return f"{reading.poisoned} of {reading.rows + reading.poisoned} rows could not be understood"
    if reading.stored_rows >= SHRINK_FROM_ROWS and reading.rows * 2 < reading.stored_rows:
        return f"it has {reading.rows} rows where {reading.stored_rows} are stored"
    return None


def is_out_of_reach(day: date, today: date) -> bool:
    """True where the API may have stopped telling: an empty answer for such a day says nothing about it."""
    return day < today - timedelta(days=HISTORY_DAYS)


def is_complete(day: date, read_at: datetime) -> bool:
    """True when a reading at ``read_at`` came late enough after the UTC day's end to hold all of it."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    return read_at >= end + LAG


def complete_to(read: Collection[tuple[date, datetime]], refused: Collection[date]) -> date | None:
    """The last day that is complete together with every day before it; ``read`` is (day, read at).

    Days further back than the API tells do not count: what is missing there can never be filled.
    """
    last = None
    newest = max((day for day, _ in read), default=date.min)
    for day, read_at in sorted(one for one in read if not is_out_of_reach(one[0], newest)):
        follows = last is None or day == last + timedelta(days=1)
        if not follows or day in refused or not is_complete(day, read_at):
            return last
        last = day
    return last


@dataclass(frozen=True, slots=True)
class History:
    """What earlier syncs have read: ``complete_to`` as above, ``begun`` false before the first one ended."""

    begun: bool
    complete_to: date | None
    wide_read_at: datetime | None


def plan_rereading(history: History, now: datetime) -> Period:
    """The days the next sync reads: the last week, at times the last five, and whatever is not complete."""
    today = now.date()
    if not history.begun:
        days = HISTORY_DAYS
    elif is_wide_due(history, now):
        days = WIDE_REREAD_DAYS
    else:
        days = REREAD_DAYS
    since = today - timedelta(days=days)
    if history.begun and history.complete_to is not None:
        since = min(since, history.complete_to + timedelta(days=1))
    oldest = today - timedelta(days=HISTORY_DAYS)
    return Period(max(since, oldest), today + timedelta(days=1))


def reach_back(period: Period, read_on: date | None, now: datetime) -> Period:
    """``period`` with the days before it that may be missing since ``read_on``, when all was last read well.

    ``read_on`` is None where it never was. Meant for what has no state of its own by day.
    """
    oldest = now.date() - timedelta(days=HISTORY_DAYS)
    since = oldest if read_on is None else min(period.since, read_on - timedelta(days=REREAD_DAYS))
    return Period(max(since, oldest), period.until)


def is_wide_due(history: History, now: datetime) -> bool:
    """True once a week, when the last five weeks are read again."""
    if history.wide_read_at is None or history.wide_read_at > now:  # the clock was set back
        return True
    return now - history.wide_read_at >= WIDE_EVERY


def requests_of(period: Period) -> Iterator[Period]:
    """The period in pieces that one request may ask for, newest first: those days are asked about most."""
    until = period.until
    while until > period.since:
        since = max(until - timedelta(days=LONGEST_REQUEST_DAYS), period.since)
        yield Period(since, until)
        until = since
