"""How long an answer's value takes, by command and by how many people it is about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.store.sqlite import SqliteStore
from tests.bench.large import ADMIN, NOW
from tests.bench.meter import Cost, metered

NAMED = ("", "7d", "90d", "today", "yesterday", "week", "last week", "month", "last month")
OLDER = ("2026-W43", "2026-W40", "2026-08", "2026-07")
RANGES = ("2026-10-03..2026-11-09", "2026-08-20..2026-09-30", "45d")
LONGEST_SECONDS = 30.0
"""No kind of question is asked for longer, however few were asked by then."""

LOOP = 100_000
"""About two milliseconds of computing: what a busy machine does to it, it does to an answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """Texts that are asked in turn by people drawn at random from ``viewers``."""

    name: str
    viewers: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timed:
    """What the questions of one kind took, one after the other."""

    name: str
    costs: tuple[Cost, ...]

    @property
    def p50(self) -> float:
        """Milliseconds on the clock, of the median."""
        return self.share(50, lambda cost: cost.wall_ms)

    @property
    def p99(self) -> float:
        """Milliseconds on the clock that one in a hundred took."""
        return self.share(99, lambda cost: cost.wall_ms)

    def share(self, percent: int, of: Callable[[Cost], float]) -> float:
        """The figure that so many in a hundred stay at or below."""
        figures = sorted(map(of, self.costs))
        return figures[min(len(figures) - 1, len(figures) * percent // 100)]


def time_answers(path: Path, rounds: int) -> Iterator[Timed]:
    """Ask every kind of question ``rounds`` times; the last is a loop that asks nothing, timed between all of them."""
    store = SqliteStore(path)
    settings = AskSettings(frozenset({ADMIN}), frozenset(), None, timedelta(hours=1))
    ask = Ask(store, settings)
    rng = Random(1)
    loops = list[Cost]()
    for question in _questions(store):
        if question.viewers:
            yield _time(ask, question, rounds, rng, loops)
    store.close()
    yield Timed("a fixed loop, which asks nothing", tuple(loops))


def _time(ask: Ask, question: Question, rounds: int, rng: Random, loops: list[Cost]) -> Timed:
    costs = list[Cost]()
    until = time.perf_counter() + LONGEST_SECONDS
    for number in range(rounds):
        if time.perf_counter() > until:
            break
        viewer, text = rng.choice(question.viewers), question.texts[number % len(question.texts)]
        with metered() as cost:
            ask.answer_as(viewer, text, NOW)
        costs.append(cost)
        with metered() as loop:
            sum(range(LOOP))
        loops.append(loop)
    return Timed(question.name, tuple(costs))


def _questions(store: SqliteStore) -> Iterator[Question]:
    anyone = _people(store, 0, 0)
    small, dozens, hundreds, thousands, most = (
        _people(store, *bounds)
        for bounds in ((6, 10), (11, 100), (101, 1000), (1001, 20_000), (20_001, 10**9))
    )
    yield Question("me", anyone, ("me",))
    yield Question("me, any named period", anyone, NAMED)
    for name, leads in (
        ("team of 6 to 10", small),
        ("team of 11 to 100", dozens),
        ("team of 101 to 1,000", hundreds),
        ("team of 1,001 to 20,000", thousands),
        ("team of more than 20,000", most),
    ):
        yield Question(name, leads, ("team",))
        yield Question(f"{name}, a range of days", leads, _each("team", RANGES))
    any_size = small + dozens[:50] + hundreds + thousands + most
    yield Question("team of any size, any named period", any_size, _each("team"))
    yield Question("team of any size, an older week or month", any_size, _each("team", OLDER))
    yield Question("@person, by an admin", (ADMIN,), tuple(anyone[:200]))
    yield Question("refused @person", anyone[:100], tuple(anyone[100:200]))
    yield Question("top tokens, by managers of any size", any_size, ("top tokens",))
    yield from _company_questions(anyone)


def _company_questions(anyone: tuple[str, ...]) -> Iterator[Question]:
    admin = (ADMIN,)
    yield Question("org", admin, ("org",))
    yield Question("org, any named period", admin, _each("org"))
    yield Question("org, an older week or month", admin, _each("org", OLDER))
    yield Question("org, a range of days", admin, _each("org", RANGES))
    for metric in ("credits", "threads", "turns", "tokens", "streak"):
        yield Question(f"top {metric}, by an admin", admin, (f"top {metric}",))
    yield Question("top, an older week or month, by an admin", admin, _each("top", OLDER))
    yield Question("top, a range of days, by an admin", admin, _each("top", RANGES))
    yield Question("reviews", anyone, ("reviews",))
    yield Question("status, by an admin", admin, ("status",))
    yield Question("help", anyone, ("help",))


def _each(command: str, periods: tuple[str, ...] = NAMED) -> tuple[str, ...]:
    return tuple(f"{command} {period}".strip() for period in periods)


def _people(store: SqliteStore, least: int, most: int) -> tuple[str, ...]:
    with store.engine.reading() as connection:
        rows = connection.execute(
            "SELECT email FROM employee WHERE last - first BETWEEN ? AND ? ORDER BY id % 997, id LIMIT 400",
            (least, most),
        )
        return tuple(row[0] for row in rows)
