"""What the last three months have taught: each learnt day as a value, and everybody's active days made of those."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, compress
from typing import Final

from bot.core.spikes.findings import Finding
from bot.core.spikes.history import RECENT_DAYS, Recent
from bot.core.spikes.organisation import Sample
from bot.core.spikes.rules import Day

NOTHING: Final[Sequence[float]] = ()


@dataclass(frozen=True, slots=True)
class Learnt:
    """A complete day that was judged: what it was for everybody, what stood out, and what it taught of each person.

    ``people`` and the columns go side by side: ``logs`` is what is learnt of the person, ``credits`` what they used,
    ``expected`` the logarithm of what was expected of them, infinite where nothing was.
    """

    day: date
    today: Day
    sample: Sample
    people: Sequence[str]
    logs: array[float]
    credits: array[float]
    expected: array[float]
    found: tuple[Finding, ...]

    def of(self, people: Collection[str]) -> Learnt:
        """The same day of these people alone."""
        return self._picked(
            [person in people for person in self.people], [one.email in people for one in self.found]
        )

    def facts(self) -> object:
        """What was learnt of each person, in whatever order."""
        columns = zip(self.logs, self.credits, self.expected, strict=True)
        return dict(zip(self.people, columns, strict=True)), set(self.found)

    def corrected(self, people: Collection[str], part: Learnt) -> Learnt:
        """The same day with ``part`` in the place of what was learnt of these people."""
        others = self._picked(
            [person not in people for person in self.people], [one.email not in people for one in self.found]
        )
        return replace(
            others,
            people=[*others.people, *part.people],
            logs=others.logs + part.logs,
            credits=others.credits + part.credits,
            expected=others.expected + part.expected,
            found=others.found + part.found,
        )

    def _picked(self, people: list[bool], found: list[bool]) -> Learnt:
        return replace(
            self,
            people=list(compress(self.people, people)),
            logs=array("d", compress(self.logs, people)),
            credits=array("d", compress(self.credits, people)),
            expected=array("d", compress(self.expected, people)),
            found=tuple(compress(self.found, found)),
        )


@dataclass(frozen=True, slots=True)
class Usuals:
    """A memory in one piece: how many active days each person has, and all of their sorted logarithms in a row."""

    people: Sequence[str]
    counts: array[int]
    logs: array[float]

    def each(self) -> Iterator[tuple[str, array[float]]]:
        """Everybody with theirs."""
        begin = 0
        for person, count in zip(self.people, self.counts, strict=True):
            yield person, self.logs[begin : begin + count]
            begin += count

    def corrected(self, people: Collection[str], part: Usuals) -> Usuals:
        """The same with ``part`` in the place of what it says of these people."""
        return usuals_of(
            {person: logs for person, logs in self.each() if person not in people} | dict(part.each())
        )


def usuals_of(logs: Mapping[str, array[float]]) -> Usuals:
    """Of everybody's sorted logarithms."""
    return Usuals(
        list(logs), array("I", map(len, logs.values())), array("d", chain.from_iterable(logs.values()))
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a detector goes on from: the learnt days of three months, and what they come to.

    Where the ``usuals`` are given, a day's people and logarithms may be left out of ``days`` if it is not forgotten
    soon, and what was used and expected if it is not one of the latest.
    """

    days: Sequence[Learnt] = ()
    usuals: Usuals | None = None


NO_PAST: Final = Remembered()


class Memory:
    """Everybody's active days of the window, as sorted logarithms; small, because a company may have many people.

    Days without use say nothing about how much an active day takes, so weekends and leave never count.
    """

    def __init__(self, remembered: Remembered) -> None:
        self._days: deque[tuple[int, Sequence[str], array[float]]] = deque()
        self._recent: deque[_Latest] = deque(maxlen=RECENT_DAYS)
        self._logs: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        for day in remembered.days:
            self._note(day)
        if remembered.usuals:
            self._logs.update(remembered.usuals.each())
        else:
            self._gather(remembered.days)

    def usuals(self) -> Usuals:
        """All of it, from which another memory can be made."""
        return usuals_of(self._logs)

    def logs(self, person: str) -> Sequence[float]:
        """Of somebody's active days, smallest first."""
        return self._logs.get(person, NOTHING)

    def recent(self, person: str, since: int) -> Iterator[Recent]:
        """Somebody's active days of the latest ones, from ``since`` on, oldest first."""
        for latest in self._recent:
            if latest.number >= since and (place := latest.places.get(person)) is not None:
                used, expected = latest.day.credits[place], latest.day.expected[place]
                yield Recent(latest.number, math.log(used) - expected, used, math.exp(expected))

    def add(self, day: Learnt) -> None:
        """Take a day in, later than all before."""
        self._note(day)
        for person, log in zip(day.people, day.logs, strict=True):
            insort(self._logs[person], log)

    def forget(self, before: int) -> None:
        """Leave out the days before this one."""
        while self._days and self._days[0][0] < before:
            _, people, logs = self._days.popleft()
            for person, log in zip(people, logs, strict=True):
                kept = self._logs[person]
                del kept[bisect_left(kept, log)]
                if not kept:
                    del self._logs[person]

    def _gather(self, days: Iterable[Learnt]) -> None:
        for day in days:
            for person, log in zip(day.people, day.logs, strict=True):
                self._logs[person].append(log)
        for person, logs in self._logs.items():
            self._logs[person] = array("d", sorted(logs))

    def _note(self, day: Learnt) -> None:
        number = day.day.toordinal()
        self._days.append((number, day.people, day.logs))
        self._recent.append(_Latest(number, day))


class _Latest:
    """One of the latest days, and who stands where in it; most of them are never asked."""

    def __init__(self, number: int, day: Learnt) -> None:
        self.number = number
        self.day = day

    @cached_property
    def places(self) -> dict[str, int]:
        return {person: place for place, person in enumerate(self.day.people)}
