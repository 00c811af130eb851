"""Settled weeks: their usage once more, with the days of one account side by side.

The usage tables begin with the day, as it is written: a sync changes a stretch of each of them. A person is read
across the days, a page of the file for each. So a week that the usual sync has left behind is copied, sorted by
account; what is read again every hour is never here, and copying costs the hourly sync nothing.
"""

from __future__ import annotations

from bot.core.days import REREAD_DAYS
from bot.store.engine import Connection, transaction
from bot.store.sql import queries

WEEK_DAYS = 7
KEPT_WEEKS = 26
"""Half a year: 90 days, and the 90 before them that they are compared with."""

SPLIT_WEEKS = 14
"""By client, by model and code attribution are told of the period that was asked for alone, not of the one before."""

_SPLITS = ("week_client", "week_model", "week_code")
_TABLES = ("week_day", *_SPLITS)


def settle(connection: Connection) -> None:
    """Copy the weeks that have settled since the last time and drop those that are old; a transaction for each."""
    wanted = _wanted(connection)
    settled = dict(connection.execute("SELECT week, splits FROM settled_week").fetchall())
    for week in sorted(settled.keys() - wanted.keys()):
        with transaction(connection):
            _empty(connection, week, _TABLES)
            connection.execute("DELETE FROM settled_week WHERE week = ?", (week,))
    for week, splits in wanted.items():
        if week not in settled:
            with transaction(connection):
                _copy(connection, week, splits=splits)
        elif settled[week] and not splits:
            with transaction(connection):
                _empty(connection, week, _SPLITS)
                connection.execute("UPDATE settled_week SET splits = 0 WHERE week = ?", (week,))


def copy_touched(connection: Connection) -> None:
    """Copy the touched accounts anew on those of the rolled days that lie in a settled week."""
    for table in _TABLES:
        for name in ("drop_touched_week", "copy_touched_week"):
            connection.execute(_of(name, table), {"split": table in _SPLITS})


def end_of_settled(connection: Connection) -> int:
    """The first day of the oldest week that the usual sync still reads; 0 before the first sync."""
    newest = connection.execute("SELECT max(day) FROM day_state").fetchone()[0]
    return 0 if newest is None else (newest - REREAD_DAYS) // WEEK_DAYS * WEEK_DAYS


def _wanted(connection: Connection) -> dict[int, bool]:
    """The weeks that should be settled, each with whether its splits should be kept."""
    end = end_of_settled(connection) // WEEK_DAYS
    rows = connection.execute(
        "SELECT DISTINCT day / :days FROM day_state WHERE day >= :since AND day < :until ORDER BY 1",
        {"days": WEEK_DAYS, "since": (end - KEPT_WEEKS) * WEEK_DAYS, "until": end * WEEK_DAYS},
    )
    return {week: week >= end - SPLIT_WEEKS for (week,) in rows}


def _copy(connection: Connection, week: int, *, splits: bool) -> None:
    values = {"week": week, "since": week * WEEK_DAYS, "until": (week + 1) * WEEK_DAYS}
    connection.execute("INSERT INTO settled_week VALUES (?, ?)", (week, splits))
    connection.execute(queries()["copy_week"], values)
    for table in _SPLITS if splits else ():
        connection.execute(_of("copy_week_split", table), values)


def _empty(connection: Connection, week: int, tables: tuple[str, ...]) -> None:
    for table in tables:
        connection.execute(f"DELETE FROM {table} WHERE week = ?", (week,))


def _of(name: str, table: str) -> str:
    return queries()[name].replace(":table:", table.removeprefix("week_"))
