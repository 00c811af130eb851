"""Readiness and gauges, as the store tells them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from bot.core.ledger import Part
from bot.listeners.state import State
from bot.store.sqlite import SqliteStore

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "codex-usage.db")
    store.migrate()
    yield store
    store.close()


def read_a_day(store: SqliteStore, at: datetime) -> None:
    """Yesterday was read at that time, and nobody had used anything."""
    with store.engine.writing() as connection:
        day, second = int(at.timestamp()) // 86_400 - 1, int(at.timestamp())
        connection.execute("INSERT INTO day_state VALUES (?, 0, 0, ?, ?)", (day, second, second))


def gauge(store: SqliteStore, name: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(State(store, HOUR, lambda: NOON))
    return registry.get_sample_value(f"codex_usage_{name}")


def test_not_ready_before_anything_was_read(store: SqliteStore) -> None:
    readiness = State(store, HOUR, lambda: NOON).readiness(NOON)

    assert not readiness.ready
    assert readiness.reasons == ("Usage was never read yet.",)


@pytest.mark.parametrize(("minutes", "is_ready"), [(0, True), (180, True), (181, False)])
def test_ready_for_three_intervals(store: SqliteStore, minutes: int, *, is_ready: bool) -> None:
    read_a_day(store, NOON)
    readiness = State(store, HOUR, lambda: NOON).readiness(NOON + timedelta(minutes=minutes))

    assert readiness.ready is is_ready
    assert readiness.reasons == (() if is_ready else ("Usage was last read 181 minutes ago.",))


def test_a_database_that_does_not_answer_is_a_reason(store: SqliteStore) -> None:
    store.close()
    store.engine.path.write_bytes(b"no database " * 1000)
    readiness = State(store, HOUR, lambda: NOON).readiness(NOON)

    assert not readiness.ready
    assert "codex-usage.db" in readiness.reasons[0]
    assert gauge(store, "database_up") == 0
    assert gauge(store, "last_sync_ok") is None


@pytest.mark.parametrize(("error", "value"), [(None, 1), ("the API is away", 0)])
def test_whether_the_last_sync_went_well(store: SqliteStore, error: str | None, value: int) -> None:
    assert gauge(store, "last_sync_ok") == 0
    number = store.begin_run(NOON)
    assert gauge(store, "last_sync_ok") == 0
    store.end_run(number, [Part("usage", error=error)], NOON)

    assert gauge(store, "last_sync_ok") == value
    assert gauge(store, "database_up") == 1


def test_times_are_in_seconds_and_zero_where_there_is_none(store: SqliteStore) -> None:
    assert gauge(store, "last_read_timestamp_seconds") == 0
    assert gauge(store, "complete_day_timestamp_seconds") == 0
    read_a_day(store, NOON)

    assert gauge(store, "last_read_timestamp_seconds") == NOON.timestamp()
    assert gauge(store, "complete_day_timestamp_seconds") == datetime(2026, 11, 17, tzinfo=UTC).timestamp()
