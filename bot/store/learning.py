"""Learnt days as rows and back, and whose of them no longer agree with what is stored."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from bot.core.models import date_of, epoch_day
from bot.core.periods import Period
from bot.core.spikes.findings import Finding, Kind, Severity
from bot.core.spikes.history import RECENT_DAYS, WINDOW_DAYS
from bot.core.spikes.memory import Learnt, Remembered, Usuals
from bot.core.spikes.organisation import Sample
from bot.core.spikes.rules import Day
from bot.core.visibility import WholeCompany
from bot.ports.learning import Lesson, Outdated
from bot.store import ledger
from bot.store.activity import load_names
from bot.store.engine import Connection
from bot.store.incidents import usage_mark
from bot.store.sql import queries

RULES = "alerts_learnt_by"
"""The note with the rules by which the days were learnt, and how this machine writes numbers."""

MANY = 10_000
"""So many people at once: that everybody is learnt anew from there on is quicker noted, and quicker done."""

_COLUMNS = "day, today, sample, found, people, logs, credits, expected"

Link = tuple[int, int, int, int]
"""An account, an employee, and the days from and until which it was or is theirs."""


def load_learnt_period(connection: Connection) -> Period | None:
    first, last = connection.execute("SELECT min(day), max(day) FROM learnt_day").fetchone()
    return None if first is None else Period(date_of(first), date_of(last + 1))


def load_rules(connection: Connection) -> str | None:
    return (ledger.load_note(connection, RULES) or "").removeprefix(f"{sys.byteorder} ") or None


def load_learnt(connection: Connection, sight: WholeCompany, since: date) -> Iterator[Learnt]:
    names = load_names(connection, sight)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM learnt_day WHERE day >= ? ORDER BY day", (epoch_day(since),)
    )
    return map(partial(_learnt, names), rows)


def load_remembered(connection: Connection, sight: WholeCompany, day: date, last: date) -> Remembered:
    """Of the days in between, which neither are forgotten nor are among the latest, hardly anything is read."""
    names, until = load_names(connection, sight), epoch_day(day)
    usuals = _load_usuals(connection, names, until)
    values = {
        "since": until - WINDOW_DAYS,
        "until": until,
        "forgotten": until if usuals is None else epoch_day(last) - WINDOW_DAYS,
        "recent": until - RECENT_DAYS,
    }
    rows = connection.execute(queries()["remembered_days"], values)
    return Remembered(tuple(map(partial(_learnt, names), rows)), usuals)


def has_usuals(connection: Connection, day: date) -> bool:
    row = connection.execute("SELECT 1 FROM learnt_usuals WHERE day = ?", (epoch_day(day),)).fetchone()
    return row is not None


def load_outdated(connection: Connection) -> Outdated:
    rows = connection.execute(
        "SELECT e.email, min(u.day), max(u.id) FROM unlearnt u JOIN employee e ON e.id = u.employee GROUP BY e.id"
    ).fetchall()
    return Outdated(
        max((seen for *_, seen in rows), default=0), {email: date_of(day) for email, day, _ in rows}
    )


def count_learnt(connection: Connection, since: date) -> int:
    count: int = connection.execute(
        "SELECT coalesce(sum(length(people)), 0) / 4 FROM learnt_day WHERE day >= ?", (epoch_day(since),)
    ).fetchone()[0]
    return count


def save_lesson(connection: Connection, lesson: Lesson) -> bool:
    """Inside the caller's transaction."""
    if usage_mark(connection) != lesson.mark:
        return False
    if lesson.dropped_since:
        _drop(connection, epoch_day(lesson.dropped_since))
    if lesson.days or lesson.usuals:
        connection.execute("DELETE FROM learnt_usuals")
    numbers: dict[str, int] = dict(connection.execute("SELECT email, id FROM employee"))
    connection.executemany(
        f"INSERT OR REPLACE INTO learnt_day ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (_cells(numbers, day) for day in lesson.days),
    )
    connection.execute("DELETE FROM learnt_day WHERE day < ?", (epoch_day(lesson.kept_since),))
    if lesson.usuals:
        _save_usuals(connection, numbers, lesson.usuals)
    connection.execute("DELETE FROM unlearnt WHERE id <= ?", (lesson.seen,))
    ledger.save_note(connection, RULES, f"{sys.byteorder} {lesson.rules}")
    return True


def note_changed_day(connection: Connection, day: int) -> None:
    """The usage of the touched accounts is another on a day: whoever they belong to has to be learnt anew."""
    newest, touched = connection.execute(
        "SELECT (SELECT max(day) FROM learnt_day), (SELECT count(*) FROM temp.touched)"
    ).fetchone()
    if touched > MANY:
        _drop(connection, day)
    elif newest is not None and day <= newest:
        connection.execute(queries()["note_changed_day"], {"day": day})


def note_changed_links(connection: Connection, links: Collection[Link]) -> None:
    """These links are new or gone, on the days that they name."""
    if len(links) > MANY:
        _drop(connection, 0)
    connection.execute(queries()["note_changed_links"], {"links": json.dumps(list(links))})


def _drop(connection: Connection, since: int) -> None:
    connection.execute("DELETE FROM learnt_day WHERE day >= ?", (since,))
    connection.execute("DELETE FROM learnt_usuals WHERE day > ?", (since,))


def _load_usuals(connection: Connection, names: Mapping[int, str], day: int) -> Usuals | None:
    row = connection.execute(
        "SELECT people, counts, logs FROM learnt_usuals WHERE day = ?", (day,)
    ).fetchone()
    if row is None:
        return None
    people, counts, logs = row
    return Usuals(_names(names, people), array("I", counts), array("d", logs))


def _save_usuals(connection: Connection, numbers: Mapping[str, int], usuals: Usuals) -> None:
    people = array("I", map(numbers.__getitem__, usuals.people))
    connection.execute(
        "INSERT INTO learnt_usuals (day, people, counts, logs) SELECT max(day) + 1, ?, ?, ? FROM learnt_day",
        (people.tobytes(), usuals.counts.tobytes(), usuals.logs.tobytes()),
    )


def _names(names: Mapping[int, str], people: bytes) -> list[str]:
    return list(map(names.__getitem__, array("I", people)))


def _learnt(names: Mapping[int, str], row: tuple[int, str, str, str, bytes, bytes, bytes, bytes]) -> Learnt:
    day, today, sample, found, people, logs, used, expected = row
    count, total, sampled, above = json.loads(sample)
    return Learnt(
        date_of(day),
        Day(**json.loads(today)),
        Sample(count, total, tuple(sampled), tuple(above)),
        _names(names, people),
        array("d", logs),
        array("d", used),
        array("d", expected),
        tuple(_finding(names, date_of(day), one) for one in json.loads(found)),
    )


def _cells(numbers: Mapping[str, int], learnt: Learnt) -> tuple[int | str | bytes, ...]:
    found = [_found_cells(numbers, one) for one in learnt.found]
    return (
        epoch_day(learnt.day),
        json.dumps({name: getattr(learnt.today, name) for name in Day.__slots__}),
        json.dumps(learnt.sample),
        json.dumps(found),
        array("I", map(numbers.__getitem__, learnt.people)).tobytes(),
        learnt.logs.tobytes(),
        learnt.credits.tobytes(),
        learnt.expected.tobytes(),
    )


def _found_cells(numbers: Mapping[str, int], one: Finding) -> tuple[int | str | None, ...]:
    since = None if one.since is None else epoch_day(one.since)
    amounts = (one.credits_micro, one.expected_micro, one.least_micro)
    return (numbers.get(one.email or ""), one.kind, one.severity, *amounts, one.active_days, since)


def _finding(names: Mapping[int, str], day: date, cells: Sequence[Any]) -> Finding:
    employee, kind, severity, used, expected, least, active_days, since = cells
    email = None if employee is None else names[employee]
    begun = None if since is None else date_of(since)
    return Finding(day, email, Kind(kind), Severity(severity), used, expected, least, active_days, begun)
