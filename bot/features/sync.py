"""One sync: people first, then usage day by day, then what exists for the whole workspace only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from bot.core.days import (
    LONGEST_REQUEST_DAYS,
    doubt,
    is_out_of_reach,
    is_wide_due,
    plan_rereading,
    reach_back,
    requests_of,
)
from bot.core.ledger import Part
from bot.core.models import PoisonedRow, date_of
from bot.core.periods import Period, kept_periods
from bot.core.roster import RosterPlan
from bot.errors import BotError, SourceError
from bot.features.link import People
from bot.features.sync_workspace import PARTS as WORKSPACE_PARTS
from bot.features.sync_workspace import read_workspace
from bot.ports import Clock, StagedUsage, Store, UsageSource

HISTORY_READ = "history_read"
DAYS_TOGETHER = 8
"""So many days are replaced in one transaction: all of the usual sync, a few seconds of a large first one."""

WIDE_READ_AT = "wide_read_at"
WORKSPACE_READ_ON = "workspace_read_on"


@dataclass(frozen=True, slots=True)
class SyncOrder:
    """What a sync is asked to do. ``since`` and ``until`` are UTC days, both included, None for the usual.

    ``accept`` are days whose next reading is believed whatever it says; ``today`` is the day in the
    organisation's zone.
    """

    today: date
    since: date | None = None
    until: date | None = None
    accept: frozenset[date] = frozenset()
    force_roster: bool = False


@dataclass(slots=True)
class SyncReport:
    """What a sync did, part by part."""

    parts: list[Part] = field(default_factory=list)
    plan: RosterPlan | None = None

    @property
    def is_good(self) -> bool:
        """True when every part ended well."""
        return not any(part.error for part in self.parts)


class Sync:
    """Reads everything once. One part's failure does not stop the others.

    ``tell`` is told in a few words what goes on.
    """

    def __init__(
        self,
        store: Store,
        source: UsageSource,
        people: People,
        *,
        clock: Clock,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._source = source
        self._people = people
        self._clock = clock
        self._tell = tell

    def run(self, order: SyncOrder) -> SyncReport:
        """The whole sync, written into the ledger. Raises `StoreError` when another sync is running."""
        with self._store.only_sync():
            report = SyncReport()
            now = self._clock()
            number = self._store.begin_run(now)
            try:
                self._read_all(report, order, now)
            except BaseException as error:  # the ledger must not count it among those that went well
                report.parts.append(Part("sync", error=_last_words(error)))
                raise
            finally:
                self._store.end_run(number, report.parts, self._clock())
            self._store.checkpoint()
            return report

    def _read_all(self, report: SyncReport, order: SyncOrder, now: datetime) -> None:
        self._read_people(report, order)
        if (ordered := _ordered(order, now)) is not None:
            self._read_usage(report, order, ordered)
            self._read_workspace(report, ordered)
            return
        history = self._store.load_history()
        period = plan_rereading(history, now)
        if self._read_usage(report, order, period):
            self._note_history(now, wide=not history.begun or is_wide_due(history, now))
        if self._read_workspace(report, self._reach_back(period, now)):
            self._store.save_note(WORKSPACE_READ_ON, now.date().isoformat())

    def _read_people(self, report: SyncReport, order: SyncOrder) -> None:
        self._tell("Reading the roster")
        with self._part(report, "roster") as part:
            report.plan = self._people.read_roster(part, order.today, force=order.force_roster)
        self._tell("Reading Slack's directory")
        with self._part(report, "directory") as part:
            self._people.read_directory(part, self._clock())
        if self._store.is_linking_due() or (report.plan is not None and not report.plan.is_empty):
            with self._part(report, "links"):
                self._people.link(report.plan, order.today)

    def _read_usage(self, report: SyncReport, order: SyncOrder, period: Period) -> bool:
        """True when all of the period was read, as far as the API tells it."""
        today = self._clock().date()
        parts = [self._read_request(report, request, order) for request in requests_of(period)]
        _forgive_old(parts, today)
        self._tell("Summing what people ask for")
        with self._part(report, "sums"):
            self._store.keep_periods(kept_periods(today))
        return not any(part.error for part in parts)

    def _read_request(self, report: SyncReport, request: Period, order: SyncOrder) -> Part:
        with self._part(report, "usage", request) as part, self._store.staging() as staged:
            read_at = self._clock()
            poisoned = self._stage(part, staged, request)
            self._store.save_poisoned("usage", poisoned, read_at)
            if self._store.is_linking_due():
                self._people.link(None, order.today)
            believed = [day for day in request.days() if self._is_believed(part, staged, day, read_at, order)]
            for first in range(0, len(believed), DAYS_TOGETHER):
                change = staged.replace_days(believed[first : first + DAYS_TOGETHER], read_at)
                part.count(change.new, change.changed, change.vanished)
        return part

    def _stage(self, part: Part, staged: StagedUsage, request: Period) -> list[PoisonedRow]:
        poisoned: list[PoisonedRow] = []
        for page in self._source.fetch_usage(request):
            staged.add(page)
            part.pages += 1
            part.rows += len(page.rows)
            poisoned += page.poisoned
            self._tell(f"Reading usage from {request.since}: {part.rows:,} rows")
        part.poisoned = len(poisoned)
        if poisoned and not part.rows and not any(_is_of(row, request) for row in poisoned):
            raise SourceError(f"None of the {len(poisoned)} rows is of a day that was asked for")
        return poisoned

    def _is_believed(
        self, part: Part, staged: StagedUsage, day: date, read_at: datetime, order: SyncOrder
    ) -> bool:
        if day in order.accept:
            return True
        reading, earlier = staged.read_day(day)
        if not reading.rows and is_out_of_reach(day, read_at.date()):
            return False  # the API no longer tells; what is stored stays
        misgiving = doubt(reading, earlier, read_at)
        if misgiving is None:
            return True
        staged.refuse_day(misgiving)
        part.refused += 1
        part.notes.append(
            f"{day} was refused: {misgiving.reason}. The earlier figures stay. If the new ones are right,"
            f" run `codex-usage-bot sync --accept {day}`; they are also taken once three syncs, half an hour"
            " apart, agree."
        )
        return False

    def _note_history(self, now: datetime, *, wide: bool) -> None:
        self._store.save_note(HISTORY_READ, now.isoformat())
        if wide:
            self._store.save_note(WIDE_READ_AT, now.isoformat())

    def _reach_back(self, period: Period, now: datetime) -> Period:
        note = self._store.load_note(WORKSPACE_READ_ON)
        return reach_back(period, None if note is None else date.fromisoformat(note), now)

    def _read_workspace(self, report: SyncReport, period: Period) -> bool:
        """True when all of the period was read, as far as the API tells it."""
        now = self._clock()
        read_workspace(self._store, self._source, partial(self._part, report), period, now)
        parts = [[part for part in report.parts if part.name == name] for name in WORKSPACE_PARTS]
        for each in parts:
            _forgive_old(each, now.date())
        return not any(part.error for each in parts for part in each)

    @contextmanager
    def _part(self, report: SyncReport, name: str, period: Period | None = None) -> Iterator[Part]:
        part = Part(name, period)
        report.parts.append(part)
        begun = self._clock()
        try:
            yield part
        except BotError as error:
            part.error = str(error)
            part.is_permanent = isinstance(error, SourceError) and error.permanent
        finally:
            part.milliseconds = round((self._clock() - begun) / timedelta(milliseconds=1))


def _ordered(order: SyncOrder, now: datetime) -> Period | None:
    if order.since is None and order.until is None and not order.accept:
        return None
    today = now.date()
    first = order.since or min(order.accept, default=today)
    last = min(order.until or max(order.accept, default=today), today)
    return Period(min(first, last), last + timedelta(days=1))


def _forgive_old(parts: Sequence[Part], today: date) -> None:
    """Days that the API will never tell are no failure when the newest ones could be read."""
    if parts[0].error:
        return
    oldest_needed = today - timedelta(days=LONGEST_REQUEST_DAYS - 1)
    for part in parts:
        if part.error and part.is_permanent and part.period and part.period.until <= oldest_needed:
            part.notes.append(f"No history before {part.period.until}: {part.error}")
            part.error = None


def _is_of(row: PoisonedRow, request: Period) -> bool:
    return row.day is not None and request.since <= date_of(row.day) < request.until


def _last_words(error: BaseException) -> str:
    return str(error) if isinstance(error, BotError) else f"It broke off ({type(error).__name__})."
