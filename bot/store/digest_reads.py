"""What a digest needs beside what an answer reads: the sums of many small parts of the chart in one go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from bot.core.metrics import WEEKDAYS
from bot.core.models import Totals, date_of, epoch_day
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.usage_sums import Branch, Idle, Splits
from bot.core.visibility import Below, OnePerson, Sight, WholeCompany
from bot.store import people
from bot.store.activity import active_bits, member_bits
from bot.store.engine import Connection
from bot.store.scope import bounds_of
from bot.store.sql import queries

Narrow = OnePerson | Below
Key = TypeVar("Key", int, str)
_CLIENT = 1
_NO_SPLITS = Splits({}, {})


def load_reports(connection: Connection, sight: Below) -> list[Person]:
    """Who stands right below the lead, leavers included, by name."""
    rows = connection.execute(
        "SELECT id FROM employee WHERE first > ? AND first <= ? AND depth = ?",
        (*bounds_of(sight), sight.lead.place.depth + 1),
    )
    return _by_name(people.load_people(connection, [row[0] for row in rows]))


def load_branches(connection: Connection, sights: Sequence[Narrow], period: Period) -> list[Branch]:
    """The sums of several sights at once: large chains as summed beforehand, all others from their days."""
    days: list[dict[date, Totals]] = [{} for _ in sights]
    for at, day, *figures in _rows(connection, sights, period, "days"):
        days[at][date_of(day)] = Totals(*figures)
    active = active_bits(connection, period)
    return [
        Branch(of_sight, *_headcount(connection, sight, active))
        for of_sight, sight in zip(days, sights, strict=True)
    ]


def load_splits(connection: Connection, sights: Sequence[Narrow], period: Period) -> list[Splits]:
    """Their credits by client and by model."""
    found = _splits(connection, _rows(connection, sights, period, "splits"))
    return [found.get(at, _NO_SPLITS) for at in range(len(sights))]


def load_never_active(connection: Connection, sight: Below, most: int) -> Idle:
    """Who in sight is employed today and never used anything, and at most ``most`` of the direct reports."""
    above, last = bounds_of(sight)
    values = {"above": above, "last": last, "depth": sight.lead.place.depth + 1}
    rows = connection.execute(queries()["never_active"], values).fetchall()
    reports = people.load_people(connection, (number for number, is_report in rows if is_report))
    return Idle(len(rows), tuple(_by_name(reports)[:most]))


def load_used_weekdays(connection: Connection, sight: OnePerson, last: date) -> Iterator[date]:
    """The weekdays up to ``last`` on which the person used anything, newest first, to the first stored one without.

    Each is looked up when it is asked for.
    """
    values = {"employee": sight.person.id, "until": epoch_day(last) + 1}
    for number, is_used in connection.execute(queries()["active_days"], values):
        day = date_of(number)
        if day.weekday() < WEEKDAYS:
            if not is_used:
                return
            yield day


def load_first_day(connection: Connection) -> date | None:
    """The first day that was read."""
    day = connection.execute("SELECT min(day) FROM day_state").fetchone()[0]
    return None if day is None else date_of(day)


def mark_people(connection: Connection, sight: Sight) -> str:
    """How many people are in sight, and two sums over their numbers that hardly ever agree for others."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(id), 0), coalesce(sum(id * id % 1000003), 0) FROM employee"
        " WHERE first > ? AND first <= ?",
        bounds_of(sight),
    ).fetchone()
    return "-".join(map(str, row))


def load_group_totals(
    connection: Connection, sight: WholeCompany, names: Sequence[str | None], period: Period
) -> dict[str | None, Totals]:
    """What some teams used; one that used nothing is missing."""
    del sight  # asked for so that only who may see the organisation can ask
    values = _bounds(period) | {"names": json.dumps([name or "" for name in names])}
    return {row[0] or None: Totals(*row[1:]) for row in connection.execute(queries()["group_totals"], values)}


def load_group_splits(
    connection: Connection, sight: WholeCompany, names: Sequence[str | None], period: Period
) -> list[Splits]:
    """Their credits by client and by model, in the order of the names."""
    del sight  # as above
    values = _bounds(period) | {"names": json.dumps([name or "" for name in names])}
    found = _splits(connection, connection.execute(queries()["group_splits"], values))
    return [found.get(name or "", _NO_SPLITS) for name in names]


def _splits(connection: Connection, rows: Iterable[tuple[Key, int, int, int]]) -> dict[Key, Splits]:
    """Rows of (whose, client or model, which, credits) by whose they are."""
    clients = dict(connection.execute("SELECT id, name FROM client").fetchall())
    models = {row[0]: (row[1], row[2]) for row in connection.execute("SELECT id, name, speed FROM model")}
    found: dict[Key, tuple[dict[str, int], dict[tuple[str, str | None], int]]] = {}
    for whose, split, part, credits_micro in rows:
        by_client, by_model = found.setdefault(whose, ({}, {}))
        if split == _CLIENT:
            by_client[clients[part]] = credits_micro
        else:
            by_model[models[part]] = credits_micro
    return {whose: Splits(*parts) for whose, parts in found.items()}


def _rows(connection: Connection, sights: Sequence[Narrow], period: Period, what: str) -> Iterator[Any]:
    """The rows of the two queries for ``what``, each beginning with which of the sights it is about."""
    leads = {sight.lead.id: at for at, sight in enumerate(sights) if isinstance(sight, Below)}
    chains = _large_chains(connection, leads)
    large = {leads[chain] for chain in chains}
    small = [at for at in range(len(sights)) if at not in large]
    values = _bounds(period) | {
        "branches": json.dumps([bounds_of(sights[at]) for at in small]),
        "chains": json.dumps(chains),
    }
    for at, *rest in connection.execute(queries()[f"branch_{what}"], values):
        yield small[at], *rest
    for chain, *rest in connection.execute(queries()[f"chains_{what}"], values):
        yield leads[chain], *rest


def _headcount(connection: Connection, sight: Narrow, active: int) -> tuple[int, int]:
    """How many people in sight are employed today, and how many of them are among the ``active`` bits."""
    if isinstance(sight, OnePerson):  # no need to look anybody up
        employed = int(not sight.person.archived)
        return employed, employed & active >> sight.person.id
    members = member_bits(connection, sight)
    return members.bit_count(), (members & active).bit_count()


def _large_chains(connection: Connection, leads: Iterable[int]) -> list[int]:
    """Those of the managers whose chains are summed beforehand."""
    rows = connection.execute(
        "SELECT id FROM chain WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(leads)),)
    )
    return [row[0] for row in rows]


def _by_name(found: Mapping[int, Person]) -> list[Person]:
    return sorted(found.values(), key=lambda person: (person.name.lower(), person.email))


def _bounds(period: Period) -> dict[str, str | int]:
    return {"since": epoch_day(period.since), "until": epoch_day(period.until)}
