"""Stores with all their tables and nothing in them, without every migration for each of hundreds of tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store.sqlite import SqliteStore


def empty_store(path: Path) -> SqliteStore:
    """A store at this path, as `migrate` leaves it."""
    path.write_bytes(_migrated())
    return SqliteStore(path)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "empty.db")
        store.migrate()
        store.checkpoint()
        store.close()
        return store.engine.path.read_bytes()
