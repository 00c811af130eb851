"""What was announced, as rows and back: planned bursts, levels that are normal, and plans that ended early."""

from __future__ import annotations

from datetime import date, datetime

from bot.core.models import epoch_day
from bot.core.periods import Period
from bot.core.plans.bursts import Plan
from bot.core.plans.expectations import Expectation
from bot.core.visibility import Sight
from bot.store import people
from bot.store.engine import Connection
from bot.store.incident_rows import expectation_of
from bot.store.outbox import seconds
from bot.store.scope import bounds_of

_UNTIL = "min(x.until, coalesce(e.day, x.until))"
_EXPECTATION = f"x.subject, x.since, {_UNTIL}, x.factor, x.most, x.by, x.reason"
_FROM = "FROM expectation x LEFT JOIN expectation_end e ON e.expectation = x.id"
_HOLDS = f"x.until > ?1 AND {_UNTIL} > max(?1, x.since)"
_END = (
    "INSERT INTO expectation_end (expectation, day, at, by, newer)"
    f" SELECT x.id, ?1, ?2, ?3, ?4 {_FROM} WHERE x.factor IS NOT NULL AND x.until > ?1 AND e.day IS NULL"
)


class SqlitePlanLedger:
    """A `bot.ports.plans.PlanLedger`, inside the transaction of a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save_plan(self, plan: Expectation, label: str | None, now: datetime) -> int:
        number = insert_expectation(self._connection, plan, label, now)
        self._connection.execute(
            f"{_END} AND x.subject = ?5 AND x.id <> ?4",
            (epoch_day(now.date()), seconds(now), plan.by, number, plan.subject or ""),
        )
        return number

    def end_plan(self, number: int, by: str, now: datetime) -> bool:
        values = (epoch_day(now.date()), seconds(now), by, None, number)
        return self._connection.execute(f"{_END} AND x.id = ?5", values).rowcount == 1


def insert_expectation(
    connection: Connection, expectation: Expectation, label: str | None, now: datetime
) -> int:
    """Keep what was announced; returns its number."""
    period = expectation.period
    values = (
        expectation.subject or "",
        epoch_day(period.since),
        epoch_day(period.until),
        expectation.factor,
        expectation.most_micro,
        expectation.by,
        expectation.reason,
        seconds(now),
        label,
    )
    (number,) = connection.execute(
        "INSERT INTO expectation (subject, since, until, factor, most, by, reason, made_at, label)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        values,
    ).fetchone()
    return int(number)


def load_expectations(connection: Connection, since: date) -> list[Expectation]:
    """Whatever was announced and holds on that day or later."""
    rows = connection.execute(
        f"SELECT {_EXPECTATION} {_FROM} WHERE {_HOLDS} ORDER BY x.id", (epoch_day(since),)
    )
    return [expectation_of(row) for row in rows]


def load_plans(connection: Connection, sight: Sight, period: Period) -> list[Plan]:
    """The plans of people in sight that hold on any day of the period, the first to end first."""
    rows = connection.execute(
        f"SELECT x.id, {_EXPECTATION} {_FROM} JOIN employee p ON p.email = x.subject"
        f" WHERE {_HOLDS} AND x.since < ?2 AND x.factor IS NOT NULL AND p.first > ?3 AND p.first <= ?4"
        f" ORDER BY {_UNTIL}, x.id",
        (epoch_day(period.since), epoch_day(period.until), *bounds_of(sight)),
    ).fetchall()
    return [plan for row in rows if (plan := _plan(connection, row[0], row[1:]))]


def find_plan(connection: Connection, *, number: int | None = None, label: str | None = None) -> Plan | None:
    """One plan by its number or its label; None where it holds on no day."""
    column, value = ("x.label", label) if number is None else ("x.id", number)
    row = connection.execute(
        f"SELECT x.id, {_EXPECTATION} {_FROM} WHERE {column} = ? AND x.factor IS NOT NULL AND {_UNTIL} > x.since",
        (value,),
    ).fetchone()
    return _plan(connection, row[0], row[1:]) if row else None


def _plan(
    connection: Connection, number: int, row: tuple[str, int, int, int | None, int | None, str, str]
) -> Plan | None:
    expectation = expectation_of(row)
    person = people.find_person(connection, email=expectation.subject)
    return Plan(number, person, expectation) if person else None
