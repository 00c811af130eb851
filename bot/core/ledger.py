"""What a sync did, as values: the whole run, and each part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.periods import Period


@dataclass(slots=True)
class Part:
    """One part of a sync. Counted while it runs; ``error`` is a sentence, None when it ended well.

    ``new``, ``changed`` and ``vanished`` count rows (people, accounts' days, days), ``refused`` days that
    were not believed, ``poisoned`` rows that were set aside. ``is_permanent`` says of an error that
    trying again cannot help.
    """

    name: str
    period: Period | None = None
    pages: int = 0
    rows: int = 0
    new: int = 0
    changed: int = 0
    vanished: int = 0
    refused: int = 0
    poisoned: int = 0
    milliseconds: int = 0
    error: str | None = None
    is_permanent: bool = False
    notes: list[str] = field(default_factory=list)

    def count(self, new: int, changed: int, vanished: int) -> None:
        """Add what one write changed."""
        self.new += new
        self.changed += changed
        self.vanished += vanished


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the ledger. ``finished_at`` is None while it runs and for one that was killed."""

    number: int
    started_at: datetime
    finished_at: datetime | None
    error: str | None


def is_sync_due(now: datetime, last: Run | None, interval: timedelta) -> bool:
    """True when no run that ended has started in the current interval, counted from 1970 in UTC.

    A last run in the future means that the clock was set back; what it says about now is unknown, and one
    sync too many does no harm.
    """
    if last is None or last.finished_at is None or last.started_at > now:
        return True
    return _slot(last.started_at, interval) < _slot(now, interval)


def next_sync(now: datetime, interval: timedelta) -> datetime:
    """The beginning of the next interval."""
    seconds = (_slot(now, interval) + 1) * int(interval.total_seconds())
    return datetime.fromtimestamp(seconds, now.tzinfo)


def _slot(instant: datetime, interval: timedelta) -> int:
    return int(instant.timestamp()) // int(interval.total_seconds())
