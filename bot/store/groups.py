"""The teams of the roster as groups of the organisation.

People without a team are a group, too; its name is None, and an empty text in the table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bot.core.models import Totals, epoch_day
from bot.core.periods import Period
from bot.core.usage_sums import Group
from bot.core.visibility import WholeCompany
from bot.store.activity import active_bits
from bot.store.engine import Connection
from bot.store.leaders import find_leaders
from bot.store.people_sums import PeopleSums
from bot.store.rollups import kept_period
from bot.store.sql import queries


def load_groups(
    connection: Connection, sums: PeopleSums, sight: WholeCompany, period: Period, smallest: int, most: int
) -> list[Group]:
    """The largest groups by credits with at least ``smallest`` people; those without usage come last."""
    found = _largest(connection, sums, sight, period, smallest, most)
    seen = json.dumps([group.name or "" for group in found])
    values = {"most": most - len(found), "smallest": max(smallest, 1), "seen": seen}
    idle = connection.execute(queries()["idle_groups"], values)
    return found + [Group(name or None, people, Totals()) for name, people in idle]


def count_active_of_groups(
    connection: Connection, sight: WholeCompany, names: Sequence[str | None], period: Period
) -> dict[str | None, int]:
    """How many people of some groups who are employed today used anything in the period."""
    del sight  # asked for so that only who may see the organisation can ask
    bits = active_bits(connection, period)
    active = bits.to_bytes(bits.bit_length() // 8 + 1, "little")  # a byte is found without moving all others
    return {name: _count(connection, name, active) for name in names}


def _largest(
    connection: Connection, sums: PeopleSums, sight: WholeCompany, period: Period, smallest: int, most: int
) -> list[Group]:
    since, until = epoch_day(period.since), epoch_day(period.until)
    values = {"since": since, "until": until, "smallest": smallest, "most": most}
    if (kept := kept_period(connection, period)) is not None:
        return _groups(connection, "groups_of_period", values | {"period": kept})
    leaders = find_leaders(connection, sums, period)
    found = None if leaders is None else leaders.load_groups(sight, smallest, most)
    return _groups(connection, "groups_of_days", values) if found is None else found


def _groups(connection: Connection, name: str, values: Mapping[str, int]) -> list[Group]:
    rows = connection.execute(queries()[name], values)
    return [Group(row[0] or None, row[1], Totals(*row[2:])) for row in rows]


def _count(connection: Connection, name: str | None, active: bytes) -> int:
    rows = connection.execute(
        "SELECT id FROM employee WHERE team = (SELECT id FROM team WHERE name = ?) AND NOT archived",
        (name or "",),
    )
    return sum(active[number >> 3] >> (number & 7) & 1 for (number,) in rows if number >> 3 < len(active))
