"""The outbox: each message's row, and its steps, which only the process that holds the right may take."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime

from bot.core.deliveries import Delivery, DeliveryState, Order, Posted
from bot.errors import DeliveryRunningError, StoreError
from bot.store.courier import OPEN, Mark, MarkFile
from bot.store.engine import Connection, Engine

_ORDER = "kind, recipient, period, due_at, expires_at, traces_since, priority"
COLUMNS = f"id, {_ORDER}, state, attempts, reason, destination"
_DUE = "FROM delivery WHERE state = 'pending' AND not_before <= ? ORDER BY priority, not_before, id LIMIT 1"
_TAKEN = "The same person has it under another address."
_EXPIRED = "It could not be sent before the next one was due."


class SqliteOutbox:
    """A `bot.ports.Outbox`, for as long as the lock on ``mark_file`` is held."""

    def __init__(self, engine: Engine, mark_file: MarkFile, mark: Mark) -> None:
        self._engine = engine
        self._mark_file = mark_file
        self._mark = mark

    def claim(self, now: datetime) -> Delivery | None:
        with self._engine.reading() as connection:
            if connection.execute(f"SELECT 1 {_DUE}", (seconds(now),)).fetchone() is None:
                return None
        with self._engine.writing() as connection:
            found = _next_due(connection, now)
            if found is not None and found.order.expires_at <= now:
                self._drop_expired(connection, now)
                found = _next_due(connection, now)
            if found is not None:
                self._change(connection, found, "pending", "state = 'claimed'", (), now)
            return found

    def begin(self, delivery: Delivery, destination: str, said: str | None, now: datetime) -> bool:
        with self._engine.writing() as connection:
            if _is_taken(connection, delivery.order, destination):
                self._change(connection, delivery, "claimed", "state = 'dropped', reason = ?", (_TAKEN,), now)
                return False
            change = "state = 'sending', reason = NULL, attempts = attempts + 1, destination = ?, said = ?"
            self._change(connection, delivery, "claimed", change, (destination, said), now)
            mark = self._count_sending(connection, now)
        self._mark = mark
        self._mark_file.write(mark)  # before the call: a backup that is older than this is noticed by it
        return True

    def end(self, delivery: Delivery, posted: Posted, now: datetime) -> None:
        change = "state = 'sent', reason = NULL, channel = ?, ts = ?"
        with self._engine.writing() as connection:
            self._change(connection, delivery, "sending,doubtful", change, (posted.channel, posted.ts), now)

    def put_back(self, delivery: Delivery, not_before: datetime, reason: str, now: datetime) -> None:
        change = (
            "state = 'pending', not_before = ?, reason = ?, destination = NULL, said = NULL,"
            " attempts = attempts - (state = 'sending')"
        )
        with self._engine.writing() as connection:
            values = (seconds(not_before), reason)
            self._change(connection, delivery, "claimed,sending,doubtful", change, values, now)

    def set_aside(self, delivery: Delivery, state: DeliveryState, reason: str, now: datetime) -> None:
        change = "state = ?, reason = ?"
        if state in (DeliveryState.PARKED, DeliveryState.DROPPED):
            change += ", destination = NULL, said = NULL"
        with self._engine.writing() as connection:
            self._change(connection, delivery, "claimed,sending,doubtful", change, (state, reason), now)

    def find_doubtful(self, resting: Collection[int]) -> Delivery | None:
        with self._engine.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM delivery WHERE {OPEN} AND state = 'doubtful'"
                " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY changed_at, id LIMIT 1",
                (json.dumps(list(resting)),),
            ).fetchone()
        return delivery_of(row) if row else None

    def find_conversation(self, destination: str) -> str | None:
        with self._engine.reading() as connection:
            row = connection.execute(
                "SELECT channel FROM delivery WHERE destination = ? AND channel IS NOT NULL LIMIT 1",
                (destination,),
            ).fetchone()
        return row[0] if row else None

    def save_standstill(self, reason: str | None, now: datetime) -> None:
        with self._engine.writing() as connection:
            changed = connection.execute(
                "UPDATE courier SET stopped_at = iif(?1 IS NULL, NULL, coalesce(stopped_at, ?2)), stopped_for = ?1"
                " WHERE term = ?3",
                (reason, seconds(now), self._mark.term),
            ).rowcount
            if changed != 1:
                raise DeliveryRunningError(_LOST)

    def _drop_expired(self, connection: Connection, now: datetime) -> None:
        connection.execute(
            "UPDATE delivery SET state = 'dropped', reason = ?2, changed_at = ?1 WHERE state = 'pending'"
            " AND not_before <= ?1 AND expires_at <= ?1 AND ?3 = (SELECT term FROM courier)",
            (seconds(now), _EXPIRED, self._mark.term),
        )

    def _change(
        self,
        connection: Connection,
        delivery: Delivery,
        before: str,
        change: str,
        values: tuple[str | int | None, ...],
        now: datetime,
    ) -> None:
        """One step of one message, out of the states ``before``; an error where it is not in one of them."""
        changed = connection.execute(
            f"UPDATE delivery SET {change}, changed_at = ? WHERE id = ?"
            " AND instr(',' || ? || ',', ',' || state || ',') AND ? = (SELECT term FROM courier)",
            (*values, seconds(now), delivery.number, before, self._mark.term),
        ).rowcount
        if changed == 1:
            return
        if connection.execute("SELECT term FROM courier").fetchone() != (self._mark.term,):
            raise DeliveryRunningError(_LOST)
        raise StoreError(f"Delivery {delivery.number} is not {before.replace(',', ' or ')} any more.")

    def _count_sending(self, connection: Connection, now: datetime) -> Mark:
        """One sending more than this process knows of; a database that says otherwise was put in its place."""
        changed = connection.execute(
            "UPDATE courier SET sendings = sendings + 1 WHERE term = ? AND sendings = ?",
            (self._mark.term, self._mark.sendings),
        ).rowcount
        if changed != 1:
            raise DeliveryRunningError(_LOST)
        return Mark(self._mark.term, self._mark.sendings + 1, max(seconds(now), self._mark.at))


_LOST = "Another process has taken over the deliveries, or the database was replaced."


def _next_due(connection: Connection, now: datetime) -> Delivery | None:
    row = connection.execute(f"SELECT {COLUMNS} {_DUE}", (seconds(now),)).fetchone()
    return delivery_of(row) if row else None


def _is_taken(connection: Connection, order: Order, destination: str) -> bool:
    return (
        connection.execute(
            "SELECT 1 FROM delivery WHERE destination = ? AND kind = ? AND period = ?",
            (destination, order.kind, order.period),
        ).fetchone()
        is not None
    )


def delivery_of(
    row: tuple[int, str, str, str, int, int, int, int, str, int, str | None, str | None],
) -> Delivery:
    """A row of `COLUMNS` as a value."""
    number, kind, recipient, period, due, expires, traces, priority = row[:8]
    state, attempts, reason, destination = row[8:]
    order = Order(kind, recipient, period, instant(due), instant(expires), instant(traces), priority)
    return Delivery(number, order, DeliveryState(state), attempts, reason, destination)


def seconds(moment: datetime) -> int:
    """As it is stored."""
    return int(moment.timestamp())


def instant(stored: int) -> datetime:
    """As it was."""
    return datetime.fromtimestamp(stored, UTC)
