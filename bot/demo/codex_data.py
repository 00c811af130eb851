"""What the simulated usage API has to tell, and how it changes while days settle."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, time
from threading import Lock
from typing import Any, Protocol

from bot.demo import company as invented
from bot.demo.company import Company
from bot.demo.mishaps import Mishaps
from bot.demo.settling import SETTLED_HOURS, TodayMode, settle_rows
from bot.demo.workspace_model import build_workspace_row

Row = dict[str, Any]
Version = tuple[int, int, int]


class UsageData(Protocol):
    """The rows of each UTC day, ready to be served; nobody changes a row that was handed out."""

    def version(self, day: date) -> Hashable:
        """A value that changes whenever one of the answers below would change for that day."""
        ...

    def usage(self, day: date) -> Sequence[Row]:
        """Account rows, in the order in which they are served."""
        ...

    def workspace(self, day: date) -> Row | None:
        """The aggregate row of ``group=workspace``."""
        ...

    def reviews(self, day: date) -> Row | None:
        """The row of ``/code_reviews``."""
        ...

    def review_responses(self, day: date) -> Row | None:
        """The row of ``/code_review_responses``."""
        ...


class TableData:
    """Exactly the rows that a test put in, copied on the way in, whatever they look like."""

    def __init__(self) -> None:
        self._usage: dict[date, tuple[Row, ...]] = {}
        self._single: dict[tuple[str, date], Row | None] = {}
        self._changes = 0

    def put(self, day: date, rows: Iterable[Mapping[str, Any]]) -> None:
        """Makes these the account rows of the day, in place of those before."""
        self._usage[day] = tuple(deepcopy(dict(row)) for row in rows)
        self._changes += 1

    def remove(self, day: date, user_id: str | None = None) -> None:
        """Takes that account's rows out of the day, or all of them. KeyError if there were none."""
        rows = self._usage.pop(day)
        kept = tuple(row for row in rows if user_id is not None and row.get("user_id") != user_id)
        if user_id is not None and len(kept) == len(rows):
            raise KeyError(user_id)
        self._usage[day] = kept
        self._changes += 1

    def put_workspace(self, day: date, row: Row | None) -> None:
        """The aggregate row of the day; None takes it away."""
        self._put_single("workspace", day, row)

    def put_reviews(self, day: date, row: Row | None) -> None:
        """The review row of the day; None takes it away."""
        self._put_single("reviews", day, row)

    def put_review_responses(self, day: date, row: Row | None) -> None:
        """The response row of the day; None takes it away."""
        self._put_single("review_responses", day, row)

    def version(self, _day: date) -> int:
        """How often anything was changed."""
        return self._changes

    def usage(self, day: date) -> Sequence[Row]:
        return self._usage.get(day, ())

    def workspace(self, day: date) -> Row | None:
        return self._single.get(("workspace", day))

    def reviews(self, day: date) -> Row | None:
        return self._single.get(("reviews", day))

    def review_responses(self, day: date) -> Row | None:
        return self._single.get(("review_responses", day))

    def _put_single(self, kind: str, day: date, row: Row | None) -> None:
        self._single[kind, day] = deepcopy(row)
        self._changes += 1


class CompanyData:
    """The usage of an invented company as the API would tell it at ``now()``.

    A day grows, hour by hour, until five days after its end; ``today_mode`` says what today looks like.
    With ``settled`` every day, today as well, is as it will finally be. Nothing is told of the future.
    ``mishaps`` may grow at any time; what ran away is told at once.
    """

    def __init__(
        self,
        company: Company,
        *,
        now: Callable[[], datetime],
        today_mode: TodayMode = "B",
        settled: bool = False,
        mishaps: Mishaps | None = None,
    ) -> None:
        self.company = company
        self.mishaps = mishaps or Mishaps(company.accounts)
        self._now = now
        self._today_mode: TodayMode = today_mode
        self._settled = settled
        self._lock = Lock()
        self._drawn: tuple[date, Version] | None = None
        self._rows: Sequence[Row] = ()
        self._workspace: dict[date, tuple[Version, Row | None]] = {}

    def version(self, day: date) -> Version:
        """The day's age in hours, and what has befallen it."""
        return self._age(day), *self.mishaps.version(day)

    def usage(self, day: date) -> Sequence[Row]:
        with self._lock:
            self._draw(day, self.version(day))
            return self._rows

    def workspace(self, day: date) -> Row | None:
        with self._lock:
            version = self.version(day)
            if self._workspace.get(day, (None, None))[0] != version:
                self._draw(day, version)
            return self._workspace[day][1]

    def reviews(self, day: date) -> Row | None:
        return invented.review_row(self.company, day) if self._has_ended(day) else None

    def review_responses(self, day: date) -> Row | None:
        return invented.review_response_row(self.company, day) if self._has_ended(day) else None

    def _has_ended(self, day: date) -> bool:
        return self._age(day) >= 24  # noqa: PLR2004 - hours

    def _age(self, day: date) -> int:
        """Whole hours since the day began, at most `SETTLED_HOURS`; negative for a day to come."""
        begin = datetime.combine(day, time(), tzinfo=UTC)
        hours = int((self._now() - begin).total_seconds() // 3600)
        return min(SETTLED_HOURS, SETTLED_HOURS if self._settled and hours >= 0 else hours)

    def _draw(self, day: date, version: Version) -> None:
        """Keeps the rows of one day only: those of a large company are hundreds of megabytes."""
        if self._drawn == (day, version):
            return
        hours = version[0]
        final = self.mishaps.befall(day, invented.usage_rows(self.company, day)) if hours >= 0 else []
        self._rows = settle_rows(final, hours, self._today_mode, self.mishaps.exploded_on(day))
        self._workspace[day] = (version, build_workspace_row(self._rows, day))
        self._drawn = (day, version)
