"""What the store tells of a period, before it is made into an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.models import CodeTotals, Totals
from bot.core.people import Person


@dataclass(frozen=True, slots=True)
class Usage:
    """The sums of some people over a period.

    ``days`` has the UTC days with usage; ``clients`` goes by the client id as it came, ``models`` by
    (model, speed). Clients and models are independent splits.
    """

    days: Mapping[date, Totals]
    clients: Mapping[str, Totals]
    models: Mapping[tuple[str, str | None], Totals]
    code: CodeTotals

    @property
    def totals(self) -> Totals:
        """Everything together."""
        return sum(self.days.values(), Totals())


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several sights over a period: UTC days with usage, and how many people are employed today.

    ``active`` counts who of them used anything.
    """

    days: Mapping[date, Totals]
    people: int
    active: int

    @property
    def totals(self) -> Totals:
        """Everything together."""
        return sum(self.days.values(), Totals())


@dataclass(frozen=True, slots=True)
class Splits:
    """The credits (in millionths) of one of several sights, by client id and by (model, speed)."""

    clients: Mapping[str, int]
    models: Mapping[tuple[str, str | None], int]


@dataclass(frozen=True, slots=True)
class Idle:
    """People who never used anything on any day that was read; ``reports`` are the direct ones, at most a few."""

    people: int
    reports: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One person of a ranking; ``value`` is what the ranking is by, in the unit of the metric."""

    person: Person
    totals: Totals
    value: int


@dataclass(frozen=True, slots=True)
class Group:
    """A team of the roster (``name`` None for people without one); ``people`` are employed today."""

    name: str | None
    people: int
    totals: Totals
