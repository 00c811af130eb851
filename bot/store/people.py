"""Employees, Slack people and accounts, as they are stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from bot.core.models import date_of
from bot.core.people import Employee, Person, Place, SlackPerson
from bot.store.engine import Connection
from bot.store.staging import SOURCE
from bot.store.versions import note_people_changed

_EMPLOYEE = (
    "e.email, e.name, e.manager_email, nullif(t.name, ''), e.department, e.cost_center, e.archived, e.left_on,"
    " e.aliases, e.timezone"
)
_PERSON = (
    "e.id, e.email, e.name, e.first, e.last, e.depth, e.slack_id, nullif(t.name, ''), e.timezone, e.archived,"
    " e.left_on"
)
_FROM = "FROM employee e JOIN team t ON t.id = e.team"


def load_employees(connection: Connection) -> dict[str, Employee]:
    """Everyone who was ever in a roster, by address."""
    rows = connection.execute(f"SELECT {_EMPLOYEE} {_FROM}")
    return {row[0]: _employee(row) for row in rows}


def load_slack_people(connection: Connection) -> list[SlackPerson]:
    """The directory as it was last read."""
    rows = connection.execute(
        "SELECT slack_id, email, name, timezone, deleted, is_bot, is_guest FROM slack_person ORDER BY slack_id"
    )
    return [SlackPerson(*row[:4], *map(bool, row[4:])) for row in rows]


def load_accounts(connection: Connection) -> dict[str, str | None]:
    """External account id to the address that its newest row carried."""
    rows = connection.execute("SELECT external_id, email FROM account WHERE source = ?", (SOURCE,))
    return dict(rows.fetchall())


def save_slack_people(connection: Connection, people: Iterable[SlackPerson], seen_at: int) -> int:
    """Add and update entries of the directory; returns how many were new or differ."""
    changed = connection.executemany(
        "INSERT INTO slack_person VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET email = excluded.email,"
        " name = excluded.name, timezone = excluded.timezone, deleted = excluded.deleted, is_bot = excluded.is_bot,"
        " is_guest = excluded.is_guest, seen_at = excluded.seen_at"
        " WHERE (email, name, timezone, deleted, is_bot, is_guest) IS NOT (excluded.email, excluded.name,"
        " excluded.timezone, excluded.deleted, excluded.is_bot, excluded.is_guest)",
        [(p.slack_id, p.email, p.name, p.timezone, p.deleted, p.is_bot, p.is_guest, seen_at) for p in people],
    ).rowcount
    note_people_changed(connection, changed)
    return changed


def mark_slack_people_gone(connection: Connection, present: Sequence[str]) -> int:
    """Count as deleted whoever a complete reading of the directory did not hold; returns how many."""
    gone = connection.execute(
        "UPDATE slack_person SET deleted = 1 WHERE NOT deleted AND slack_id NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(present),),
    ).rowcount
    note_people_changed(connection, gone)
    return gone


def find_person(
    connection: Connection, *, email: str | None = None, slack_id: str | None = None
) -> Person | None:
    """One employee by address or by Slack id."""
    column, value = ("e.email", email) if slack_id is None else ("e.slack_id", slack_id)
    row = connection.execute(f"SELECT {_PERSON} {_FROM} WHERE {column} = ?", (value,)).fetchone()
    return _person(row) if row else None


def find_slack_email(connection: Connection, slack_id: str) -> str | None:
    """The address of a living, human Slack account; None where another one has it, too."""
    row = connection.execute(
        "SELECT email, (SELECT count(*) FROM slack_person o WHERE o.email = p.email AND NOT o.deleted AND NOT o.is_bot)"
        " FROM slack_person p WHERE slack_id = ? AND NOT deleted AND NOT is_bot",
        (slack_id,),
    ).fetchone()
    return row[0] if row and row[1] == 1 else None


def find_slack_zone(connection: Connection, slack_id: str) -> str | None:
    """The time zone of a Slack account."""
    row = connection.execute("SELECT timezone FROM slack_person WHERE slack_id = ?", (slack_id,)).fetchone()
    return row[0] if row else None


def load_people(connection: Connection, numbers: Iterable[int]) -> dict[int, Person]:
    """Employees by the store's numbers."""
    rows = connection.execute(
        f"SELECT {_PERSON} {_FROM} WHERE e.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    return {row[0]: _person(row) for row in rows}


def save_findings(connection: Connection, room: str, sentences: Sequence[str]) -> None:
    """Replace what one room has found."""
    connection.execute("DELETE FROM finding WHERE room = ?", (room,))
    connection.executemany(
        "INSERT INTO finding VALUES (?, ?, ?)", [(room, n, text) for n, text in enumerate(sentences)]
    )


def load_findings(connection: Connection) -> list[tuple[str, str]]:
    """Everything found, as (room, sentence)."""
    return connection.execute("SELECT room, sentence FROM finding ORDER BY room, position").fetchall()


def _employee(
    row: tuple[str, str, str | None, str | None, str | None, str | None, int, int | None, str, str | None],
) -> Employee:
    email, name, manager_email, team, department, cost_center, archived, left_on, aliases, timezone = row
    left = None if left_on is None else date_of(left_on)
    known_as = tuple(json.loads(aliases))
    return Employee(
        email, name, manager_email, team, department, cost_center, bool(archived), left, known_as, timezone
    )


def _person(
    row: tuple[int, str, str, int, int, int, str | None, str | None, str | None, int, int | None],
) -> Person:
    number, email, name, first, last, depth, slack_id, team, timezone, archived, left_on = row
    left = None if left_on is None else date_of(left_on)
    return Person(
        number, email, name, Place(first, last, depth), slack_id, team, timezone, bool(archived), left
    )
