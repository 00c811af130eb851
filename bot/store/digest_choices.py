"""What employees chose about their digests, as it is stored; no row is no choice."""

from __future__ import annotations

from datetime import datetime

from bot.core.digests.choice import DigestChoice
from bot.store.engine import Connection


def load_digest_choice(connection: Connection, employee: int) -> DigestChoice:
    """The choice of an employee by the store's number."""
    row = connection.execute(
        "SELECT paused, weekday, minute, personal FROM digest_choice WHERE employee = ?", (employee,)
    ).fetchone()
    if row is None:
        return DigestChoice()
    paused, weekday, minute, personal = row
    return DigestChoice(bool(paused), weekday, minute, bool(personal))


def save_digest_choice(connection: Connection, employee: int, choice: DigestChoice, now: datetime) -> None:
    """Keep the choice in place of the one before."""
    connection.execute(
        "INSERT INTO digest_choice VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET paused = excluded.paused,"
        " weekday = excluded.weekday, minute = excluded.minute, personal = excluded.personal,"
        " changed_at = excluded.changed_at",
        (
            employee,
            choice.is_paused,
            choice.weekday,
            choice.minute,
            choice.wants_personal,
            int(now.timestamp()),
        ),
    )
