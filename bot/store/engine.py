"""How SQLite is opened, locked and closed, and what its errors mean.

One file, WAL, one writer at a time. Readers are one connection a thread, and may not write. Every write is
``BEGIN IMMEDIATE``: a deferred transaction that reads first fails at once when another process writes,
whatever the time-out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StoreError

if TYPE_CHECKING:
    import sqlite3
else:
    try:  # a SQLite without the WAL-reset fault of 3.7.0 to 3.51.2, where there is a wheel of it
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

Connection = sqlite3.Connection
is_statement = sqlite3.complete_statement  # strings, comments and triggers understood

LOCK_SECONDS = 30.0
WAL_LIMIT_BYTES = 64 * 1024 * 1024
SAFE_SQLITE = (3, 51, 3)  # sqlite.org/wal.html: the WAL-reset fault is mended from here on


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite library in use."""
    return sqlite3.sqlite_version_info


def open_still(path: Path) -> Connection:
    """A file that nobody writes to, opened for reading: it is not touched, and nothing is left beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


class Engine:
    """The connections to one database file."""

    def __init__(self, path: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.path = path
        self._lock_seconds = lock_seconds
        self._local = threading.local()
        self._opened: list[Connection] = []

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """This thread's read-only connection, inside one snapshot, the outer one where there is one already.

        Raises `StoreError`.
        """
        with translated(self.path):
            connection = self._reader()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                with suppress(sqlite3.OperationalError):
                    connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection inside a write transaction, committed at the end of the block. Raises `StoreError`."""
        with translated(self.path), self.unlocked() as connection, transaction(connection):
            yield connection

    @contextmanager
    def unlocked(self) -> Iterator[Connection]:
        """A connection that may write, outside any transaction."""
        with translated(self.path):
            connection = self._open(readonly=False)
            try:
                yield connection
            finally:
                connection.close()

    def close(self) -> None:
        """Close what every thread has opened."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._local = threading.local()

    def _reader(self) -> Connection:
        connection: Connection | None = getattr(self._local, "reader", None)
        if connection is None:
            connection = self._open(readonly=True)
            self._local.reader = connection
            self._opened.append(connection)
        return connection

    def _open(self, *, readonly: bool) -> Connection:
        if not readonly:
            with reachable(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self.path, timeout=self._lock_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in _READER if readonly else _WRITER:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection


_WRITER = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
    f"journal_size_limit = {WAL_LIMIT_BYTES}",
)
_READER = ("query_only = ON", "trusted_schema = OFF", "temp_store = MEMORY")


@contextmanager
def transaction(connection: Connection, lock: str = "IMMEDIATE") -> Iterator[None]:
    """One write transaction: all of the block or nothing of it. ``lock`` says when the lock is taken."""
    connection.execute(f"BEGIN {lock}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has already rolled back by itself after some errors, a full disk among them
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors inside the block into `StoreError`, with what to do about them."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_sentence(path, error)) from error
    except UnicodeEncodeError as error:  # half a surrogate pair, which JSON can carry
        raise StoreError(f"The database {path.name} cannot hold a text that is not Unicode.") from error


@contextmanager
def reachable(path: Path) -> Iterator[None]:
    """Turn what the file system says of a file of our own into `StoreError`; nothing else belongs in the block."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path.name} cannot be used: {error.strerror or error}."
            " Check that its folder is writable for this user and has space left."
        ) from error


def _sentence(path: Path, error: sqlite3.Error) -> str:
    text = str(error)
    for sign, advice in _ADVICE.items():
        if sign in text:
            return f"The database {path.name}: {text}. {advice}"
    return f"The database {path.name} failed: {text}."


_ADVICE = {
    "locked": "Another process holds it; it will be tried again.",
    "disk is full": "Free some disk space; nothing was half-written.",
    "disk I/O error": "Check the disk and the space left on it; nothing was half-written.",
    "readonly": "Make the file and its folder writable for this user.",
    "unable to open": "Check that its folder exists, is writable for this user and has space left.",
    "not a database": "Restore a backup or point DATABASE_URL elsewhere.",
    "malformed": "Restore a backup; usage can be read again with `codex-usage-bot sync --since`.",
}
