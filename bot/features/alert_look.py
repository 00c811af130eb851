"""What stands out in what is stored: the detector's findings as sightings of incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.incidents import FiringDay, Incident, IncidentKey, Sighting
from bot.core.periods import Period
from bot.core.spike_detector import Detector
from bot.core.spike_history import WINDOW_DAYS
from bot.core.spikes import Finding, Kind, SpikeSettings
from bot.core.visibility import WholeCompany
from bot.ports import Snapshot

RECENT_DAYS = 8
"""What began longer ago is no news; the sync reads so many days again, today included."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen, and of which state of the store; ``judged`` are the last days.

    ``shifts`` are the findings of lasting changes, those of earlier days included.
    """

    mark: str
    judged: Period
    sightings: tuple[Sighting, ...]
    shifts: tuple[Finding, ...] = ()


def look(
    snapshot: Snapshot, sight: WholeCompany, settings: SpikeSettings, begun: date, now: datetime
) -> Look:
    """Judge the last days; of live incidents all days since their first. No day before ``begun`` opens one."""
    today = now.date()
    recent = Period(max(begun, today - timedelta(days=RECENT_DAYS - 1)), today + timedelta(days=1))
    live = snapshot.load_live_incidents()
    watch = _Watch(recent, live)
    learnt = Period(watch.since - timedelta(days=WINDOW_DAYS), recent.until)
    partial = set(snapshot.load_freshness(learnt, now).partial)
    detector, shifts = Detector(settings), list[Finding]()
    for day, credits_micro in snapshot.load_credits(sight, learnt):
        judge = detector.judge_partial if day in partial else detector.judge
        found = judge(day, credits_micro)
        shifts += (one for one in found if one.kind is Kind.SHIFT)
        if day >= watch.since:
            watch.take(day, credits_micro, found, is_complete=day not in partial)
    return Look(snapshot.load_usage_mark(), recent, tuple(watch.sightings()), tuple(shifts))


class _Watch:
    """Remembers what the judged days say about whoever fires on one of them, or has a live incident."""

    def __init__(self, recent: Period, live: Iterable[Incident]) -> None:
        self._recent = recent
        self._judged = {one.key: Period(min(recent.since, one.days[0].day), recent.until) for one in live}
        self.since = min((period.since for period in self._judged.values()), default=recent.since)
        self._fired: dict[IncidentKey, list[FiringDay]] = defaultdict(list)
        self._normal: dict[str | None, set[date]] = {key.subject: set() for key in self._judged}

    def take(
        self, day: date, credits_micro: Mapping[str, int], found: Collection[Finding], *, is_complete: bool
    ) -> None:
        told = [one for one in found if one.kind is not Kind.SHIFT]  # a manager's digest tells of those
        for one in told:
            key = IncidentKey(one.email, one.kind)
            if day >= self._judged.get(key, self._recent).since:
                self._fired[key].append(_firing(one))
                self._normal.setdefault(one.email, set())
        if is_complete and credits_micro:
            loud = {one.email for one in told}
            for subject, days in self._normal.items():
                if subject not in loud and (subject is None or credits_micro.get(subject, 0) > 0):
                    days.add(day)

    def sightings(self) -> Iterator[Sighting]:
        for key in self._judged.keys() | self._fired.keys():
            judged = self._judged.get(key, self._recent)
            normal = frozenset(self._normal[key.subject])
            yield Sighting(key, judged, tuple(self._fired.get(key, ())), normal)


def _firing(finding: Finding) -> FiringDay:
    return FiringDay(
        finding.day, finding.severity, finding.credits_micro, finding.expected_micro, finding.least_micro
    )
