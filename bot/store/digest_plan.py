"""Who is to get a digest, and on which clock."""

from __future__ import annotations

from bot.core.digests.contents import DigestKind
from bot.core.digests.times import DigestClock
from bot.store.engine import Connection
from bot.store.sql import queries


def load_digest_clocks(connection: Connection, kind: DigestKind) -> list[DigestClock]:
    """Every clock of an employee who is to get digests of the kind."""
    rows = connection.execute(queries()[f"{kind}_clocks"])
    return [DigestClock(*row) for row in rows]


def load_digest_recipients(
    connection: Connection, kind: DigestKind, period: str
) -> list[tuple[str, DigestClock]]:
    """The addresses of whoever is to get the digest of the period and is not in the outbox yet, with their clocks."""
    rows = connection.execute(queries()[f"{kind}_recipients"], {"kind": kind, "period": period})
    return [(row[0], DigestClock(*row[1:])) for row in rows]
