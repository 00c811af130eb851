"""Copies of the database: made while it is in use, looked through, and put back in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.errors import DeliveryRunningError, StoreError, SyncRunningError
from bot.store.engine import Engine, open_still, reachable, translated
from bot.store.locks import delivery_lock, sync_lock
from bot.store.migrations import load_applied

_READ_AT_ONCE = 1 << 20


def back_up(database: Path, file: Path, *, force: bool) -> int:
    """Write one moment of the database into ``file``, look through it, and return its bytes. Raises `StoreError`.

    Others go on reading and writing meanwhile. An existing file is replaced with ``force`` only, and only by
    a whole copy.
    """
    if not database.exists():
        raise StoreError(f"There is no database {database.name} yet; run `codex-usage-bot sync` first.")
    _refuse_existing(file, force=force)
    with _beside(file) as copy:
        with closing(Engine(database)) as engine, engine.unlocked() as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        look_through(copy)
        return _put(copy, file)


def restore(file: Path, database: Path, *, force: bool) -> int:
    """Put a backup in the place of the database and return its bytes. Raises `StoreError`, and nothing has changed.

    A damaged file is refused, one that a newer version wrote, and one that is no backup of this program; so is
    everything while a bot or a sync is running. An existing database is replaced with ``force`` only.
    """
    if not file.is_file():
        raise StoreError(f"There is no file {file.name}.")
    _refuse_existing(database, force=force)
    with _nobody_else(database), _beside(database) as copy:
        with reachable(file), file.open("rb") as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, _READ_AT_ONCE)
        look_through(copy)
        for journal in ("-wal", "-shm"):  # of the database that goes: they must not be applied to the new one
            with reachable(database):
                database.with_name(database.name + journal).unlink(missing_ok=True)
        return _put(copy, database)


def look_through(copy: Path) -> None:
    """Raise `StoreError` unless this is a whole database of this program, of this version or an older one."""
    with translated(copy), closing(open_still(copy)) as connection:
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise StoreError(f"The backup is damaged ({problem}): use another one.")
        if not load_applied(connection):
            raise StoreError("This is no database of this program.")


def _refuse_existing(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise StoreError(f"{path.name} is there already; --force replaces it.")


@contextmanager
def _nobody_else(database: Path) -> Iterator[None]:
    try:
        with sync_lock(database), delivery_lock(database):
            yield
    except (SyncRunningError, DeliveryRunningError) as error:
        raise StoreError("The bot or a sync is running; stop it first, then restore again.") from error


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """An empty file in the same folder that nobody else may read, gone at the end."""
    copy = path.with_name(path.name + ".partial")
    with reachable(copy):
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield copy
    finally:
        with reachable(copy):
            copy.unlink(missing_ok=True)


def _put(copy: Path, path: Path) -> int:
    """Have the copy on the disk before it takes the name, and the name before it is told of."""
    with reachable(path):
        _flush(copy)
        copy.replace(path)
        _flush(path.parent)
        return path.stat().st_size


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
