"""Invented companies whose runaway days are known: people, habits, noise, events and their labels.

Nothing here knows any rule. The noise has five families, of which one alone is log-normal.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

FIRST_DAY = date(2026, 1, 5)
DAYS = 180
WARM_UP_DAYS = 28
"""Events begin after these days; before them nobody can know what is usual."""
HACKATHON_DAYS = 2
LEAST_EVENT_CREDITS = 250
"""Nobody wants to hear of less: about ten dollars at list price."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Label:
    """One event that somebody should hear of, from its first to its last day."""

    email: str
    kind: str  # spike, weekend, newcomer, shift
    first: int
    last: int
    credits: float


@dataclass(slots=True)
class Company:
    """Credits by day and person, with what is true about them. Days count from 0."""

    family: str
    people: int
    usage: list[dict[str, float]]
    labels: list[Label]
    hackathon: range


@dataclass(slots=True)
class Habits:
    """What somebody's days are drawn from."""

    email: str
    joined: int
    left: int
    usual: float
    spread: float
    weekday_chance: float
    weekend_chance: float
    ramp_days: int
    away: set[int] = field(default_factory=set)

    def is_here(self, day: int) -> bool:
        return self.joined <= day < self.left


Noise = Callable[[Random, float], float]


def log_normal(rng: Random, spread: float) -> float:
    """The usual assumption."""
    return math.exp(rng.gauss(0, spread))


def pareto_tail(rng: Random, spread: float) -> float:
    """A gamma body; one day in thirty is drawn from a Pareto tail (index 2.5), which no log-normal has."""
    shape = 1 / (spread * spread) + 0.3
    body = rng.gammavariate(shape, 1 / max(shape - 0.33, 0.2))
    return body * rng.paretovariate(2.5) if rng.random() < 1 / 30 else body


def sessions(rng: Random, spread: float) -> float:
    """Two to seven sessions a day, each of a size with a tail heavier than exponential (Weibull)."""
    shape = 1.4 - spread
    count = 2 + sum(rng.random() < 0.5 for _ in range(5))
    return sum(rng.weibullvariate(1, shape) for _ in range(count)) / (4.5 * math.gamma(1 + 1 / shape))


def bursty(rng: Random, spread: float) -> float:
    """Small days mostly, and one in seven three to five times the usual: work that comes in batches."""
    level = rng.uniform(2.0, 4.0) if rng.random() < 1 / 7 else 1.0
    return level * math.pow(rng.gammavariate(4, 0.25), spread / 0.5)


FAMILIES: dict[str, Noise] = {
    "log-normal": log_normal,
    "Pareto tail": pareto_tail,
    "sessions": sessions,
    "batches": bursty,
}


def build_company(people: int, family: str, seed: int) -> Company:
    """A company of so many people with all that happens to it, the same for the same arguments."""
    rng = Random(f"{people} {family} {seed}")
    staff = [_draw_habits(rng, number) for number in range(people)]
    hackathon = _hackathon(rng)
    world = _World(rng, FAMILIES[family], hackathon)
    usage: list[dict[str, float]] = [world.draw_day(day, staff) for day in range(DAYS)]
    company = Company(family, people, usage, [], hackathon)
    _Mischief(rng, company, staff, world).happen()
    return company


def day_of(number: int) -> date:
    """The date of a day counted from 0."""
    return FIRST_DAY + timedelta(number)


def _draw_habits(rng: Random, number: int) -> Habits:
    joins = rng.random() < 0.25
    joined = rng.randrange(5, DAYS - 15) if joins else 0
    left = rng.randrange(joined + 20, DAYS + 200) if rng.random() < 0.15 else DAYS
    eager = rng.betavariate(2, 1.5)
    habits = Habits(
        email=f"p{number:03}@example.com",
        joined=joined,
        left=min(left, DAYS),
        usual=math.exp(rng.gauss(math.log(140), 0.9)),
        spread=rng.uniform(0.3, 0.85),
        weekday_chance=0.15 + 0.8 * eager,
        weekend_chance=0.02 + 0.2 * eager * rng.random(),
        ramp_days=rng.choice((0, 0, 20, 40)) if joins else 0,
    )
    for _ in range(rng.choice((0, 1, 1, 2))):
        start = rng.randrange(DAYS)
        habits.away.update(range(start, start + rng.randrange(4, 20)))
    return habits


def _hackathon(rng: Random) -> range:
    start = rng.randrange(60, DAYS - 30)
    start += (1 - (start % 7)) % 7
    return range(start, start + HACKATHON_DAYS)


class _World:
    """What befalls everybody: growth, a price change, a hackathon, projects that come and go."""

    def __init__(self, rng: Random, noise: Noise, hackathon: range) -> None:
        self._rng = rng
        self._noise = noise
        self._growth = rng.uniform(0, 0.006)
        self._price_day = rng.randrange(50, DAYS - 20)
        self._price = rng.choice((0.75, 1.25, 1.4))
        self._hackathon = hackathon
        self._mood: dict[str, float] = {}

    def draw_day(self, day: int, staff: list[Habits]) -> dict[str, float]:
        """Everybody's credits of a day; whoever used nothing is missing."""
        drawn = {}
        for person in staff:
            mood = 0.9 * self._mood.get(person.email, 0.0) + self._rng.gauss(0, 0.09)
            self._mood[person.email] = mood
            if person.is_here(day) and self._rng.random() < self._chance(person, day):
                drawn[person.email] = self.draw(person, day) * math.exp(mood)
        return drawn

    def draw(self, person: Habits, day: int) -> float:
        """What an active day comes to."""
        keen = day in self._hackathon and self._rng.random() < 0.7
        return self.usual(person, day) * self._noise(self._rng, person.spread) * (3.0 if keen else 1.0)

    def usual(self, person: Habits, day: int) -> float:
        """The middle of somebody's active days just then."""
        learning = 1.0
        if person.ramp_days:
            learning = min(1.0, 0.3 + 0.7 * (day - person.joined) / person.ramp_days)
        price = self._price if day >= self._price_day else 1.0
        return person.usual * learning * price * math.exp(self._growth * day)

    def _chance(self, person: Habits, day: int) -> float:
        if day in person.away:
            return 0.0
        if day in self._hackathon:
            return min(1.0, person.weekday_chance * 1.4)
        return person.weekend_chance if day % 7 >= SATURDAY else person.weekday_chance


class _Mischief:
    """Puts the labelled events over the ordinary days."""

    def __init__(self, rng: Random, company: Company, staff: list[Habits], world: _World) -> None:
        self._rng = rng
        self._company = company
        self._staff = staff
        self._world = world
        self._taken: dict[str, list[range]] = {}

    def happen(self) -> None:
        """Spikes, runaways over a weekend, bursts of newcomers, lasting shifts."""
        share = max(self._company.people / 200, 0.15)
        for kind, act, often in (
            ("spike", self._spike, 26),
            ("weekend", self._weekend, 14),
            ("newcomer", self._newcomer, 10),
            ("shift", self._shift, 10),
        ):
            for _ in range(max(1, round(often * share))):
                self._try(kind, act)

    def _try(self, kind: str, act: Callable[[Habits], tuple[range, float] | None]) -> None:
        for _ in range(40):
            person = self._rng.choice(self._staff)
            planned = act(person)
            if planned is None or not self._is_free(person, planned[0]):
                continue
            if self._world.usual(person, planned[0].start) * planned[1] < LEAST_EVENT_CREDITS:
                continue
            self._apply(kind, person, *planned)
            return

    def _is_free(self, person: Habits, days: range) -> bool:
        taken = self._taken.get(person.email, [])
        around = range(days.start - 14, days.stop + 14)
        return all(other.stop <= around.start or around.stop <= other.start for other in taken)

    def _apply(self, kind: str, person: Habits, days: range, factor: float) -> None:
        added = 0.0
        for day in days:
            usage = self._company.usage[day]
            before = usage.get(person.email, 0.0)
            if kind == "shift":
                if not before:
                    continue
                usage[person.email] = before * factor
            else:
                noise = math.exp(self._rng.gauss(0, 0.25))
                usage[person.email] = before + self._world.usual(person, day) * factor * noise
            added += usage[person.email] - before
        self._taken.setdefault(person.email, []).append(days)
        self._company.labels.append(Label(person.email, kind, days.start, days.stop - 1, added))

    def _spike(self, person: Habits) -> tuple[range, float] | None:
        day = self._rng.randrange(WARM_UP_DAYS, DAYS - 2)
        if day % 7 >= SATURDAY or day < person.joined + 20 or day >= person.left or day in person.away:
            return None
        if day in self._company.hackathon:
            return None
        return range(day, day + 1), self._factor()

    def _weekend(self, person: Habits) -> tuple[range, float] | None:
        friday = self._rng.randrange(WARM_UP_DAYS // 7, DAYS // 7 - 1) * 7 + 4
        if friday < person.joined + 20 or friday + 3 >= person.left:
            return None
        return range(friday + self._rng.choice((0, 1)), friday + 3), self._factor()

    def _newcomer(self, person: Habits) -> tuple[range, float] | None:
        if not WARM_UP_DAYS < person.joined < DAYS - 10:
            return None
        start = person.joined + self._rng.randrange(3)
        return range(start, start + self._rng.choice((1, 2, 3))), self._factor() * 1.3

    def _shift(self, person: Habits) -> tuple[range, float] | None:
        start = self._rng.randrange(50, DAYS - 14)
        if start < person.joined + 40 or start + 12 > person.left:
            return None
        return range(start, start + 12), self._rng.uniform(3, 5)

    def _factor(self) -> float:
        """How many usual days come on top: 6 to 30, small ones more often."""
        return math.exp(self._rng.uniform(math.log(6), math.log(30)))
