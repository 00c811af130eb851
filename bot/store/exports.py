"""Rows for a file: person by person, so that however many there are only a few are in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.core.exports import PersonRow
from bot.core.models import Totals, epoch_day
from bot.core.periods import Period
from bot.core.visibility import Sight
from bot.store.engine import Connection
from bot.store.people import load_people
from bot.store.scope import bounds_of
from bot.store.sql import queries

BATCH = 500

_Facts = tuple[int, int, str | None, str | None, str | None]
"""An employee's number, place, department and cost centre, and their manager's address where that is in sight."""


def load_person_rows(connection: Connection, sight: Sight, period: Period) -> Iterator[PersonRow]:
    """Everyone in sight in the order of the chart; of those who left only who used anything."""
    above, last = bounds_of(sight)
    number, place = 0, above + 1
    while facts := _load_facts(connection, above, last, (place, number)):
        yield from _rows(connection, facts, period)
        number, place, *_ = facts[-1]


def _load_facts(connection: Connection, above: int, last: int, after: tuple[int, int]) -> list[_Facts]:
    """The next ones after a place and a number; only one lower bound, so that each batch begins where it should."""
    return connection.execute(
        "SELECT e.id, e.first, e.department, e.cost_center, m.email FROM employee e"
        " LEFT JOIN employee m ON m.email = e.manager_email AND m.first > :above AND m.first <= :last"
        " WHERE e.first >= :place AND e.first <= :last AND NOT (e.first = :place AND e.id <= :number)"
        " ORDER BY e.first, e.id LIMIT :batch",
        {"above": above, "last": last, "place": after[0], "number": after[1], "batch": BATCH},
    ).fetchall()


def _rows(connection: Connection, facts: Sequence[_Facts], period: Period) -> Iterator[PersonRow]:
    numbers = [number for number, *_ in facts]
    people = load_people(connection, numbers)
    values = {
        "people": json.dumps(numbers),
        "since": epoch_day(period.since),
        "until": epoch_day(period.until),
    }
    found = connection.execute(queries()["export_totals"], values)
    used = {row[0]: (row[1], Totals(*row[2:])) for row in found}
    for number, _, department, cost_center, manager_email in facts:
        active_days, totals = used.get(number, (0, Totals()))
        if totals.is_active or not people[number].archived:
            yield PersonRow(people[number], department, cost_center, manager_email, active_days, totals)
