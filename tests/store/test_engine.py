"""Connections: one reader a thread, many readers beside one writer, and what closing them means."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.metrics import Metric
from bot.core.models import Totals
from bot.errors import StoreError
from bot.store.engine import Engine, sqlite_version
from bot.store.sqlite import SqliteStore
from tests.store.rig import EVERYONE, MONDAY, STAFF, WEEK, amounts, save_people, sync_day, usage_row
from tests.store.sqlite_rig import OWNERS, check, fill


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "store.db", lock_seconds=5)


def read_until(store: SqliteStore, is_over: Callable[[], bool]) -> int:
    """Snapshots, each of which must add up; returns how many."""
    taken = 0
    while not is_over() or taken == 0:
        with store.snapshot() as seen:
            everyone = seen.load_totals(EVERYONE, WEEK)
            usage = seen.load_usage(EVERYONE, WEEK)
            people = [one.totals for one in seen.rank_people(EVERYONE, WEEK, Metric.CREDITS, 99)]
            groups = [group.totals for group in seen.load_groups(EVERYONE, WEEK, 0, 99)]
            nobody = seen.load_unattributed(EVERYONE, WEEK)
        assert usage.totals == everyone
        assert sum(people, Totals()) + nobody == everyone
        assert sum(groups, Totals()) + nobody == everyone
        assert sum((part.credits_micro for part in usage.clients.values()), 0) == everyone.credits_micro
        taken += 1
    return taken


def test_eight_readers_see_whole_days_while_one_writer_replaces_them(store: SqliteStore) -> None:
    """Total, people, teams, clients and the remainder agree in every snapshot, and nobody is locked out."""
    fill(store)
    over = threading.Event()
    names = [*OWNERS, "acc-nobody"]
    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read_until, store, over.is_set) for _ in range(8)]
        try:
            for n in range(60):
                day = MONDAY + timedelta(days=n % 3)
                rows = [
                    usage_row(name, day, 1 + (n + m) % 5, clients={"CLI": amounts(1 + (n + m) % 5)})
                    for m, name in enumerate(names)
                    if (n + m) % 4
                ]
                sync_day(store, day, rows)
                if n % 10 == 0:
                    save_people(
                        store, STAFF, dict(zip(OWNERS, [*list(OWNERS.values())[n % 3 :]], strict=False))
                    )
                    store.checkpoint()
        finally:
            over.set()
        assert all(reader.result() > 0 for reader in readers)
    check(store)
    store.close()


def test_a_reader_cannot_write(store: SqliteStore) -> None:
    fill(store)
    with store.engine.reading() as connection, pytest.raises(Exception, match="readonly"):
        connection.execute("DELETE FROM usage_day")
    check(store)


def test_a_failed_block_writes_nothing(store: SqliteStore) -> None:
    fill(store)

    def fail() -> None:
        with store.engine.writing() as connection:
            connection.execute("DELETE FROM usage_day")
            raise LookupError("a fault of the caller")

    with pytest.raises(LookupError):
        fail()
    check(store)


def test_a_closed_store_opens_again_when_it_is_asked(store: SqliteStore) -> None:
    fill(store)
    assert store.load_note("colour") == "blue"
    store.close()
    assert not store.engine.path.with_name("store.db-wal").exists()
    assert store.load_note("colour") == "blue"


def test_a_store_that_was_never_made_is_a_store_error(tmp_path: Path) -> None:
    """Neither an empty file nor a missing folder is taken for an empty company."""
    for path in (tmp_path / "store.db", tmp_path / "missing" / "store.db"):
        with pytest.raises(StoreError, match=r"store\.db"):
            SqliteStore(path).load_employees()


def test_deleted_content_is_overwritten_and_the_log_is_safe(store: SqliteStore) -> None:
    """Whoever left must not be readable from the free pages of the file; a power cut must lose nothing told."""
    fill(store)
    with store.engine.unlocked() as connection:
        pragmas = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
    }


def test_the_version_is_that_of_the_library_in_use(store: SqliteStore) -> None:
    with Engine(store.engine.path).unlocked() as connection:
        told = connection.execute("SELECT sqlite_version()").fetchone()[0]
    assert ".".join(map(str, sqlite_version())) == told
