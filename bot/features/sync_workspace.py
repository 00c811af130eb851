"""Reads what the API tells of the whole workspace only: its own totals, code reviews, and their answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from itertools import groupby
from typing import Protocol, TypeVar

from bot.core.days import is_out_of_reach, requests_of
from bot.core.ledger import Part
from bot.core.models import PoisonedRow, date_of
from bot.core.periods import DAY, Period
from bot.ports import DayChange, Store, UsageSource

PARTS = ("workspace", "reviews", "responses")

BeginPart = Callable[[str, Period], AbstractContextManager[Part]]
"""Opens a part of the sync by name; what fails inside fails that part only."""


class _Dated(Protocol):
    @property
    def day(self) -> int: ...


Row = TypeVar("Row", bound=_Dated)


def read_workspace(
    store: Store, source: UsageSource, begin: BeginPart, period: Period, now: datetime
) -> None:
    """Read and save all three, piece by piece."""
    for request in requests_of(period):
        with begin("workspace", request) as part:
            rows, poisoned = source.fetch_workspace_usage(request)
            _save(part, rows, poisoned, store.save_workspace_days, now)
            store.save_poisoned(part.name, poisoned, now)
        with begin("reviews", request) as part:
            reviews, poisoned = source.fetch_code_reviews(request)
            _save(part, reviews, poisoned, store.save_review_days, now)
            store.save_poisoned(part.name, poisoned, now)
        with begin("responses", request) as part:
            responses, poisoned = source.fetch_code_review_responses(request)
            _save(part, responses, poisoned, store.save_review_response_days, now)
            store.save_poisoned(part.name, poisoned, now)


def _save(
    part: Part,
    rows: Sequence[Row],
    poisoned: Sequence[PoisonedRow],
    save: Callable[[Sequence[Row], Period], DayChange],
    now: datetime,
) -> None:
    part.rows, part.poisoned = len(rows), len(poisoned)
    unclear = {date_of(row.day) for row in poisoned if row.day is not None}
    known = {date_of(row.day): row for row in rows}
    for told in _told(part, known.keys(), unclear, now.date()):
        change = save([known[day] for day in told.days() if day in known], told)
        part.count(change.new, change.changed, change.vanished)


def _told(part: Part, known: Collection[date], unclear: Collection[date], today: date) -> list[Period]:
    """The days that the answer speaks of, as periods.

    That a day has no row says nothing where the row could not be understood, or the API may not tell the day
    any more; what is stored then stays.
    """
    days = [
        day
        for day in (part.period.days() if part.period else ())
        if day in known or not (day in unclear or is_out_of_reach(day, today))
    ]
    runs = groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0])
    periods = [[day for _, day in run] for _, run in runs]
    return [Period(run[0], run[-1] + DAY) for run in periods]
