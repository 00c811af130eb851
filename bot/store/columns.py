"""One figure of every account side by side, over a day or a week: what is added up to rank the company over any range.

A column is one long number, with 64 bits for each account in the order of their numbers: adding two of them adds up
everybody at once, where six weeks have three million rows. No figure is negative, and the sum of the company's was
found to fit into 63 bits, so no account's sum runs over into its neighbour's.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from bot.core.models import Totals
from bot.store import weeks
from bot.store.active_spans import Span
from bot.store.engine import Connection, transaction
from bot.store.people_columns import is_saved, save_people_columns
from bot.store.sql import queries
from bot.store.weeks import WEEK_DAYS

FIGURES: Mapping[str, Callable[[Totals], int]] = {
    "credits": attrgetter("credits_micro"),
    "threads": attrgetter("threads"),
    "turns": attrgetter("turns"),
    "tokens": attrgetter("total_tokens"),
}
"""What people are ranked by, as the tables name it. A span has the columns of all four, or of none."""

_TOGETHER = 8
"""For so many the disk is waited for once, and others who want to write wait for a few seconds at most."""

_BYTES = 8
_COMPRESSION = 3
"""Half of the usual effort for a tenth more of the file; most of a column is zeros."""


def settle(connection: Connection) -> None:
    """Make the columns that are missing, of days and of settled weeks, the newest first; a transaction for a few."""
    if not is_saved(connection):
        with transaction(connection):
            save_people_columns(connection)
    for days in _few(_days_without(connection)):
        with transaction(connection):
            for day in days:
                _make_day(connection, day)
    for firsts in _few(_weeks_without(connection)):
        with transaction(connection):
            for first in firsts:
                _make_week(connection, (first, first + WEEK_DAYS))


def copy_touched(connection: Connection) -> None:
    """Put the touched accounts right in the columns of the rolled days; their weeks are made anew by `settle`."""
    days = connection.execute(
        "SELECT d.day FROM temp.rolled_day d JOIN column_span c ON c.figure = 'credits' AND c.since = d.day"
        " AND c.until = d.day + 1"
    ).fetchall()
    for (day,) in days:
        rows = connection.execute(queries()["touched_figures"], {"day": day}).fetchall()
        for figure, values in zip(FIGURES, _figures(rows), strict=True):
            _change(connection, figure, day, values)
    weeks_of = [{"figure": figure, "days": WEEK_DAYS} for figure in FIGURES]
    connection.executemany(queries()["drop_touched_columns"], weeks_of)


def cover(connection: Connection, span: Span) -> list[Span] | None:
    """The columns that together are the stored days of the span, each once; None where they are not all there."""
    kept = dict(connection.execute(queries()["longest_columns"], _bounds(span)).fetchall())
    found: list[Span] = []
    for (day,) in connection.execute(
        "SELECT day FROM day_state WHERE day >= ? AND day < ? ORDER BY day", span
    ):
        if found and day < found[-1][1]:
            continue
        if day not in kept:
            return None
        found.append((day, kept[day]))
    return found or None


def add_up(connection: Connection, figure: str, spans: Sequence[Span]) -> Sequence[int]:
    """The figure of every account, by the account's number, summed over the columns of some spans."""
    _expect_no_overflow(connection, figure, (spans[0][0], spans[-1][1]))
    (size,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM account").fetchone()
    total = sum(_number(connection, figure, span) for span in spans)
    return _unpacked(total, size)


def _expect_no_overflow(connection: Connection, figure: str, span: Span) -> None:
    """SQLite raises where the company's sum does not fit into 63 bits."""
    query = queries()["company_figure"].replace(":metric:", figure)
    connection.execute(query, _bounds(span)).fetchone()


def _days_without(connection: Connection) -> list[int]:
    rows = connection.execute(
        "SELECT d.day FROM day_state d WHERE NOT EXISTS (SELECT 1 FROM column_span c"
        " WHERE c.figure = 'credits' AND c.since = d.day AND c.until = d.day + 1) ORDER BY d.day DESC"
    )
    return [row[0] for row in rows]


def _weeks_without(connection: Connection) -> list[int]:
    """The first day of each."""
    rows = connection.execute(
        "SELECT DISTINCT d.day / :days * :days AS first FROM day_state d WHERE first + :days <= :end AND NOT EXISTS ("
        "SELECT 1 FROM column_span c WHERE c.figure = 'credits' AND c.since = first AND c.until = first + :days)"
        " ORDER BY first DESC",
        {"days": WEEK_DAYS, "end": weeks.end_of_settled(connection)},
    )
    return [row[0] for row in rows]


def _few(days: Sequence[int]) -> Iterator[Sequence[int]]:
    return (days[at : at + _TOGETHER] for at in range(0, len(days), _TOGETHER))


def _make_day(connection: Connection, day: int) -> None:
    rows = connection.execute(queries()["day_figures"], {"day": day}).fetchall()
    for figure, values in zip(FIGURES, _figures(rows), strict=True):
        _save(connection, figure, (day, day + 1), _packed([], values))


def _make_week(connection: Connection, week: Span) -> None:
    spans = cover(connection, week) or []
    for figure in FIGURES:
        _save(connection, figure, week, sum(_number(connection, figure, span) for span in spans))


def _figures(rows: Sequence[tuple[int, ...]]) -> list[list[tuple[int, int]]]:
    """Rows that begin with the account, as (account, value) for each figure."""
    return [[(row[0], row[position]) for row in rows] for position in range(1, len(FIGURES) + 1)]


def _change(connection: Connection, figure: str, day: int, values: Sequence[tuple[int, int]]) -> None:
    before = _number(connection, figure, (day, day + 1))
    after = _packed(_unpacked(before, 0), values)
    if after != before:
        _save(connection, figure, (day, day + 1), after)


def _packed(numbers: Iterable[int], values: Sequence[tuple[int, int]]) -> int:
    """A column with some accounts' numbers put in their places."""
    column = list(numbers)
    column += [0] * (max((account for account, _ in values), default=-1) + 1 - len(column))
    for account, value in values:
        column[account] = value
    return int.from_bytes(struct.pack(f"<{len(column)}Q", *column), "little")


def _unpacked(column: int, size: int) -> tuple[int, ...]:
    """The numbers of a column: at least ``size`` of them."""
    size = max(size, -(-column.bit_length() // (8 * _BYTES)))
    return struct.unpack(f"<{size}Q", column.to_bytes(size * _BYTES, "little"))


def _number(connection: Connection, figure: str, span: Span) -> int:
    row = connection.execute(
        "SELECT numbers FROM column_span WHERE figure = ? AND since = ? AND until = ?", (figure, *span)
    ).fetchone()
    return int.from_bytes(zlib.decompress(row[0]), "little")


def _save(connection: Connection, figure: str, span: Span, column: int) -> None:
    packed = column.to_bytes(-(-column.bit_length() // 8), "little")
    connection.execute(
        "INSERT INTO column_span VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET numbers = excluded.numbers",
        (figure, *span, zlib.compress(packed, _COMPRESSION)),
    )


def _bounds(span: Span) -> dict[str, int]:
    return {"since": span[0], "until": span[1]}
