"""What stands out in what is stored: the detector's findings as sightings of incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.alerts.incidents import FiringDay, Incident, IncidentKey, Sighting
from bot.core.periods import Period
from bot.core.spikes.cooldown import thing_of
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import Finding, Kind, SpikeSettings
from bot.core.visibility import WholeCompany
from bot.features.alerts.learn import OPEN_DAYS
from bot.ports import Snapshot


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen, and of which state of the store; ``judged`` are the last days.

    ``shifts`` are those of the last days, at the first look those of some weeks before, too.
    """

    mark: str
    judged: Period
    sightings: tuple[Sighting, ...]
    shifts: tuple[Finding, ...] = ()


def look(
    snapshot: Snapshot,
    sight: WholeCompany,
    settings: SpikeSettings,
    begun: date,
    now: datetime,
    shifts_since: date | None = None,
) -> Look:
    """Judge the days that are not learnt yet; of live incidents all days since their first.

    No day before ``begun`` opens one, and what began longer ago than the open days is no news. Lasting changes are
    those since ``shifts_since``, None for the open days.
    """
    today = now.date()
    learnt = snapshot.load_learnt_period() or Period(today, today)
    recent = Period(max(begun, today - timedelta(days=OPEN_DAYS - 1)), today + timedelta(days=1))
    watch = _Watch(recent, learnt.since, snapshot.load_live_incidents(), shifts_since or recent.since)
    if watch.since < learnt.until:
        for one in snapshot.load_learnt(sight, watch.since):
            watch.take(one.day, one.people, one.found, is_complete=True)
    detector = Detector(settings, snapshot.load_remembered(sight, learnt.until, today))
    unlearnt = Period(learnt.until, recent.until)
    partial = set(snapshot.load_freshness(unlearnt, now).partial)
    for day, credits_micro in snapshot.load_credits(sight, unlearnt):
        judge = detector.judge_partial if day in partial else detector.judge
        watch.take(day, credits_micro, judge(day, credits_micro), is_complete=day not in partial)
    return Look(snapshot.load_usage_mark(), recent, tuple(watch.sightings()), tuple(watch.shifts))


class _Watch:
    """Remembers what the judged days say about whoever fires on one of them, or has a live incident."""

    def __init__(
        self, recent: Period, known_since: date, live: Iterable[Incident], shifts_since: date
    ) -> None:
        self._recent = recent
        self._shifts_since = shifts_since
        self._judged = {
            one.key: Period(max(min(recent.since, one.days[0].day), known_since), recent.until)
            for one in live
        }
        self.since = min([shifts_since, *(period.since for period in self._judged.values())])
        self.shifts: list[Finding] = []
        self._fired: dict[IncidentKey, list[FiringDay]] = defaultdict(list)
        self._normal: dict[str | None, set[date]] = {key.subject: set() for key in self._judged}

    def take(
        self, day: date, people: Collection[str], found: Collection[Finding], *, is_complete: bool
    ) -> None:
        """A judged day, in order; ``people`` used anything on it."""
        told = [one for one in found if one.kind is not Kind.SHIFT]  # a manager's digest tells of those
        if day >= self._shifts_since:
            self.shifts.extend(one for one in found if one.kind is Kind.SHIFT)
        for one in told:
            key = IncidentKey(one.email, thing_of(one.kind))
            if day >= self._judged.get(key, self._recent).since:
                self._fired[key].append(_firing(one))
                self._normal.setdefault(one.email, set())
        if is_complete and people:
            quiet = self._normal.keys() & {None, *people} - {one.email for one in told}
            for subject in quiet:
                self._normal[subject].add(day)

    def sightings(self) -> Iterator[Sighting]:
        for key in self._judged.keys() | self._fired.keys():
            judged = self._judged.get(key, self._recent)
            normal = frozenset(self._normal[key.subject])
            yield Sighting(key, judged, tuple(self._fired.get(key, ())), normal)


def _firing(finding: Finding) -> FiringDay:
    return FiringDay(
        finding.day,
        finding.severity,
        finding.credits_micro,
        finding.expected_micro,
        finding.least_micro,
        finding.kind,
    )
