"""Messages as they are kept: what every process may read and add, and the right to send them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from bot.core.deliveries import Delivery, DeliveryState, Order, Standstill
from bot.core.digests.contents import DigestKind
from bot.core.digests.times import DigestClock
from bot.store import courier, digest_plan
from bot.store.courier import OPEN
from bot.store.engine import Connection, Engine
from bot.store.outbox import COLUMNS, SqliteOutbox, delivery_of, instant, seconds

PRUNED_AT_ONCE = 500
_FINAL = "'sent', 'parked', 'dropped', 'unknown'"


class SqliteDeliveries:
    """A `bot.ports.DeliveryStore` in one SQLite file."""

    engine: Engine

    @contextmanager
    def only_delivery(self, now: datetime) -> Iterator[SqliteOutbox]:
        with courier.locked(self.engine.path) as mark_file:
            with self.engine.writing() as connection:
                mark = courier.take_over(connection, mark_file.read(), seconds(now))
            mark_file.write(mark)
            yield SqliteOutbox(self.engine, mark_file, mark)

    def save_orders(self, orders: Sequence[Order], now: datetime) -> int:
        with self.engine.writing() as connection:
            return insert_orders(connection, orders, now)

    def renew_deliveries(self, numbers: Sequence[int], now: datetime, expires_at: datetime) -> int:
        with self.engine.writing() as connection:
            return connection.execute(
                "UPDATE delivery SET state = 'pending', not_before = ?1, changed_at = ?1, reason = NULL,"
                " expires_at = max(expires_at, ?3)"
                " WHERE state IN ('parked', 'dropped') AND id IN (SELECT value FROM json_each(?2))",
                (seconds(now), json.dumps(list(numbers)), seconds(expires_at)),
            ).rowcount

    def load_deliveries(self, period: str) -> list[Delivery]:
        with self.engine.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM delivery WHERE period = ? ORDER BY kind, recipient", (period,)
            )
            return [delivery_of(row) for row in rows]

    def load_said(self, kind: str, recipient: str, period: str) -> str | None:
        with self.engine.reading() as connection:
            row = connection.execute(
                "SELECT said FROM delivery WHERE period = ? AND kind = ? AND recipient = ?",
                (period, kind, recipient),
            ).fetchone()
        return row[0] if row else None

    def count_open_deliveries(self, since: datetime) -> Mapping[DeliveryState, int]:
        with self.engine.reading() as connection:
            rows = connection.execute(
                f"SELECT state, count(*) FROM delivery WHERE {OPEN}"
                " AND (state NOT IN ('parked', 'unknown') OR changed_at >= ?) GROUP BY state",
                (seconds(since),),
            ).fetchall()
        return {DeliveryState(state): count for state, count in rows}

    def load_troubles(self, since: datetime, most: int) -> list[Delivery]:
        with self.engine.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM delivery WHERE {OPEN}"
                " AND state IN ('parked', 'unknown') AND changed_at >= ? ORDER BY changed_at DESC, id DESC LIMIT ?",
                (seconds(since), most),
            )
            return [delivery_of(row) for row in rows]

    def load_standstill(self) -> Standstill | None:
        with self.engine.reading() as connection:
            since, reason = connection.execute("SELECT stopped_at, stopped_for FROM courier").fetchone()
        return None if since is None else Standstill(instant(since), reason)

    def load_digest_clocks(self, kind: DigestKind) -> list[DigestClock]:
        with self.engine.reading() as connection:
            return digest_plan.load_digest_clocks(connection, kind)

    def load_digest_recipients(self, kind: DigestKind, period: str) -> list[tuple[str, DigestClock]]:
        with self.engine.reading() as connection:
            return digest_plan.load_digest_recipients(connection, kind, period)

    def prune_deliveries(self, before: datetime) -> int:
        with self.engine.writing() as connection:
            return connection.execute(
                f"DELETE FROM delivery WHERE id IN (SELECT id FROM delivery ORDER BY id LIMIT {PRUNED_AT_ONCE})"
                f" AND changed_at < ? AND state IN ({_FINAL})",
                (seconds(before),),
            ).rowcount


def insert_orders(connection: Connection, orders: Sequence[Order], now: datetime) -> int:
    """Keep what is not kept yet; returns how many were new."""
    return connection.executemany(
        "INSERT INTO delivery (kind, recipient, period, due_at, not_before, expires_at, traces_since, priority,"
        " state, changed_at) VALUES (?1, ?2, ?3, ?4, ?9, ?5, ?6, ?7,"
        " iif(?4 <= (SELECT doubt_until FROM courier), 'doubtful', 'pending'), ?8) ON CONFLICT DO NOTHING",
        [(*_cells(order), seconds(now), seconds(order.not_before or order.due_at)) for order in orders],
    ).rowcount


def _cells(order: Order) -> tuple[str | int, ...]:
    instants = (order.due_at, order.expires_at, order.traces_since)
    return (order.kind, order.recipient, order.period, *map(seconds, instants), order.priority)
