"""Keeps what the search for runaway spend has learnt in step with what is stored: one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.core.days import WIDE_REREAD_DAYS
from bot.core.periods import Period
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import SpikeSettings
from bot.core.spikes.history import RECENT_DAYS, WINDOW_DAYS
from bot.core.spikes.memory import Learnt, Remembered, Usuals
from bot.core.visibility import WholeCompany
from bot.ports import Lesson, Outdated, Snapshot, Store

OPEN_DAYS = 8
"""The sync reads so many days again, today included; what is older is final, and learnt."""

KEPT_DAYS = WIDE_REREAD_DAYS + WINDOW_DAYS + RECENT_DAYS
"""The oldest day that a usual sync reads again needs three months before it to be learnt anew."""

ATTEMPTS = 3
STEP = 2_000_000
"""So many days of people are learnt in one transaction: a kill loses no more than a minute's work."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Where no more ``days`` of people lie behind the first outdated one, everybody's are learnt anew from there on.

    So they are where more ``people`` are concerned. In between only theirs are, which is far less in a large company.
    """

    days: int = 500_000
    people: int = 2000


class Learning:
    """Methods raise `StoreError`. ``tell`` hears what takes a while."""

    def __init__(
        self,
        store: Store,
        sight: WholeCompany,
        settings: SpikeSettings,
        tell: Callable[[str], object],
        patience: Patience = Patience(),
    ) -> None:
        self._store = store
        self._sight = sight
        self._settings = settings
        self._tell = tell
        self._patience = patience

    def catch_up(self, now: datetime) -> bool:
        """Learn until nothing is left to learn; False where the store changed meanwhile time and again."""
        failed = 0
        while failed < ATTEMPTS:
            with self._store.snapshot() as snapshot:
                lesson = self._next_lesson(snapshot, now)
            if lesson is None:
                return True
            failed += not self._store.save_lesson(lesson)
        return False

    def is_done(self, snapshot: Snapshot, now: datetime) -> bool:
        """True where all final days are learnt, of everybody, by today's rules."""
        learnt = snapshot.load_learnt_period()
        return (
            learnt is not None
            and learnt.until == self._until(snapshot, now)
            and snapshot.load_rules() == self._settings.rules
            and not snapshot.load_outdated(self._sight).people
            and snapshot.has_usuals(learnt.until)
        )

    def _next_lesson(self, snapshot: Snapshot, now: datetime) -> Lesson | None:
        learnt, until = snapshot.load_learnt_period(), self._until(snapshot, now)
        if learnt is None:
            return self._learn(snapshot, until - timedelta(days=WINDOW_DAYS), until)
        if snapshot.load_rules() != self._settings.rules:
            return self._lesson(snapshot, until, dropped_since=learnt.since)
        if learnt.until > until:  # the clock was set back
            return self._lesson(snapshot, until, dropped_since=until)
        if (outdated := snapshot.load_outdated(self._sight)).people:
            return self._correct(snapshot, learnt, until, outdated)
        if learnt.until < until or not snapshot.has_usuals(until):
            return self._learn(snapshot, learnt.until, until)
        return None

    def _until(self, snapshot: Snapshot, now: datetime) -> date:
        """The first day that is not final: it is read again every hour, or has not been read to its end yet.

        What was not within five weeks never will be, and is taken as it is.
        """
        today = now.date()
        until = today - timedelta(days=OPEN_DAYS - 1)
        waited_for = Period(today - timedelta(days=WIDE_REREAD_DAYS), until)
        return min([until, *snapshot.load_freshness(waited_for, now).partial])

    def _correct(self, snapshot: Snapshot, learnt: Period, until: date, outdated: Outdated) -> Lesson:
        since = max(min(outdated.people.values()), learnt.since)
        is_cheap = snapshot.count_learnt(since) <= self._patience.days
        if is_cheap or len(outdated.people) > self._patience.people:
            return self._lesson(snapshot, until, dropped_since=since, seen=outdated.seen)
        days, usuals = self._relearn(snapshot, Period(since, learnt.until), outdated.people.keys())
        return self._lesson(snapshot, until, days=days, usuals=usuals, seen=outdated.seen)

    def _relearn(
        self, snapshot: Snapshot, period: Period, people: Collection[str]
    ) -> tuple[tuple[Learnt, ...], Usuals | None]:
        """The learnt days on which something is another now, and what all come to."""
        self._tell(f"Learning {len(people):,} people's days anew")
        before = snapshot.load_learnt(self._sight, period.since - timedelta(days=WINDOW_DAYS))
        past = tuple(day.of(people) for day in takewhile(lambda day: day.day < period.since, before))
        detector = Detector(self._settings, Remembered(past))
        used = snapshot.load_credits_of(self._sight, people, period)
        corrected = []
        for day in snapshot.load_learnt(self._sight, period.since):
            part = detector.relearn(day, used.get(day.day, {}))
            if part.facts() != day.of(people).facts():
                corrected.append(day.corrected(people, part))
        usuals = snapshot.load_remembered(self._sight, period.until, period.until).usuals
        if usuals is None or not corrected:
            return tuple(corrected), None
        return tuple(corrected), usuals.corrected(people, detector.usuals(period.until))

    def _learn(self, snapshot: Snapshot, since: date, until: date) -> Lesson:
        """The next few days, and what all come to."""
        period, days, count = Period(since, until), list[Learnt](), 0
        detector = Detector(self._settings, snapshot.load_remembered(self._sight, since, until))
        for day, credits_micro in _every_day(period, snapshot.load_credits(self._sight, period)):
            self._tell(f"Learning what is usual: {(until - day).days} days to go")
            days.append(detector.learn(day, credits_micro))
            count += len(credits_micro)
            if count >= STEP:
                break
        return self._lesson(
            snapshot, until, days=tuple(days), usuals=detector.usuals(since + timedelta(days=len(days)))
        )

    def _lesson(
        self,
        snapshot: Snapshot,
        until: date,
        *,
        days: tuple[Learnt, ...] = (),
        usuals: Usuals | None = None,
        dropped_since: date | None = None,
        seen: int = 0,
    ) -> Lesson:
        mark, kept_since = snapshot.load_usage_mark(), until - timedelta(days=KEPT_DAYS)
        return Lesson(mark, self._settings.rules, kept_since, days, usuals, dropped_since, seen)


def _every_day(
    period: Period, used: Iterator[tuple[date, Mapping[str, int]]]
) -> Iterator[tuple[date, Mapping[str, int]]]:
    """The days of a period in order, those without any use, too."""
    upcoming = next(used, None)
    for day in period.days():
        if upcoming and upcoming[0] == day:
            yield upcoming
            upcoming = next(used, None)
        else:
            yield day, {}
