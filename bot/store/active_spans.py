"""Who used anything over the periods that people ask for: the bits of their days, united beforehand.

A quarter of a year has ninety sets of bits, on a thousand pages of the file; its union lies on a dozen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.core.models import epoch_day
from bot.core.periods import Period
from bot.store.engine import Connection

Span = tuple[int, int]
"""Half-open: the first day, and the day after the last."""


def keep_spans(connection: Connection, periods: Iterable[Period]) -> None:
    """Unite the periods and those just before them, which they are compared with; drop what is no longer wanted."""
    wanted = {_span_of(one) for period in periods for one in (period, period.before()) if one.length > 1}
    stored = set(connection.execute("SELECT since, until FROM active_span").fetchall())
    connection.executemany("DELETE FROM active_span WHERE since = ? AND until = ?", sorted(stored - wanted))
    for span in sorted(wanted - stored):
        _save(connection, span)


def unite_again(connection: Connection, changed: Collection[int]) -> None:
    """Unite the spans anew that hold any of the changed days."""
    for since, until in connection.execute("SELECT since, until FROM active_span").fetchall():
        if any(since <= day < until for day in changed):
            _save(connection, (since, until))


def load_active_bits(connection: Connection, span: Span) -> int:
    """Everyone who used anything on any of the days."""
    since, until = span
    kept = connection.execute(
        "SELECT since, until FROM active_span WHERE since >= ? AND until <= ?", span
    ).fetchall()
    bits = 0
    for first, end in _cover(kept, since, until):
        bits |= _days(connection, first, end) if end - first == 1 else _united(connection, first, end)
    return bits


def _cover(kept: Collection[Span], since: int, until: int) -> Iterator[Span]:
    """Spans, and days where there are none, that together are the days; they may overlap, being united anyhow."""
    while since < until:
        reaching = [span for span in kept if span[0] <= since < span[1]]
        found = max(reaching, key=lambda span: span[1], default=(since, since + 1))
        yield found
        since = found[1]


def _united(connection: Connection, since: int, until: int) -> int:
    row = connection.execute(
        "SELECT employees FROM active_span WHERE since = ? AND until = ?", (since, until)
    ).fetchone()
    return int.from_bytes(row[0], "little")


def _days(connection: Connection, since: int, until: int) -> int:
    rows = connection.execute("SELECT employees FROM active_day WHERE day >= ? AND day < ?", (since, until))
    bits = 0
    for (blob,) in rows:
        bits |= int.from_bytes(blob, "little")
    return bits


def _save(connection: Connection, span: Span) -> None:
    bits = _days(connection, *span)
    connection.execute(
        "INSERT INTO active_span VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET employees = excluded.employees"
        " WHERE employees IS NOT excluded.employees",
        (*span, bits.to_bytes((bits.bit_length() + 7) // 8, "little")),
    )


def _span_of(period: Period) -> Span:
    return epoch_day(period.since), epoch_day(period.until)
