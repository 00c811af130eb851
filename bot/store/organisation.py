"""The figures that exist for the whole workspace only: its own totals, and code reviews."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.models import CodeReviewDay, CodeReviewResponseDay, Reviews, Totals, WorkspaceRow, epoch_day
from bot.core.periods import Period
from bot.ports import DayChange
from bot.store.engine import Connection
from bot.store.sql import queries
from bot.store.staging import Cells, cells_of


def save_workspace_days(connection: Connection, rows: Sequence[WorkspaceRow], days: range) -> DayChange:
    """Replace the workspace's own totals of some days."""
    cells: list[Cells] = [(row.day, *cells_of(row.totals), row.extra) for row in rows]
    return _replace_rows(connection, "workspace_day", cells, days)


def save_review_days(connection: Connection, rows: Sequence[CodeReviewDay], days: range) -> DayChange:
    """Replace the code reviews of some days."""
    return _replace_rows(connection, "review_day", [tuple(row) for row in rows], days)


def save_review_response_days(
    connection: Connection, rows: Sequence[CodeReviewResponseDay], days: range
) -> DayChange:
    """Replace the answers to code reviews of some days."""
    return _replace_rows(connection, "review_response_day", [tuple(row) for row in rows], days)


def load_workspace_gap(connection: Connection, period: Period) -> Totals:
    """The workspace's own totals less the sum of its accounts, over the days of which both were read.

    A figure that the workspace did not tell on a day has no gap on it.
    """
    row = connection.execute(queries()["workspace_gap"], _bounds(period)).fetchone()
    return Totals(**dict(zip(_GAP, row, strict=True)))


def load_reviews(connection: Connection, period: Period) -> Reviews:
    """Code reviews of a period."""
    written = connection.execute(queries()["reviews"], _bounds(period)).fetchone()
    answered = connection.execute(queries()["review_responses"], _bounds(period)).fetchone()
    return Reviews(*written, *answered)


def load_review_counts(connection: Connection, period: Period) -> dict[int, int]:
    """Pull requests reviewed, by day."""
    return dict(connection.execute(queries()["reviews_by_day"], _bounds(period)).fetchall())


_GAP = (
    "rows",
    "threads",
    "turns",
    "credits_micro",
    "cost_usd_micro",
    "estimated_cost_usd_micro",
    "total_tokens",
)


def _bounds(period: Period) -> dict[str, int]:
    return {"since": epoch_day(period.since), "until": epoch_day(period.until)}


def _replace_rows(connection: Connection, table: str, rows: Sequence[Cells], days: range) -> DayChange:
    query = f"SELECT * FROM {table} WHERE day >= ? AND day < ?"
    stored = {row[0]: row for row in connection.execute(query, (days.start, days.stop))}
    fetched = {row[0]: row for row in rows}
    gone = [day for day in stored if day not in fetched]
    differing = [row for day, row in fetched.items() if stored.get(day) != row]
    connection.executemany(f"DELETE FROM {table} WHERE day = ?", [(day,) for day in gone])
    if differing:
        marks = ", ".join("?" * len(differing[0]))
        connection.executemany(f"REPLACE INTO {table} VALUES ({marks})", differing)
    new = sum(1 for row in differing if row[0] not in stored)
    return DayChange(new=new, changed=len(differing) - new, vanished=len(gone))
