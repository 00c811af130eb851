"""Lasting changes of people's usage, as they are stored: each employee's newest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

from bot.core.models import date_of, epoch_day
from bot.core.periods import Period
from bot.core.spikes.shifts import Shift, ShiftChange
from bot.core.visibility import Below, OnePerson
from bot.store.engine import Connection
from bot.store.scope import bounds_of
from bot.store.sql import queries

WIDE = 1000
"""From so many places in sight on, the changes are looked through and not the people."""

_KEPT = (
    "SELECT e.email, s.since, s.found, s.last, s.usual, s.present, s.noticed"
    " FROM shift s CROSS JOIN employee e ON e.id = s.employee"
    " WHERE s.last >= ? OR e.email IN (SELECT value FROM json_each(?))"
)
_UPSERT = (
    "INSERT INTO shift (employee, since, found, last, usual, present, noticed)"
    " SELECT id, ?, ?, ?, ?, ?, ? FROM employee WHERE email = ?"
    " ON CONFLICT DO UPDATE SET since = excluded.since, found = excluded.found, last = excluded.last,"
    " usual = excluded.usual, present = excluded.present, noticed = excluded.noticed"
)
_DELETE = "DELETE FROM shift WHERE employee = (SELECT id FROM employee WHERE email = ?)"

Row = tuple[str, int, int, int, int, int, int | None]


def load_shifts(connection: Connection, subjects: Sequence[str], since: date) -> dict[str, Shift]:
    """Those of the people, and all that were last seen since then, by address."""
    rows = connection.execute(_KEPT, (epoch_day(since), json.dumps(list(subjects))))
    return {shift.subject: shift for shift in map(_shift, rows)}


def save_shifts(connection: Connection, changes: Iterable[ShiftChange]) -> None:
    """Keep each employee's, or none."""
    for change in changes:
        if change.shift is None:
            connection.execute(_DELETE, (change.subject,))
        else:
            connection.execute(_UPSERT, (*_cells(change.shift), change.subject))


def load_noticed_shifts(connection: Connection, sight: OnePerson | Below, noticed: Period) -> list[Shift]:
    """Those noticed in the period, of everybody in sight who is employed today, in the order of addresses."""
    above, last = bounds_of(sight)
    values = {
        "above": above,
        "last": last,
        "since": epoch_day(noticed.since),
        "until": epoch_day(noticed.until),
    }
    name = "shifts_of_period" if last - above >= WIDE else "shifts_of_chain"
    return [_shift(row) for row in sorted(connection.execute(queries()[name], values))]


def _shift(row: Row) -> Shift:
    email, since, found, last, usual, present, noticed = row
    days = date_of(since), date_of(found), date_of(last)
    return Shift(email, *days, usual, present, None if noticed is None else date_of(noticed))


def _cells(shift: Shift) -> tuple[int | None, ...]:
    days = (epoch_day(day) for day in (shift.since, shift.found, shift.last))
    noticed = None if shift.noticed is None else epoch_day(shift.noticed)
    return (*days, shift.usual_micro, shift.present_micro, noticed)
