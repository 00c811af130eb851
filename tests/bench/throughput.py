"""Received bytes to committed rows, against the least that any program has to do for it.

The floor parses the same JSON with the standard library and writes the same rows into the same tables in one
transaction, without looking at a single value. Ours checks every value, keeps unknown fields, stages, compares
with what is stored, replaces the day, and keeps every sum right.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.core.models import epoch_day
from bot.core.periods import Period
from bot.sources.codex import CodexSource
from bot.store.engine import Connection, transaction
from bot.store.sqlite import SqliteStore
from tests.bench.clocks import Seconds
from tests.bench.large import NOW, Size, _save_people
from tests.bench.wire import BASE_URL, WORKSPACE, Wire

DAY = NOW.date() - timedelta(days=1)
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Throughput:
    """Seconds for the same bytes; the median of the pairs is what counts."""

    rows: int
    megabytes: float
    floor: Seconds
    ours: Seconds

    @property
    def ratio(self) -> float:
        """Our speed as a part of the floor's."""
        return self.floor.wall / self.ours.wall

    @property
    def cpu_ratio(self) -> float:
        """The same by CPU time, which other work on the machine changes less."""
        return self.floor.cpu / self.ours.cpu


def measure(folder: Path, wire_from: Path, *, pairs: int) -> list[Throughput]:
    """Floor and ours in turn, each into an empty database with the same people and accounts."""
    bodies = list(Wire(wire_from, corrected=0).pages(DAY, DAY + timedelta(days=1)))
    size = _size_of(wire_from)
    measured = []
    for pair in range(pairs):
        floor_store, our_store = (_empty(folder / f"{name}-{pair}.db", size) for name in ("floor", "ours"))
        rows, floor = _floor(floor_store, bodies)
        ours = _ours(our_store, bodies)
        _same(floor_store, our_store)
        measured.append(Throughput(rows, sum(map(len, bodies)) / 1e6, floor, ours))
    return measured


def _floor(store: SqliteStore, bodies: Sequence[bytes]) -> tuple[int, Seconds]:
    with store.engine.unlocked() as connection:
        accounts, clients, models = _names(connection)
        begun = Seconds.now()
        rows = 0
        with transaction(connection):
            for body in bodies:
                rows += _write_page(connection, json.loads(body)["data"], accounts, clients, models)
        return rows, Seconds.now() - begun


def _write_page(
    connection: Connection,
    page: list[dict[str, Any]],
    accounts: dict[str, int],
    clients: dict[str, int],
    models: dict[str, int],
) -> int:
    day = epoch_day(DAY)
    numbers = [accounts[row["user_id"]] for row in page]
    connection.executemany(
        f"INSERT INTO usage_day VALUES ({_marks(12)})",
        [(day, number, *_cells(row["totals"]), 1) for number, row in zip(numbers, page, strict=True)],
    )
    connection.executemany(
        f"INSERT INTO usage_client VALUES ({_marks(12)})",
        [
            (day, number, clients[part["client_id"]], *_cells(part))
            for number, row in zip(numbers, page, strict=True)
            for part in row["clients"]
        ],
    )
    connection.executemany(
        f"INSERT INTO usage_model VALUES ({_marks(10)})",
        [
            (day, number, models[part["model"]], *_cells(part)[2:])
            for number, row in zip(numbers, page, strict=True)
            for part in row["models"]
        ],
    )
    return len(page)


def _cells(part: dict[str, Any]) -> tuple[int | None, ...]:
    return (
        part.get("threads"),
        part.get("turns"),
        round(part["credits"] * MILLION),
        None,
        round(part["estimated_cost_usd"] * MILLION),
        part["uncached_text_input_tokens"],
        part["cached_text_input_tokens"],
        part["text_output_tokens"],
        0,
    )


def _ours(store: SqliteStore, bodies: Sequence[bytes]) -> Seconds:
    left = iter(bodies)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=next(left)))
    source = CodexSource(
        httpx.Client(transport=transport), base_url=BASE_URL, workspace_id=WORKSPACE, api_key="bench"
    )
    begun = Seconds.now()
    with store.staging() as staged:
        for page in source.fetch_usage(Period(DAY, DAY + timedelta(days=1))):
            staged.add(page)
        staged.read_day(DAY)
        staged.replace_days([DAY], NOW)
    return Seconds.now() - begun


def _empty(path: Path, size: Size) -> SqliteStore:
    store = SqliteStore(path)
    store.migrate()
    _save_people(store, size)
    return store


def _same(floor: SqliteStore, ours: SqliteStore) -> None:
    """Both must have written the same rows, or the comparison is worth nothing."""
    for table in ("usage_day", "usage_client", "usage_model"):
        both = []
        for store in (floor, ours):
            with store.engine.reading() as connection:
                both.append(connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall())
        if both[0] != both[1]:
            raise AssertionError(f"{table} differs between the floor and ours")


def _names(connection: Connection) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    accounts, clients, models = (
        dict(connection.execute(f"SELECT {name}, id FROM {table}").fetchall())
        for table, name in (("account", "external_id"), ("client", "name"), ("model", "name"))
    )
    return accounts, clients, models


def _size_of(path: Path) -> Size:
    store = SqliteStore(path)
    with store.engine.reading() as connection:
        employees = connection.execute("SELECT count(*) FROM employee").fetchone()[0]
    store.close()
    return Size(employees, 1)


def _marks(count: int) -> str:
    return ", ".join("?" * count)
