"""Links in: who is employed, who stands where, whose an account is, and what that moves in the sums."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from bot.core.linking import Linking
from bot.core.models import epoch_day
from bot.core.people import Employee, Place
from bot.store import budget_sums, ledger, rollups
from bot.store.chains import ChainChart, chart_chains, save_chains
from bot.store.engine import Connection, transaction
from bot.store.learning import Link, note_changed_links
from bot.store.people_columns import save_people_columns
from bot.store.sql import queries
from bot.store.staging import SOURCE
from bot.store.versions import note_linked, people_version

FOREVER = 2**31


def replace_people(connection: Connection, linking: Linking, today: date, version: int) -> bool:
    """Make people and links exactly these, and keep every sum right over it, in one transaction.

    False, and nothing done, where anything has changed since ``version``. Raises KeyError where an employee
    who is known is left out: nobody is removed, only archived.
    """
    with transaction(connection):
        if people_version(connection) != version:
            return False
        _replace_people(connection, linking, today)
        note_linked(connection)
        return True


def _replace_people(connection: Connection, linking: Linking, today: date) -> None:
    employees, places = linking.employees, linking.places
    _save_employees(connection, employees, linking.slack_ids, today)
    numbers: dict[str, int] = dict(connection.execute("SELECT email, id FROM employee").fetchall())
    chart = chart_chains({numbers[email]: place for email, place in places.items()})
    links, stored = _links(connection, linking, numbers), _stored_links(connection)
    rollups.touch_accounts(connection, _moved_accounts(connection, stored, links, chart, employees, numbers))
    with rollups.rolling(connection), rollups.rolled(connection):
        _save_links(connection, links)
        _save_places(connection, employees, places, numbers, chart)
        save_chains(connection, chart)
    save_people_columns(connection)
    note_changed_links(connection, list(_changed(stored, links)))
    connection.execute(queries()["count_team_people"])
    counts = connection.execute(queries()["people_counts"]).fetchone()
    ledger.save_note(connection, ledger.PEOPLE_COUNTS, json.dumps(counts))


def _save_employees(
    connection: Connection, employees: Mapping[str, Employee], slack_ids: Mapping[str, str], today: date
) -> None:
    teams = {(e.team,) for e in employees.values() if e.team}
    connection.executemany("INSERT INTO team (name) VALUES (?) ON CONFLICT DO NOTHING", sorted(teams))
    connection.executemany(
        "INSERT INTO employee (email, name, manager_email, department, cost_center, archived, left_on, aliases,"
        " timezone, slack_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO UPDATE SET"
        " name = excluded.name, manager_email = excluded.manager_email, archived = excluded.archived,"
        " left_on = excluded.left_on, aliases = excluded.aliases, timezone = excluded.timezone,"
        " slack_id = excluded.slack_id"
        " WHERE (name, manager_email, archived, left_on, aliases, timezone, slack_id)"
        " IS NOT (excluded.name, excluded.manager_email, excluded.archived, excluded.left_on, excluded.aliases,"
        " excluded.timezone, excluded.slack_id)",
        [_employee_cells(e, slack_ids.get(email)) for email, e in employees.items()],
    )
    _save_reporting_lines(connection, epoch_day(today))


def _save_reporting_lines(connection: Connection, today: int) -> None:
    now = "(SELECT manager_email FROM employee e WHERE e.id = reporting_line.employee)"
    # a line of today, or of a tomorrow before the clock was set back, is put right in its place
    connection.execute(
        f"UPDATE reporting_line SET manager_email = {now}"
        f" WHERE until IS NULL AND since >= ? AND manager_email IS NOT {now}",
        (today,),
    )
    connection.execute(
        f"UPDATE reporting_line SET until = ?1 WHERE until IS NULL AND since < ?1 AND manager_email IS NOT {now}",
        (today,),
    )
    connection.execute(
        "INSERT INTO reporting_line SELECT e.id, ?, NULL, e.manager_email FROM employee e WHERE NOT EXISTS"
        " (SELECT 1 FROM reporting_line r WHERE r.employee = e.id AND r.until IS NULL)",
        (today,),
    )


def _links(
    connection: Connection, linking: Linking, numbers: Mapping[str, int]
) -> dict[int, tuple[int, int]]:
    accounts = connection.execute(
        "SELECT id, external_id FROM account WHERE source = ?", (SOURCE,)
    ).fetchall()
    links = {}
    for account, external_id in accounts:
        owner = linking.owners.get(external_id)
        if owner is not None:
            until = FOREVER if owner.until is None else epoch_day(owner.until)
            links[account] = (numbers[owner.employee_email], until)
    return links


def _stored_links(connection: Connection) -> dict[int, tuple[int, int]]:
    rows = connection.execute("SELECT account, employee, until FROM account_link")
    return {account: (employee, until) for account, employee, until in rows}


def _changed(stored: Mapping[int, tuple[int, int]], links: Mapping[int, tuple[int, int]]) -> Iterator[Link]:
    """What belonged to somebody before or does so now, but not both."""
    for account in stored.keys() | links.keys():
        before, after = stored.get(account), links.get(account)
        if before and after and before[0] == after[0] and before != after:
            yield account, before[0], min(before[1], after[1]), max(before[1], after[1])
        elif before != after:
            yield from ((account, employee, 0, until) for employee, until in filter(None, (before, after)))


def _moved_accounts(
    connection: Connection,
    stored: Mapping[int, tuple[int, int]],
    links: Mapping[int, tuple[int, int]],
    chart: ChainChart,
    employees: Mapping[str, Employee],
    numbers: Mapping[str, int],
) -> set[int]:
    """Accounts whose usage counts elsewhere from now on: another owner, another group, another chain above."""
    moved = {account for account in stored.keys() | links.keys() if stored.get(account) != links.get(account)}
    staff = {numbers[email]: employee for email, employee in employees.items()}
    moved_people = _moved_people(connection, chart, staff)
    moved |= {account for account, (employee, _) in stored.items() if employee in moved_people}
    return moved


def _moved_people(connection: Connection, chart: ChainChart, staff: Mapping[int, Employee]) -> set[int]:
    kept = budget_sums.load_kept_groups(connection)
    ups: dict[int, set[int]] = {}
    for chain, ancestor in connection.execute("SELECT chain, ancestor FROM chain_up"):
        ups.setdefault(chain, set()).add(ancestor)
    rows = connection.execute(
        "SELECT e.id, e.home_chain, nullif(t.name, ''), e.department, e.cost_center"
        " FROM employee e JOIN team t ON t.id = e.team"
    )
    return {
        number
        for number, home, team, department, center in rows
        if team != (now := staff[number]).team
        or ups[home] != chart.ups[chart.homes[number]]
        or budget_sums.counted_in(kept, department, center)
        != budget_sums.counted_in(kept, now.department, now.cost_center)
    }


def _save_links(connection: Connection, links: Mapping[int, tuple[int, int]]) -> None:
    connection.execute(
        "DELETE FROM account_link WHERE account NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(list(links)),),
    )
    connection.executemany(
        "INSERT INTO account_link VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE SET employee = excluded.employee,"
        " until = excluded.until WHERE (employee, until) IS NOT (excluded.employee, excluded.until)",
        [(account, employee, until) for account, (employee, until) in links.items()],
    )


def _save_places(
    connection: Connection,
    employees: Mapping[str, Employee],
    places: Mapping[str, Place],
    numbers: Mapping[str, int],
    chart: ChainChart,
) -> None:
    teams = dict(connection.execute("SELECT name, id FROM team").fetchall())
    connection.executemany(
        "UPDATE employee SET first = ?1, last = ?2, depth = ?3, home_chain = ?4, team = ?5, department = ?6,"
        " cost_center = ?7 WHERE id = ?8 AND (first, last, depth, home_chain, team, department, cost_center)"
        " IS NOT (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            (
                places[email].first,
                places[email].last,
                places[email].depth,
                chart.homes[numbers[email]],
                teams[employee.team or ""],
                employee.department,
                employee.cost_center,
                numbers[email],
            )
            for email, employee in employees.items()
        ],
    )


def _employee_cells(employee: Employee, slack_id: str | None) -> tuple[str | int | None, ...]:
    return (
        employee.email,
        employee.name,
        employee.manager_email,
        employee.department,
        employee.cost_center,
        employee.archived,
        None if employee.left_on is None else epoch_day(employee.left_on),
        json.dumps(employee.aliases),
        employee.timezone,
        slack_id,
    )
