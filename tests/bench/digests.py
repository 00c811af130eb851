"""How long a digest takes, from the store to the blocks: the sum of thousands on a Monday morning counts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.core.digests import DigestKind, NothingToSend
from bot.core.periods import parse_period
from bot.features.asked import AskSettings
from bot.features.digest import Digests
from bot.slack.digests import render_digest
from bot.store.sqlite import SqliteStore
from tests.bench.large import NOW

CHANNEL = "C0FINANCE"


@dataclass(frozen=True, slots=True)
class DigestTimes:
    """Milliseconds of one kind of digest."""

    name: str
    p50: float
    p99: float


def time_digests(path: Path, rounds: int) -> Iterator[DigestTimes]:
    """Compose and render digests of the last week, of managers drawn at random and of the organisation."""
    store = SqliteStore(path)
    with store.engine.unlocked() as connection:
        connection.execute("UPDATE employee SET slack_id = 'U' || id WHERE slack_id IS NULL AND last > first")
        rows = connection.execute(
            "SELECT email FROM employee WHERE last > first AND NOT archived ORDER BY id"
        )
        managers = [row[0] for row in rows]
    digests = Digests(
        store, AskSettings(frozenset(), frozenset(), None, timedelta(hours=1), finance_channel=CHANNEL)
    )
    drawn = Random(1).choices(managers, k=rounds)
    yield _time("a manager's digest", digests, [(DigestKind.MANAGER, email) for email in drawn])
    yield _time("the organisation's digest", digests, [(DigestKind.ORGANISATION, CHANNEL)] * 3)
    store.close()


def _time(name: str, digests: Digests, wanted: list[tuple[DigestKind, str]]) -> DigestTimes:
    week = parse_period("last week", NOW.date())
    taken = []
    for kind, recipient in wanted:
        begun = time.perf_counter()
        digest = digests.compose(kind, recipient, week, NOW, None)
        assert not isinstance(digest, NothingToSend), digest
        render_digest(digest)
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return DigestTimes(name, taken[len(taken) // 2], taken[min(len(taken) - 1, len(taken) * 99 // 100)])
