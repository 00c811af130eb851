"""Who is to get a digest, and on which clock."""

from __future__ import annotations

from bot.core.digest_times import DigestClock
from bot.core.digests import DigestKind
from bot.store.engine import Connection
from bot.store.sql import queries


def load_digest_clocks(connection: Connection, kind: DigestKind) -> list[DigestClock]:
    """Every clock of somebody who is to get digests of the kind."""
    rows = connection.execute(queries()["digest_clocks"], {"personal": kind is DigestKind.PERSONAL})
    return [DigestClock(*row) for row in rows]


def load_digest_recipients(
    connection: Connection, kind: DigestKind, period: str
) -> list[tuple[str, DigestClock]]:
    """The addresses of whoever is to get the digest of the period and is not in the outbox yet, with their clocks."""
    values = {"personal": kind is DigestKind.PERSONAL, "kind": kind, "period": period}
    rows = connection.execute(queries()["digest_recipients"], values)
    return [(row[0], DigestClock(*row[1:])) for row in rows]
