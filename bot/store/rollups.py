"""The sums made beforehand, kept exact while usage, ownership and the chart change.

Every sum is a sum over account-days. A change is therefore always told the same way: the touched
accounts are taken away as they are now, the change is made, and they are added as they are then. All of it
happens in the caller's write transaction, so no reader ever sees a sum that disagrees with its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from bot.core.models import epoch_day
from bot.core.periods import Period
from bot.store import active_spans, columns
from bot.store.engine import Connection
from bot.store.sql import queries
from bot.store.versions import note_sums_changed
from bot.store.weeks import copy_touched

LARGE_CHAIN = 100
"""A chain of more people than this is summed beforehand; a smaller one is added up when it is asked for."""

EVERYONE = 0
NOBODY = -1

_ROLLS = ("roll_total", "roll_client", "roll_model", "roll_code", "roll_person", "roll_team", "roll_group")
_FIGURES = (
    *("rows", "threads", "turns", "credits", "cost", "cost_rows", "estimate", "estimate_rows"),
    *("uncached", "cached", "output", "tokens", "token_rows"),
)
_SWEEPS = ("move_person", "move_team", "sweep_person", "sweep_team", "sweep_chain", "sweep_group")


def prepare(connection: Connection) -> None:
    """Make the connection's own lists of what is being rolled; call once a connection, outside transactions."""
    temporary = "CREATE TEMP TABLE IF NOT EXISTS"
    connection.execute(f"{temporary} touched (account INTEGER PRIMARY KEY)")
    for table in ("rolled_day", "kept_day", "changed_day"):
        connection.execute(f"{temporary} {table} (day INTEGER PRIMARY KEY)")
    connection.execute(f"{temporary} owner (employee INTEGER PRIMARY KEY)")
    for key, table in (("employee", "moved_person"), ("team", "moved_team")):
        figures = ", ".join(f"{name} INTEGER NOT NULL" for name in _FIGURES)
        connection.execute(
            f"{temporary} {table} ({key} INTEGER, day INTEGER, {figures}, PRIMARY KEY ({key}, day)) WITHOUT ROWID"
        )


@contextmanager
def rolling(connection: Connection) -> Iterator[None]:
    """Changes, each of them `rolled`; they reach the kept periods together, at the end.

    A kept period is spread over many pages of the file, and most of them change with every day: one visit
    for all days is far cheaper than one a day.
    """
    for table in ("changed_day", "owner", "moved_person", "moved_team"):
        connection.execute(f"DELETE FROM temp.{table}")
    yield
    _settle(connection)


@contextmanager
def rolled(connection: Connection, days: Iterable[int] | None = None) -> Iterator[None]:
    """Keep every sum right over a change to the accounts in ``touched``, on some days or on all.

    The block makes the change: of usage, of who owns an account, or of where its owner stands in the chart.
    """
    _list_days(connection, days)
    _roll(connection, sign=-1)
    yield
    _roll(connection, sign=+1)
    if days is not None:  # the copies go by account, so a change of people does not move them
        copy_touched(connection)
        columns.copy_touched(connection)


def touch_accounts(connection: Connection, accounts: Iterable[int]) -> None:
    """Begin a new list of touched accounts."""
    connection.execute("DELETE FROM temp.touched")
    connection.executemany("INSERT OR IGNORE INTO temp.touched VALUES (?)", ((a,) for a in accounts))


def keep_periods(connection: Connection, periods: Sequence[Period]) -> None:
    """Sum the periods that are not kept yet, and drop those that are no longer wanted."""
    wanted = {(epoch_day(period.since), epoch_day(period.until)) for period in periods}
    rows = connection.execute("SELECT id, since, until FROM period_sum").fetchall()
    kept = {(since, until): number for number, since, until in rows}
    for bounds, number in kept.items():
        if bounds not in wanted:
            _drop_period(connection, number)
    for bounds in sorted(wanted - kept.keys()):
        _fill_period(connection, *bounds)
    active_spans.keep_spans(connection, periods)


def kept_period(connection: Connection, period: Period) -> int | None:
    """The number of the period where its sums are kept."""
    row = connection.execute(
        "SELECT id FROM period_sum WHERE since = ? AND until = ?",
        (epoch_day(period.since), epoch_day(period.until)),
    ).fetchone()
    return row[0] if row else None


def bits_of(members: Iterable[int]) -> bytes:
    """A set of small integers as little-endian bits."""
    numbers = list(members)
    bits = bytearray(max(numbers, default=-1) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


def _list_days(connection: Connection, days: Iterable[int] | None) -> None:
    for table in ("rolled_day", "kept_day"):
        connection.execute(f"DELETE FROM temp.{table}")
    if days is None:
        connection.execute("INSERT INTO temp.rolled_day SELECT day FROM day_state")
    else:
        connection.executemany("INSERT INTO temp.rolled_day VALUES (?)", ((day,) for day in days))
    connection.execute("INSERT OR IGNORE INTO temp.changed_day SELECT day FROM temp.rolled_day")
    connection.execute(queries()["list_kept_days"])


def _roll(connection: Connection, *, sign: int) -> None:
    connection.execute(queries()["note_owners"])
    for name in _ROLLS:
        connection.execute(queries()[name], {"sign": sign})


def _settle(connection: Connection) -> None:
    if connection.execute("SELECT 1 FROM temp.changed_day LIMIT 1").fetchone():
        note_sums_changed(connection)
    for name in _SWEEPS:
        connection.execute(queries()[name])
    owners = _number([row[0] for row in connection.execute("SELECT employee FROM temp.owner")])
    days = [row[0] for row in connection.execute("SELECT day FROM temp.changed_day").fetchall()]
    active_spans.unite_again(connection, [day for day in days if _save_active(connection, day, owners)])


def _save_active(connection: Connection, day: int, owners: int) -> bool:
    """True where the day has other active people than before."""
    row = connection.execute("SELECT employees FROM active_day WHERE day = ?", (day,)).fetchone()
    before = int.from_bytes(row[0], "little") if row else 0
    active = [row[0] for row in connection.execute(queries()["active_owners"], {"day": day})]
    after = (before & ~owners) | _number(active)
    if row is None or after != before:
        connection.execute(
            "INSERT INTO active_day VALUES (?, ?) ON CONFLICT DO UPDATE SET employees = excluded.employees",
            (day, after.to_bytes((after.bit_length() + 7) // 8, "little")),
        )
    return after != before


def _number(members: Iterable[int]) -> int:
    return int.from_bytes(bits_of(members), "little")


def _drop_period(connection: Connection, number: int) -> None:
    for table in ("period_person", "period_team"):
        connection.execute(f"DELETE FROM {table} WHERE period = ?", (number,))
    connection.execute("DELETE FROM period_sum WHERE id = ?", (number,))


def _fill_period(connection: Connection, since: int, until: int) -> None:
    cursor = connection.execute("INSERT INTO period_sum (since, until) VALUES (?, ?)", (since, until))
    values = {"period": cursor.lastrowid, "since": since, "until": until}
    connection.execute(queries()["fill_person"], values)
    connection.execute(queries()["fill_team"], values)
