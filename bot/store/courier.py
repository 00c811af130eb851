"""Who delivers: the lock on a file beside the database, the mark in it, and what a new holder finds in doubt.

The mark is higher than what the database says exactly when the database is older than the file: a backup was
restored. What was due by the time of the mark may have been sent since, and is in doubt.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DeliveryRunningError
from bot.store.engine import Connection, reachable

OPEN = "state NOT IN ('sent', 'dropped')"
"""Said in every query of the few that are neither, so that the index of just those serves it."""

_ABANDONED = "The process ended while it was being sent."
_RESTORED = "The database is older than what was last sent."


@dataclass(frozen=True, slots=True)
class Mark:
    """How far deliveries have come: the holder's term, how often anything was about to be sent, and when last."""

    term: int = 0
    sendings: int = 0
    at: int = 0


class MarkFile:
    """The file beside the database. One line, always of the same length, so that writing it is one step."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path

    def read(self) -> Mark:
        """What was written last; nothing where it cannot be read as such."""
        with reachable(self._path):
            parts = os.pread(self._descriptor, 100, 0).decode("ascii", errors="replace").split()
        return Mark(*map(int, parts)) if len(parts) == 3 and all(map(str.isdecimal, parts)) else Mark()  # noqa: PLR2004 - the fields of a mark

    def write(self, mark: Mark) -> None:
        """Put this in its place."""
        with reachable(self._path):
            os.pwrite(self._descriptor, f"{mark.term:020} {mark.sendings:020} {mark.at:020}\n".encode(), 0)


@contextmanager
def locked(database: Path) -> Iterator[MarkFile]:
    """The file, locked. Raises `DeliveryRunningError` where another process has it; a crash gives it back."""
    path = database.with_name(database.name + "-delivery-lock")
    with reachable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DeliveryRunningError("Another process is delivering.") from error
        yield MarkFile(descriptor, path)
    finally:
        os.close(descriptor)


def take_over(connection: Connection, told: Mark, now: int) -> Mark:
    """Begin a term: what the holder before was writing is begun anew, what it was sending is in doubt."""
    term, sendings, doubt_until = connection.execute(
        "SELECT term, sendings, doubt_until FROM courier"
    ).fetchone()
    mark = Mark(max(term, told.term) + 1, max(sendings, told.sendings), told.at)
    if told.sendings > sendings:
        doubt_until = max(doubt_until, told.at)
        connection.execute(
            f"UPDATE delivery SET state = 'doubtful', reason = ?, changed_at = ? WHERE {OPEN}"
            " AND state IN ('pending', 'claimed') AND due_at <= ?",
            (_RESTORED, now, doubt_until),
        )
    connection.execute(
        "UPDATE courier SET term = ?, sendings = ?, doubt_until = ?", (mark.term, mark.sendings, doubt_until)
    )
    connection.execute(f"UPDATE delivery SET state = 'pending' WHERE {OPEN} AND state = 'claimed'")
    connection.execute(
        f"UPDATE delivery SET state = 'doubtful', reason = ?, changed_at = ? WHERE {OPEN} AND state = 'sending'",
        (_ABANDONED, now),
    )
    return mark
