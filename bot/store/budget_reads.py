"""What is used of budgets: by day of a group, and by person where somebody has reached a limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.core.budgets.groups import RosterCell
from bot.core.budgets.money import Limit, PersonSpend, Spend
from bot.core.budgets.terms import Budget, Scope
from bot.core.models import date_of, epoch_day
from bot.core.periods import Period
from bot.core.visibility import BudgetSight, SelfAndBelow, WholeCompany
from bot.store import budget_sums
from bot.store.engine import Connection
from bot.store.rollups import EVERYONE, kept_period
from bot.store.scope import bounds_of

MANY_PEOPLE = 2_000
"""From so many people on it is faster to read the days whole than to look up each of them."""

_GROUP = {
    Scope.DEPARTMENT: "e.department = :name",
    Scope.COST_CENTER: "e.cost_center = :name",
    Scope.TEAM: "e.team = (SELECT id FROM team WHERE name = :name)",
}
_NAME = {Scope.DEPARTMENT: "e.department", Scope.COST_CENTER: "e.cost_center", Scope.TEAM: "t.name"}
_SEEN = "e.first > :above AND e.first <= :last"
_SPEND = "count(*), coalesce(sum(u.credits), 0), coalesce(sum(u.estimate), 0), count(u.estimate)"
_OWNED = (
    "JOIN account_link l ON l.account = u.account AND u.day >= l.since AND u.day < l.until"
    " JOIN employee e ON e.id = l.employee"
)
_DAYS = "d.day >= :since AND d.day < :until"
_OF_FEW = (
    "FROM employee e CROSS JOIN account_link l ON l.employee = e.id CROSS JOIN day_state d"
    " CROSS JOIN usage_{table} u ON u.day = d.day AND u.account = l.account"
    " WHERE {group} AND {seen} AND {days} AND d.day >= l.since AND d.day < l.until"
)
_OF_MANY = (
    "FROM day_state d CROSS JOIN usage_{table} u ON u.day = d.day {owned} WHERE {days} AND {group} AND {seen}"
)


def is_wholly_in_sight(connection: Connection, sight: BudgetSight, budget: Budget) -> bool:
    """True where every single person of the budget's group is in sight, and there is anybody; leavers count."""
    if isinstance(sight, WholeCompany):
        return True
    if not budget.scope.is_group:
        return False
    group = _GROUP[budget.scope]
    found, seen = connection.execute(
        f"SELECT count(*), coalesce(sum({_SEEN}), 0) FROM employee e WHERE {group}",
        _values(sight, budget.name),
    ).fetchone()
    return bool(found and found == seen)


def load_spend_by_day(
    connection: Connection, sight: BudgetSight, budget: Budget, period: Period
) -> dict[date, Spend]:
    """What the organisation or a group used on each day of the period; the days without use are missing."""
    if budget.scope is Scope.ORGANISATION:
        rows = connection.execute(
            "SELECT day, rows, credits, estimate, estimate_rows FROM chain_day"
            " WHERE chain = :chain AND day >= :since AND day < :until AND split = 0",
            {"chain": EVERYONE} | _bounds(period),
        )
    elif budget_sums.is_kept(connection, budget, period.since) and is_wholly_in_sight(
        connection, sight, budget
    ):
        return budget_sums.load_kept_days(connection, budget, period)
    else:
        query = f"SELECT u.day, {_SPEND} {_source(connection, budget, 'day')} GROUP BY u.day"
        rows = connection.execute(query, _values(sight, budget.name) | _bounds(period))
    return {date_of(day): Spend(*figures) for day, *figures in rows}


def load_spend_by_client(
    connection: Connection, sight: BudgetSight, budget: Budget, period: Period
) -> dict[str, Spend]:
    """What a group used by client."""
    query = f"SELECT u.client, {_SPEND} {_source(connection, budget, 'client')} GROUP BY u.client"
    rows = connection.execute(query, _values(sight, budget.name) | _bounds(period))
    names = dict(connection.execute("SELECT id, name FROM client"))
    return {names[client]: Spend(*figures) for client, *figures in rows}


def rank_group_people(
    connection: Connection, sight: BudgetSight, budget: Budget, period: Period, most: int
) -> list[PersonSpend]:
    """The people of a group who used most."""
    kept = kept_period(connection, period)
    if kept is None:
        query = (
            f"SELECT e.email, e.name, {_SPEND} {_source(connection, budget, 'day')}"
            " GROUP BY e.id ORDER BY sum(u.credits) DESC, e.email LIMIT :most"
        )
    else:
        query = (
            "SELECT e.email, e.name, s.rows, s.credits, s.estimate, s.estimate_rows FROM employee e"
            " CROSS JOIN period_person s ON s.period = :period AND s.employee = e.id"
            f" WHERE {_GROUP[budget.scope]} AND {_SEEN} ORDER BY s.credits DESC, e.email LIMIT :most"
        )
    values = _values(sight, budget.name) | _bounds(period) | {"most": most, "period": kept}
    rows = connection.execute(query, values)
    return [PersonSpend(email, name, Spend(*figures)) for email, name, *figures in rows]


def find_people_over(
    connection: Connection, sight: BudgetSight, period: Period, limit: Limit, most: int
) -> list[PersonSpend]:
    """The people in sight who used at least ``limit``, largest first, at most ``most``."""
    column = "estimate" if limit.by_estimate else "credits"
    query = (
        "SELECT e.email, e.name, s.rows, s.credits, s.estimate, s.estimate_rows"
        f" FROM {_people_source(connection, sight, period)} WHERE s.{column} >= :least AND {_SEEN}"
        f" ORDER BY s.{column} DESC, e.email LIMIT :most"
    )
    values = _people_values(connection, sight, period, limit) | {"most": most}
    rows = connection.execute(query, values)
    return [PersonSpend(email, name, Spend(*figures)) for email, name, *figures in rows]


def count_people_over(connection: Connection, sight: BudgetSight, period: Period, limit: Limit) -> int:
    """How many people in sight used at least ``limit``."""
    column = "estimate" if limit.by_estimate else "credits"
    query = f"SELECT count(*) FROM {_people_source(connection, sight, period)} WHERE s.{column} >= :least AND {_SEEN}"
    counted: int = connection.execute(query, _people_values(connection, sight, period, limit)).fetchone()[0]
    return counted


def find_unsaid_people(
    connection: Connection, sight: WholeCompany, budget: Budget, period: Period, threshold: int, limit: Limit
) -> list[PersonSpend]:
    """The people who used at least ``limit`` in the period and of whom this threshold was not said yet."""
    column = "estimate" if limit.by_estimate else "credits"
    query = (
        "SELECT e.email, e.name, s.rows, s.credits, s.estimate, s.estimate_rows"
        f" FROM {_people_source(connection, sight, period)} WHERE s.{column} >= :least AND {_SEEN} AND NOT EXISTS ("
        "SELECT 1 FROM budget_said b WHERE b.budget = :budget AND b.version = :version AND b.since = :first"
        " AND b.threshold = :threshold AND b.subject = e.email) ORDER BY e.email"
    )
    values = _people_values(connection, sight, period, limit) | {
        "budget": budget.id,
        "version": budget.version,
        "first": epoch_day(period.since),
        "threshold": threshold,
    }
    return [
        PersonSpend(email, name, Spend(*figures))
        for email, name, *figures in connection.execute(query, values)
    ]


def load_people_days(
    connection: Connection, found: Iterable[PersonSpend], period: Period
) -> dict[str, dict[date, Spend]]:
    """What people in sight, found before, used on each day, by address."""
    query = (
        f"SELECT u.day, {_SPEND} {_OF_FEW.format(table='day', group='e.email = :name', seen='1', days=_DAYS)}"
        " GROUP BY u.day"
    )
    return {
        one.email: {
            date_of(day): Spend(*figures)
            for day, *figures in connection.execute(query, {"name": one.email} | _bounds(period))
        }
        for one in found
    }


def has_many_people(connection: Connection, budget: Budget) -> bool:
    """True where it is faster to read the days whole than to look up each of a group's people."""
    query = (
        f"SELECT count(*) FROM (SELECT 1 FROM employee e WHERE {_GROUP[budget.scope]} LIMIT {MANY_PEOPLE})"
    )
    people: int = connection.execute(query, {"name": budget.name}).fetchone()[0]
    return people >= MANY_PEOPLE


def find_head(connection: Connection, budget: Budget) -> str | None:
    """The address of the lowest person, employed today, who has everybody of a group in sight; leavers count."""
    row = connection.execute(
        "SELECT m.email FROM (SELECT min(e.first) AS low, max(e.first) AS high FROM employee e"
        f" WHERE {_GROUP[budget.scope]}) g JOIN employee m ON m.first <= g.low AND g.high <= m.last"
        " WHERE NOT m.archived ORDER BY m.depth DESC LIMIT 1",
        {"name": budget.name},
    ).fetchone()
    return row[0] if row else None


def load_group_sizes(connection: Connection, sight: WholeCompany, scope: Scope) -> Mapping[str, int]:
    """The names of the groups of a scope, and how many of their people are employed today; none without any."""
    del sight  # asked for so that only who may see the organisation can ask
    query = (
        f"SELECT {_NAME[scope]}, count(*) FROM employee e JOIN team t ON t.id = e.team"
        f" WHERE NOT e.archived AND coalesce({_NAME[scope]}, '') != '' GROUP BY 1"
    )
    return dict(connection.execute(query).fetchall())


def load_roster_cells(connection: Connection, sight: WholeCompany) -> list[RosterCell]:
    """How many people who are employed today share team, department and cost centre."""
    del sight  # as above
    rows = connection.execute(
        "SELECT t.name, e.department, e.cost_center, count(*) FROM employee e JOIN team t ON t.id = e.team"
        " WHERE NOT e.archived GROUP BY e.team, e.department, e.cost_center"
    )
    return [RosterCell(team or None, department, center, people) for team, department, center, people in rows]


def has_estimates(connection: Connection, period: Period) -> bool:
    """True where the vendor estimated what any of the period's credits cost."""
    row = connection.execute(
        "SELECT 1 FROM chain_day WHERE chain = :chain AND day >= :since AND day < :until AND split = 0"
        " AND estimate_rows > 0 LIMIT 1",
        {"chain": EVERYONE} | _bounds(period),
    ).fetchone()
    return row is not None


def _source(connection: Connection, budget: Budget, table: str) -> str:
    group = _GROUP[budget.scope]
    shape = _OF_MANY if has_many_people(connection, budget) else _OF_FEW
    return shape.format(table=table, group=group, seen=_SEEN, days=_DAYS, owned=_OWNED)


def _people_source(connection: Connection, sight: BudgetSight, period: Period) -> str:
    """A part of the chart is gone through by its people, the whole company by its largest sums."""
    if kept_period(connection, period) is not None:
        if isinstance(sight, SelfAndBelow):
            return "employee e CROSS JOIN period_person s ON s.period = :period AND s.employee = e.id"
        return "period_person s JOIN employee e ON e.id = s.employee AND s.period = :period"
    return (
        f"(SELECT l.employee AS employee, count(*) AS rows, coalesce(sum(u.credits), 0) AS credits,"
        f" coalesce(sum(u.estimate), 0) AS estimate, count(u.estimate) AS estimate_rows"
        f" FROM day_state d CROSS JOIN usage_day u ON u.day = d.day {_OWNED}"
        f" WHERE {_DAYS} GROUP BY l.employee) s JOIN employee e ON e.id = s.employee"
    )


def _people_values(
    connection: Connection, sight: BudgetSight, period: Period, limit: Limit
) -> dict[str, int | str | None]:
    kept = kept_period(connection, period)
    return _values(sight, None) | _bounds(period) | {"least": limit.least, "period": kept}


def _values(sight: BudgetSight, name: str | None) -> dict[str, int | str | None]:
    above, last = bounds_of(sight)
    return {"above": above, "last": last, "name": name}


def _bounds(period: Period) -> dict[str, int | str | None]:
    return {"since": epoch_day(period.since), "until": epoch_day(period.until)}
