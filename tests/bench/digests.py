"""How long a digest takes, from the store to the blocks: the sum of thousands on a Monday morning counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.core.digests.contents import DigestKind, NothingToSend
from bot.core.periods import parse_period
from bot.features.asked import AskSettings
from bot.features.digests.compose import Digests
from bot.slack.digests import render_digest
from bot.store.sqlite import SqliteStore
from tests.bench.large import NOW
from tests.bench.meter import Cost, Timed, metered

CHANNEL = "C0FINANCE"


def time_digests(path: Path, rounds: int) -> Iterator[Timed]:
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


def _time(name: str, digests: Digests, wanted: list[tuple[DigestKind, str]]) -> Timed:
    week = parse_period("last week", NOW.date())
    costs = list[Cost]()
    for kind, recipient in wanted:
        with metered() as cost:
            digest = digests.compose(kind, recipient, week, NOW, None)
            assert not isinstance(digest, NothingToSend), digest
            render_digest(digest)
        costs.append(cost)
    return Timed(name, tuple(costs))
