"""What the search for runaway spend has learnt, kept from one evaluation to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.core.periods import Period
from bot.core.spikes.memory import Learnt, Remembered, Usuals
from bot.core.visibility import WholeCompany


@dataclass(frozen=True, slots=True)
class Outdated:
    """Whose learnt days no longer agree with their usage, each from a day on; ``seen`` is the newest note of it."""

    seen: int
    people: dict[str, date]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step of learning, as it is kept. ``mark`` is the state of the store that it was learnt from.

    Days from ``dropped_since`` on are dropped first, then ``days`` take the place of the stored ones, and those
    before ``kept_since`` go; ``usuals`` is what they come to after the last one. ``seen`` is the newest note of what
    was outdated that it has dealt with.
    """

    mark: str
    rules: str
    kept_since: date
    days: tuple[Learnt, ...] = ()
    usuals: Usuals | None = None
    dropped_since: date | None = None
    seen: int = 0


class LearningReads(Protocol):
    """The part of a snapshot that tells what was learnt."""

    def load_learnt_period(self) -> Period | None:
        """The days that are learnt, all of them; None without any."""
        ...

    def load_rules(self) -> str | None:
        """By which rules they were learnt."""
        ...

    def load_learnt(self, sight: WholeCompany, since: date) -> Iterator[Learnt]:
        """The learnt days from one on, in order."""
        ...

    def load_remembered(self, sight: WholeCompany, day: date, last: date) -> Remembered:
        """What a detector needs to go on on a day, and up to the last one."""
        ...

    def has_usuals(self, day: date) -> bool:
        """True where it is kept what the days before this one come to."""
        ...

    def load_outdated(self, sight: WholeCompany) -> Outdated:
        """Who has to be learnt anew."""
        ...

    def count_learnt(self, since: date) -> int:
        """How many people's days are learnt from a day on."""
        ...

    def load_credits_of(
        self, sight: WholeCompany, people: Collection[str], period: Period
    ) -> dict[date, dict[str, int]]:
        """Millionths of a credit by day and address, of some people of the company."""
        ...


class LearningStore(Protocol):
    """The part of a store that keeps what was learnt. Raises `StoreError`."""

    def save_lesson(self, lesson: Lesson) -> bool:
        """Keep one step in one transaction; False, and nothing done, where usage or people changed meanwhile."""
        ...
