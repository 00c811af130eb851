"""The ledger of runs, and what it says about how fresh the stored days are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.core.answers import AdminStatus
from bot.core.days import HISTORY_DAYS, History, complete_to, is_complete
from bot.core.ledger import Part, Run
from bot.core.models import Freshness, date_of, epoch_day
from bot.core.periods import Period
from bot.store.engine import Connection
from bot.store.sql import queries

KEPT_RUNS = 5000

PEOPLE_COUNTS = "people_counts"
"""The note with the figures of matching, counted when people are linked: employed, in Slack, accounts, unmatched."""


def begin_run(connection: Connection, now: datetime) -> int:
    """Write a sync into the ledger before it does anything; runs that were killed are closed as such."""
    connection.execute(
        "UPDATE run SET finished_at = started_at, error = 'It was stopped before it ended.' WHERE finished_at IS NULL"
    )
    cursor = connection.execute("INSERT INTO run (kind, started_at) VALUES ('sync', ?)", (_seconds(now),))
    return cursor.lastrowid or 0


def end_run(connection: Connection, number: int, parts: Sequence[Part], now: datetime) -> None:
    """Write what a sync did; the oldest runs are dropped."""
    errors = _errors(parts)
    connection.executemany(
        "INSERT INTO run_part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, position, *_cells(part)) for position, part in enumerate(parts)],
    )
    connection.execute(
        "UPDATE run SET finished_at = ?, error = ? WHERE id = ?",
        (_seconds(now), " ".join(errors) or None, number),
    )
    connection.execute("DELETE FROM run_part WHERE run <= ?", (number - KEPT_RUNS,))
    connection.execute("DELETE FROM run WHERE id <= ?", (number - KEPT_RUNS,))


def _errors(parts: Sequence[Part]) -> list[str]:
    """Each error once, with the parts that it struck."""
    struck: dict[str, list[str]] = {}
    for part in parts:
        if part.error and part.name not in struck.setdefault(part.error, []):
            struck[part.error].append(part.name)
    return [f"{', '.join(names)}: {error}" for error, names in struck.items()]


def load_last_run(connection: Connection) -> Run | None:
    """The newest run, ended or not."""
    row = connection.execute(
        "SELECT id, started_at, finished_at, error FROM run ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return _run(*row) if row else None


def load_last_ended_run(connection: Connection) -> Run | None:
    """The newest run that ended, well or not; one that is running has no result yet."""
    row = connection.execute(
        "SELECT id, started_at, finished_at, error FROM run WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return _run(*row) if row else None


def load_last_good_run(connection: Connection) -> Run | None:
    """The newest run that ended without an error."""
    row = connection.execute(
        "SELECT id, started_at, finished_at, error FROM run WHERE finished_at IS NOT NULL AND error IS NULL"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return _run(*row) if row else None


def load_history(connection: Connection) -> History:
    """What earlier syncs have read."""
    return History(
        begun=load_note(connection, "history_read") is not None,
        complete_to=_complete_to(connection),
        wide_read_at=_instant_or_none(load_note(connection, "wide_read_at")),
    )


def load_freshness(connection: Connection, period: Period, now: datetime) -> Freshness:
    """How far the figures of the period can be trusted at ``now``; days after today are not missed."""
    since, until = epoch_day(period.since), min(epoch_day(period.until), epoch_day(now.date()) + 1)
    read = {
        day: _instant(read_at)
        for day, read_at in connection.execute(
            "SELECT day, read_at FROM day_state WHERE day >= ? AND day < ?", (since, until)
        )
    }
    refused = [
        date_of(row[0])
        for row in connection.execute(
            "SELECT day FROM refused_day WHERE day >= ? AND day < ? ORDER BY day", (since, until)
        )
    ]
    newest = connection.execute("SELECT max(read_at) FROM day_state").fetchone()[0]
    return Freshness(
        complete_to=_complete_to(connection),
        read_at=None if newest is None else _instant(newest),
        partial=tuple(date_of(d) for d, at in sorted(read.items()) if not is_complete(date_of(d), at)),
        missing=tuple(date_of(day) for day in range(since, until) if day not in read),
        refused=tuple(refused),
    )


def load_admin_status(connection: Connection) -> AdminStatus:
    """The state of matching, what the last run complained about, and what did not arrive."""
    counts = json.loads(load_note(connection, PEOPLE_COUNTS) or "[0, 0, 0, 0]")
    refused = connection.execute("SELECT day FROM refused_day ORDER BY day").fetchall()
    run = load_last_ended_run(connection)
    standstill, undelivered = connection.execute(queries()["delivery_troubles"]).fetchone()
    employees, matched, accounts, unmatched = counts
    return AdminStatus(
        employees=employees,
        matched_to_slack=matched,
        accounts=accounts,
        unmatched_accounts=unmatched,
        refused_days=tuple(date_of(row[0]) for row in refused),
        last_error=run.error if run else None,
        standstill=standstill,
        undelivered=undelivered,
    )


def is_read(connection: Connection, period: Period) -> bool:
    """True when every day of the period was read at least once."""
    count: int = connection.execute(
        "SELECT count(*) FROM day_state WHERE day >= ? AND day < ?",
        (epoch_day(period.since), epoch_day(period.until)),
    ).fetchone()[0]
    return count == period.length


def load_note(connection: Connection, name: str) -> str | None:
    """A small fact that the store keeps about itself."""
    row = connection.execute("SELECT value FROM fact_of_store WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def save_note(connection: Connection, name: str, value: str) -> None:
    """Keep a small fact."""
    connection.execute(
        "INSERT INTO fact_of_store VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _complete_to(connection: Connection) -> date | None:
    read = connection.execute(
        "SELECT day, read_at FROM day_state WHERE day >= (SELECT max(day) FROM day_state) - ? ORDER BY day",
        (HISTORY_DAYS,),
    ).fetchall()
    refused = connection.execute("SELECT day FROM refused_day").fetchall()
    return complete_to(
        [(date_of(day), _instant(read_at)) for day, read_at in read], {date_of(row[0]) for row in refused}
    )


def _cells(part: Part) -> tuple[str | int | None, ...]:
    since = None if part.period is None else epoch_day(part.period.since)
    until = None if part.period is None else epoch_day(part.period.until)
    counts = (part.pages, part.rows, part.new, part.changed, part.vanished, part.refused, part.poisoned)
    return (part.name, since, until, *counts, part.milliseconds, part.error)


def _run(number: int, started_at: int, finished_at: int | None, error: str | None) -> Run:
    finished = None if finished_at is None else _instant(finished_at)
    return Run(number, _instant(started_at), finished, error)


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _instant_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
