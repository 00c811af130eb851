"""Whose each account is, and where everybody stands: side by side, so that no ranking has to look up a whole company.

Made anew, in the same transaction, whenever people are linked.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable

from bot.store.engine import Connection

OWNER = "owner"
"""By account number: the employee whom it belongs to, at least on some days; 0 for nobody."""

PLACE = "place"
"""By employee number: their place in the chart."""

TEAM = "team"
"""By employee number: their team."""

_SOURCES = {
    OWNER: "SELECT account, employee FROM account_link",
    PLACE: "SELECT id, first FROM employee",
    TEAM: "SELECT id, team FROM employee",
}


def save_people_columns(connection: Connection) -> None:
    """Make them from the tables; what came out as before is not written."""
    for name, source in _SOURCES.items():
        connection.execute(
            "INSERT INTO people_column VALUES (?, ?) ON CONFLICT DO UPDATE SET numbers = excluded.numbers"
            " WHERE numbers IS NOT excluded.numbers",
            (name, _packed(connection.execute(source).fetchall())),
        )


def is_saved(connection: Connection) -> bool:
    """False in a database that an older version has left behind."""
    return connection.execute("SELECT 1 FROM people_column").fetchone() is not None


def load_people_column(connection: Connection, name: str) -> array[int]:
    """One of the columns; from the tables where it is not saved yet."""
    row = connection.execute("SELECT numbers FROM people_column WHERE name = ?", (name,)).fetchone()
    packed = row[0] if row else _packed(connection.execute(_SOURCES[name]).fetchall())
    return _little_endian(array("I", packed))


def _packed(pairs: Iterable[tuple[int, int]]) -> bytes:
    known = dict(pairs)
    numbers = array("I", (known.get(number, 0) for number in range(max(known, default=0) + 1)))
    return _little_endian(numbers).tobytes()


def _little_endian(numbers: array[int]) -> array[int]:
    """To or from the order of bytes in the file, whatever the machine's is."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
