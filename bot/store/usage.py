"""Usage rows in: days replaced whole, with everything that is summed from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.core.days import Doubt, Reading, implausible
from bot.core.models import PoisonedRow, date_of, epoch_day
from bot.ports import DayChange
from bot.store import rollups
from bot.store.engine import Connection, transaction
from bot.store.learning import note_changed_day
from bot.store.sql import queries
from bot.store.staging import Staging

KEPT_POISONED_ROWS = 1000


def read_staged_day(staged: Staging, day: int) -> Reading:
    """What the staging area holds of a day, beside what is stored."""
    row = staged.connection.execute("SELECT rows FROM day_state WHERE day = ?", (day,)).fetchone()
    reading = Reading(
        day=date_of(day),
        rows=staged.rows_of(day),
        poisoned=staged.poisoned_of(day),
        stored_rows=row[0] if row else 0,
    )
    return replace(reading, fingerprint=staged.fingerprint(day)) if implausible(reading) else reading


def replace_days(staged: Staging, days: Sequence[int], now: datetime) -> DayChange:
    """Put staged days in the place of the stored ones, in one transaction; unchanged rows are not written."""
    with transaction(staged.connection), rollups.rolling(staged.connection):
        return sum((_replace_day(staged, day, int(now.timestamp())) for day in days), DayChange())


def load_doubt(connection: Connection, day: int) -> Doubt | None:
    """The doubt that stands about a day."""
    row = connection.execute(
        "SELECT reason, fingerprint, agreed, agreed_at FROM refused_day WHERE day = ?", (day,)
    ).fetchone()
    if row is None:
        return None
    reason, fingerprint, agreed, agreed_at = row
    return Doubt(date_of(day), reason, fingerprint, agreed, _instant(agreed_at))


def save_doubt(connection: Connection, doubt: Doubt) -> None:
    """Keep a doubt about a day; the stored day stays as it is."""
    with transaction(connection):
        connection.execute(
            "INSERT INTO refused_day (day, reason, fingerprint, agreed, agreed_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET reason = excluded.reason, fingerprint = excluded.fingerprint,"
            " agreed = excluded.agreed, agreed_at = excluded.agreed_at",
            (
                epoch_day(doubt.day),
                doubt.reason,
                doubt.fingerprint,
                doubt.agreed,
                int(doubt.agreed_at.timestamp()),
            ),
        )


def save_poisoned(connection: Connection, part: str, rows: Sequence[PoisonedRow], now: datetime) -> None:
    """Set rows aside with their reasons; only the newest are kept."""
    seen = int(now.timestamp())
    connection.executemany(
        "INSERT INTO poisoned_row (part, day, reason, raw, seen_at) VALUES (?, ?, ?, ?, ?)",
        [(part, row.day, row.reason, row.raw, seen) for row in rows[:KEPT_POISONED_ROWS]],
    )
    connection.execute(
        "DELETE FROM poisoned_row WHERE id <= (SELECT max(id) FROM poisoned_row) - ?", (KEPT_POISONED_ROWS,)
    )


def _replace_day(staged: Staging, day: int, instant: int) -> DayChange:
    connection = staged.connection
    change = _touch_differences(connection, day)
    if change != DayChange():
        with rollups.rolled(connection, [day]):
            _replace_touched(connection, day)
        note_changed_day(connection, day)
    connection.execute(
        "INSERT INTO day_state VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET rows = excluded.rows,"
        " poisoned = excluded.poisoned, read_at = excluded.read_at,"
        " changed_at = iif(?, excluded.changed_at, changed_at)",
        (day, staged.rows_of(day), staged.poisoned_of(day), instant, instant, change != DayChange()),
    )
    connection.execute("DELETE FROM refused_day WHERE day = ?", (day,))
    return change


def _touch_differences(connection: Connection, day: int) -> DayChange:
    rollups.touch_accounts(connection, ())
    values = {"day": day}
    connection.execute(queries()["touch_changed"], values)
    connection.execute(queries()["touch_vanished"], values)
    touched = _count(connection, "SELECT count(*) FROM temp.touched WHERE :day", values)
    new = _count(connection, queries()["count_new"], values)
    vanished = _count(connection, queries()["count_vanished"], values)
    return DayChange(new=new, changed=touched - new - vanished, vanished=vanished)


def _replace_touched(connection: Connection, day: int) -> None:
    for table in ("usage_day", "usage_client", "usage_model", "usage_code", "usage_extra"):
        connection.execute(
            f"DELETE FROM {table} WHERE day = ? AND account IN (SELECT account FROM temp.touched)",
            (day,),
        )
        connection.execute(
            f"INSERT INTO {table} SELECT n.* FROM temp.touched t"
            f" CROSS JOIN staging.{table} n ON n.day = ? AND n.account = t.account",
            (day,),
        )


def _count(connection: Connection, query: str, values: dict[str, int]) -> int:
    count: int = connection.execute(query, values).fetchone()[0]
    return count


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
