"""How long an answer's value takes, by command and by how many people it is about."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.store.sqlite import SqliteStore
from tests.bench.large import ADMIN, NOW

NAMED = ("", "7d", "90d", "today", "yesterday", "week", "last week", "month", "last month")


@dataclass(frozen=True, slots=True)
class Question:
    """Texts that are asked in turn by people drawn at random from ``viewers``."""

    name: str
    viewers: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of one kind of question."""

    name: str
    asked: int
    p50: float
    p99: float


def time_answers(path: Path, rounds: int) -> Iterator[Timed]:
    """Ask every kind of question ``rounds`` times."""
    store = SqliteStore(path)
    settings = AskSettings(frozenset({ADMIN}), frozenset(), None, timedelta(hours=1))
    ask = Ask(store, settings)
    rng = Random(1)
    for question in _questions(store):
        if question.viewers:
            yield _time(ask, question, rounds, rng)
    store.close()


def _time(ask: Ask, question: Question, rounds: int, rng: Random) -> Timed:
    taken = []
    for number in range(rounds):
        viewer, text = rng.choice(question.viewers), question.texts[number % len(question.texts)]
        begun = time.perf_counter()
        ask.answer_as(viewer, text, NOW)
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return Timed(
        question.name, rounds, taken[len(taken) // 2], taken[min(len(taken) - 1, len(taken) * 99 // 100)]
    )


def _questions(store: SqliteStore) -> Iterator[Question]:
    anyone = _people(store, 0, 0)
    small, dozens, hundreds, thousands, most = (
        _people(store, *bounds)
        for bounds in ((6, 10), (11, 100), (101, 1000), (1001, 20_000), (20_001, 10**9))
    )
    admin = (ADMIN,)
    yield Question("me", anyone, ("me",))
    yield Question("me, any named period", anyone, NAMED)
    yield Question("team of 6 to 10", small, ("team",))
    yield Question("team of 11 to 100", dozens, ("team",))
    yield Question("team of 101 to 1,000", hundreds, ("team",))
    yield Question("team of 1,001 to 20,000", thousands, ("team",))
    yield Question("team of more than 20,000", most, ("team",))
    yield Question(
        "team of any size, any named period", small + dozens[:50] + hundreds + thousands + most, _each("team")
    )
    yield Question("@person, by an admin", admin, tuple(anyone[:200]))
    yield Question("refused @person", anyone[:100], tuple(anyone[100:200]))
    yield Question("org", admin, ("org",))
    yield Question("org, any named period", admin, _each("org"))
    for metric in ("credits", "threads", "turns", "tokens", "streak"):
        yield Question(f"top {metric}, by an admin", admin, (f"top {metric}",))
    yield Question(
        "top tokens, by managers of any size", small + hundreds + thousands + most, ("top tokens",)
    )
    yield Question("reviews", anyone, ("reviews",))
    yield Question("status, by an admin", admin, ("status",))
    yield Question("help", anyone, ("help",))


def _each(command: str) -> tuple[str, ...]:
    return tuple(f"{command} {period}".strip() for period in NAMED)


def _people(store: SqliteStore, least: int, most: int) -> tuple[str, ...]:
    with store.engine.reading() as connection:
        rows = connection.execute(
            "SELECT email FROM employee WHERE last - first BETWEEN ? AND ? ORDER BY id % 997, id LIMIT 400",
            (least, most),
        )
        return tuple(row[0] for row in rows)
