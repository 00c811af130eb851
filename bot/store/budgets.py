"""Budgets as they are stored: in force, every change of them, and what was said about them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime

from bot.core.budgets.terms import Budget, BudgetChange, Cycle, SaidKey, Scope, Terms, Unit
from bot.core.models import date_of, epoch_day
from bot.core.visibility import Sight
from bot.store.engine import Connection
from bot.store.incidents import usage_mark
from bot.store.scope import bounds_of

_COLUMNS = "id, scope, name, cycle, unit, amount, thresholds, version, since"
_FORECAST = 0


def load_budgets(connection: Connection) -> list[Budget]:
    """Every budget in force, the organisation's first and each person's last."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM budget WHERE NOT removed")
    return sorted((_budget(row) for row in rows), key=_place)


def save_budget(
    connection: Connection, terms: Terms, by: str, now: datetime, replaces: Budget | None
) -> Budget | None:
    """Add a budget, or put another version in place of one. None where somebody was faster, and nothing is done.

    Faster means: that version is in force no more, or there is a budget for the same already.
    """
    if replaces is not None and not _is_in_force(connection, replaces):
        return None
    if _is_taken(connection, terms, replaces):
        return None
    number = (
        _insert(connection, terms, now) if replaces is None else _update(connection, replaces, terms, now)
    )
    version = 1 if replaces is None else replaces.version + 1
    _note(connection, BudgetChange(number, version, now, by, replaces.terms if replaces else None, terms))
    return Budget(
        number, terms.scope, terms.name, terms.cycle, terms.unit, terms.amount_micro, terms.thresholds, version,
        now.astimezone(UTC).date(),
    )  # fmt: skip


def remove_budget(connection: Connection, budget: Budget, by: str, now: datetime) -> bool:
    """Take a budget out of force. False where that version is in force no more."""
    if not _is_in_force(connection, budget):
        return False
    connection.execute("UPDATE budget SET removed = 1, version = version + 1 WHERE id = ?", (budget.id,))
    _note(connection, BudgetChange(budget.id, budget.version + 1, now, by, budget.terms, None))
    return True


def load_changes(connection: Connection) -> list[BudgetChange]:
    """Every change ever made, oldest first."""
    rows = connection.execute(
        "SELECT budget, version, changed_at, changed_by, before, after FROM budget_change"
        " ORDER BY changed_at, budget, version"
    )
    return [
        BudgetChange(number, version, datetime.fromtimestamp(at, UTC), by, _terms(before), _terms(after))
        for number, version, at, by, before, after in rows
    ]


def claim_said(
    connection: Connection, keys: Iterable[SaidKey], now: datetime, label: str | None = None
) -> list[SaidKey]:
    """Note what is handed on, and in which message; those of the keys that nobody noted before."""
    insert = "INSERT OR IGNORE INTO budget_said VALUES (?, ?, ?, ?, ?, ?, ?)"
    at = int(now.timestamp())
    return [key for key in keys if connection.execute(insert, (*_cells(key), at, label)).rowcount]


def find_unsaid(connection: Connection, keys: Iterable[SaidKey]) -> set[SaidKey]:
    """Those of the keys that nobody noted."""
    query = "SELECT 1 FROM budget_said WHERE budget = ? AND version = ? AND since = ? AND threshold = ? AND subject = ?"
    return {key for key in keys if connection.execute(query, _cells(key)).fetchone() is None}


def load_said_in(connection: Connection, label: str, sight: Sight) -> list[SaidKey]:
    """What a message says: of groups all of it, of single people that of those in sight."""
    above, last = bounds_of(sight)
    rows = connection.execute(
        "SELECT b.budget, b.version, b.since, b.threshold, b.subject FROM budget_said b"
        " LEFT JOIN employee e ON e.email = b.subject"
        " WHERE b.label = ? AND (b.subject = '' OR e.first > ? AND e.first <= ?) ORDER BY 1, 3, 5, 4",
        (label, above, last),
    )
    return [
        SaidKey(budget, version, date_of(since), threshold or None, subject or None)
        for budget, version, since, threshold, subject in rows
    ]


def budget_mark(connection: Connection) -> str:
    """Differs as soon as usage, people or budgets do."""
    changes = connection.execute("SELECT count(*) FROM budget_change").fetchone()[0]
    return f"{usage_mark(connection)}-{changes}"


def load_said(connection: Connection, budget: Budget, since: date) -> set[SaidKey]:
    """What was said of a version and period, about nobody alone."""
    rows = connection.execute(
        "SELECT threshold FROM budget_said WHERE budget = ? AND version = ? AND since = ? AND subject = ''",
        (budget.id, budget.version, epoch_day(since)),
    )
    return {SaidKey(budget.id, budget.version, since, threshold or None) for (threshold,) in rows}


def _budget(row: tuple[int, str, str, str, str, int, str, int, int]) -> Budget:
    number, scope, name, cycle, unit, amount, thresholds, version, since = row
    return Budget(
        number, Scope(scope), name or None, Cycle(cycle), Unit(unit), amount, tuple(json.loads(thresholds)), version,
        date_of(since),
    )  # fmt: skip


def _place(budget: Budget) -> tuple[int, str, int, str]:
    return list(Scope).index(budget.scope), budget.name or "", list(Cycle).index(budget.cycle), budget.unit


def _is_in_force(connection: Connection, budget: Budget) -> bool:
    row = connection.execute(
        "SELECT 1 FROM budget WHERE id = ? AND version = ? AND NOT removed", (budget.id, budget.version)
    ).fetchone()
    return row is not None


def _is_taken(connection: Connection, terms: Terms, beside: Budget | None) -> bool:
    row = connection.execute(
        "SELECT 1 FROM budget WHERE NOT removed AND scope = ? AND name = ? AND cycle = ? AND unit = ? AND id != ?",
        (terms.scope, terms.name or "", terms.cycle, terms.unit, beside.id if beside else 0),
    ).fetchone()
    return row is not None


def _insert(connection: Connection, terms: Terms, now: datetime) -> int:
    cursor = connection.execute(
        "INSERT INTO budget (scope, name, cycle, unit, amount, thresholds, version, since)"
        " VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
        _values(terms, now),
    )
    return cursor.lastrowid or 0


def _update(connection: Connection, budget: Budget, terms: Terms, now: datetime) -> int:
    connection.execute(
        "UPDATE budget SET scope = ?, name = ?, cycle = ?, unit = ?, amount = ?, thresholds = ?, since = ?,"
        " version = version + 1 WHERE id = ?",
        (*_values(terms, now), budget.id),
    )
    return budget.id


def _values(terms: Terms, now: datetime) -> tuple[str, str, str, str, int, str, int]:
    return (
        terms.scope,
        terms.name or "",
        terms.cycle,
        terms.unit,
        terms.amount_micro,
        json.dumps(terms.thresholds),
        epoch_day(now.astimezone(UTC).date()),
    )


def _note(connection: Connection, change: BudgetChange) -> None:
    connection.execute(
        "INSERT INTO budget_change VALUES (?, ?, ?, ?, ?, ?)",
        (
            change.budget,
            change.version,
            int(change.at.timestamp()),
            change.by,
            _json(change.before),
            _json(change.after),
        ),
    )


def _json(terms: Terms | None) -> str | None:
    if terms is None:
        return None
    return json.dumps(
        [terms.scope, terms.name, terms.cycle, terms.unit, terms.amount_micro, terms.thresholds],
        ensure_ascii=False,
    )


def _terms(text: str | None) -> Terms | None:
    if text is None:
        return None
    scope, name, cycle, unit, amount, thresholds = json.loads(text)
    return Terms(Scope(scope), name, Cycle(cycle), Unit(unit), amount, tuple(thresholds))


def _cells(key: SaidKey) -> tuple[int, int, int, int, str]:
    return key.budget, key.version, epoch_day(key.since), key.threshold or _FORECAST, key.subject or ""
