"""What a message about incidents says, as values: no words, no blocks, and no name that may not be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.alerts.incidents import FiringDay, IncidentState
from bot.core.alerts.orders import AlertKind
from bot.core.models import MICRO


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about. ``name`` is None where only the ``pseudonym`` may be told, both None for everybody."""

    name: str | None = None
    pseudonym: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The surface or the model through which most of a day went, and how much of it."""

    label: str
    credits_micro: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned for the largest day, which went beyond it; ``reason`` is None where no name may be told."""

    factor: int
    last_day: date
    reason: str | None


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the person said of it; ``reason`` is None where no name may be told, ``until`` the last planned day."""

    what: str
    at: datetime
    reason: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The move that says how an incident stands: what it was, who made it (None for an evaluation), and why."""

    what: str
    by: str | None = None
    reason: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertItem:
    """One incident. ``surface`` and ``model`` are those of its largest day.

    ``month_micro`` is the subject's month so far and ``pace_micro`` what it comes to if it goes on like that;
    ``weeks`` are the last days, oldest first, those without use as zero. ``is_asked``: the person was, and is silent.
    """

    number: int
    subject: Subject
    kind: str
    state: IncidentState
    days: tuple[FiringDay, ...]
    move: Move
    surface: Part | None = None
    model: Part | None = None
    month_micro: int = 0
    pace_micro: int = 0
    weeks: tuple[tuple[date, int], ...] = ()
    planned: Planned | None = None
    own_answer: OwnAnswer | None = None
    is_asked: bool = False

    @property
    def is_live(self) -> bool:
        """True until it is resolved."""
        return self.state is not IncidentState.RESOLVED

    @property
    def peak(self) -> FiringDay:
        """The day with the largest excess."""
        return max(self.days, key=lambda one: (one.excess_micro, one.day))

    @property
    def ratio(self) -> float | None:
        """How many times the usual its largest day was; None without anything usual."""
        peak = self.peak
        return peak.credits_micro / peak.expected_micro if peak.expected_micro >= MICRO // 100 else None


@dataclass(frozen=True, slots=True)
class AlertCard:
    """One message: the incidents on it, the largest first. ``thread`` is the message below which it goes."""

    kind: AlertKind
    items: tuple[AlertItem, ...]
    thread: str | None = None


def largest_part(parts: Sequence[Part]) -> Part | None:
    """The one through which most went; None where nothing did."""
    found = max(parts, key=lambda part: (part.credits_micro, part.label), default=None)
    return found if found and found.credits_micro > 0 else None
