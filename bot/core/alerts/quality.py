"""How good the alerts of a month were, from what people answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from bot.core.alerts.incidents import Happening
from bot.core.periods import Period

SAME_WITHIN = timedelta(hours=72)
"""What opens again so soon after its last move is the same alert: nobody is told of it sooner."""


class Verdict(StrEnum):
    """What an alert turned out to be. Of a snoozed one nobody has said yet."""

    REAL = "real"
    NO_NEWS = "no_news"  # it was meant to be, or is how things are
    CORRECTED = "corrected"  # the source took its figures back
    OPEN = "open"


_SAYS = {
    Happening.ACKNOWLEDGED: Verdict.REAL,
    Happening.STOPPED: Verdict.REAL,
    Happening.NOT_ME: Verdict.REAL,
    Happening.PLANNED: Verdict.NO_NEWS,
    Happening.EXPECTED: Verdict.NO_NEWS,
    Happening.NEW_NORMAL: Verdict.NO_NEWS,
    Happening.CORRECTED: Verdict.CORRECTED,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of one incident; ``is_answer`` where a person made it."""

    incident: int
    at: datetime
    what: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class AlertQuality:
    """The alerts that opened in a period, by what they turned out to be.

    ``first_answer`` is the middle time to the first answer, None without any; those of budgets are not in it.
    """

    period: Period
    alerts: int = 0
    real: int = 0
    no_news: int = 0
    corrected: int = 0
    first_answer: timedelta | None = None

    @property
    def undecided(self) -> int:
        """Alerts of which nobody has said what they were."""
        return self.alerts - self.real - self.no_news - self.corrected


def month_before(today: date) -> Period:
    """The last whole calendar month."""
    first = today.replace(day=1)
    return Period((first - timedelta(days=1)).replace(day=1), first)


def month_that_ended(week: Period) -> Period | None:
    """The calendar month whose last day lies in the week."""
    return month_before(week.until) if week.until.month != week.since.month else None


def judge_quality(moves: Iterable[Moved], period: Period) -> AlertQuality:
    """``moves`` oldest first; those after the period count as answers to what opened in it (UTC days)."""
    told = [one for one in _alerts(moves) if period.since <= one[0].at.date() < period.until]
    verdicts = [_verdict(one) for one in told]
    answers = [move.at - one[0].at for one in told if (move := next((m for m in one if m.is_answer), None))]
    return AlertQuality(
        period,
        len(told),
        verdicts.count(Verdict.REAL),
        verdicts.count(Verdict.NO_NEWS),
        verdicts.count(Verdict.CORRECTED),
        _middle(answers) if answers else None,
    )


def _middle(times: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(time.total_seconds() for time in times))


def _alerts(moves: Iterable[Moved]) -> Iterator[Sequence[Moved]]:
    """The moves of each time that an incident was open."""
    by_incident: dict[int, list[list[Moved]]] = {}
    for move in moves:
        times = by_incident.setdefault(move.incident, [])
        is_new = move.what == Happening.OPENED and not (times and move.at - times[-1][-1].at < SAME_WITHIN)
        if is_new or not times:
            times.append([])
        times[-1].append(move)
    for times in by_incident.values():
        yield from times


def _verdict(moves: Sequence[Moved]) -> Verdict:
    """The last word counts: who takes care of something may find out that it was meant to be."""
    said = [_SAYS[Happening(move.what)] for move in moves if move.what in _SAYS]
    return said[-1] if said else Verdict.OPEN
