"""A right that one process at a time holds: a lock on a file beside the database, which a crash gives back."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import DeliveryRunningError, StoreError, SyncRunningError
from bot.store.engine import reachable


@contextmanager
def sync_lock(database: Path) -> Iterator[int]:
    """The right to sync. Raises `SyncRunningError` at once where another process has it."""
    with _held(
        database, "sync", SyncRunningError("Another sync is running; wait until it has ended.")
    ) as lock:
        yield lock


@contextmanager
def delivery_lock(database: Path) -> Iterator[int]:
    """The right to send messages, as the locked file's descriptor. Raises `DeliveryRunningError`."""
    with _held(database, "delivery", DeliveryRunningError("Another process is delivering.")) as lock:
        yield lock


@contextmanager
def _held(database: Path, right: str, taken: StoreError) -> Iterator[int]:
    path = database.with_name(f"{database.name}-{right}-lock")
    with reachable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise taken from error
        yield lock
    finally:
        os.close(lock)
