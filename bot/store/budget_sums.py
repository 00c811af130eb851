"""The sums that are kept of groups with a budget: which groups those are, and what they used by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.core.budgets.money import Spend
from bot.core.budgets.terms import Budget, Scope
from bot.core.models import date_of, epoch_day
from bot.core.periods import Period
from bot.store.engine import Connection

GroupName = tuple[str, str]
"""A scope and a name in it."""


def load_kept_groups(connection: Connection) -> dict[GroupName, int]:
    """The groups whose sums are kept, and from which day on."""
    rows = connection.execute("SELECT scope, name, since FROM budget_group")
    return {(scope, name): since for scope, name, since in rows}


def is_kept(connection: Connection, budget: Budget, since: date) -> bool:
    """True where the sums of the budget's group are kept from that day on."""
    row = connection.execute(
        "SELECT 1 FROM budget_group WHERE scope = ? AND name = ? AND since <= ?",
        (budget.scope, budget.name or "", epoch_day(since)),
    ).fetchone()
    return row is not None


def load_kept_days(connection: Connection, budget: Budget, period: Period) -> dict[date, Spend]:
    """What a group whose sums are kept used on each day; days without use are missing."""
    rows = connection.execute(
        "SELECT d.day, d.rows, d.credits, d.estimate, d.estimate_rows FROM budget_group g"
        " JOIN budget_day d ON d.budget_group = g.id AND d.day >= ? AND d.day < ?"
        " WHERE g.scope = ? AND g.name = ?",
        (epoch_day(period.since), epoch_day(period.until), budget.scope, budget.name or ""),
    )
    return {date_of(day): Spend(*figures) for day, *figures in rows}


def drop_groups(connection: Connection, groups: Iterable[GroupName]) -> None:
    """Keep sums of these no more."""
    connection.executemany("DELETE FROM budget_group WHERE scope = ? AND name = ?", groups)


def save_group(connection: Connection, group: GroupName, since: date, days: dict[date, Spend]) -> None:
    """Keep sums of a group from that day on, beginning with what is in ``days``; changes of usage follow."""
    number = connection.execute(
        "INSERT INTO budget_group (scope, name, since) VALUES (?, ?, ?)", (*group, epoch_day(since))
    ).lastrowid
    connection.executemany(
        "INSERT INTO budget_day VALUES (?, ?, ?, ?, ?, ?)",
        [(number, epoch_day(day), *spend) for day, spend in days.items()],
    )


def group_of(budget: Budget) -> GroupName | None:
    """Whose sums are kept for a budget; None for the organisation and for each person."""
    return (budget.scope.value, budget.name or "") if budget.scope.is_group else None


def counted_in(
    kept: dict[GroupName, int], department: str | None, cost_center: str | None
) -> tuple[str | None, str | None]:
    """The department and the cost centre in whose sums somebody is, None where there are none."""
    return (
        department if (Scope.DEPARTMENT, department) in kept else None,
        cost_center if (Scope.COST_CENTER, cost_center) in kept else None,
    )
