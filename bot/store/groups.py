"""The teams of the roster as groups of the organisation.

People without a team are a group, too; its name is None, and an empty text in the table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.core.models import Totals, epoch_day
from bot.core.periods import Period
from bot.core.usage_sums import Group
from bot.core.visibility import WholeCompany
from bot.store.activity import active_bits
from bot.store.engine import Connection
from bot.store.rollups import kept_period
from bot.store.sql import queries


def load_groups(
    connection: Connection, sight: WholeCompany, period: Period, smallest: int, most: int
) -> list[Group]:
    """The largest groups by credits with at least ``smallest`` people; those without usage come last."""
    del sight  # asked for so that only who may see the organisation can ask
    kept = kept_period(connection, period)
    values = {
        "period": kept,
        "since": epoch_day(period.since),
        "until": epoch_day(period.until),
        "smallest": smallest,
        "most": most,
    }
    name = "groups_of_days" if kept is None else "groups_of_period"
    found = [
        Group(row[0] or None, row[1], Totals(*row[2:])) for row in connection.execute(queries()[name], values)
    ]
    seen = json.dumps([group.name or "" for group in found])
    values |= {"most": most - len(found), "smallest": max(smallest, 1)}
    idle = connection.execute(queries()["idle_groups"], values | {"seen": seen})
    return found + [Group(name or None, people, Totals()) for name, people in idle]


def count_active_of_groups(
    connection: Connection, sight: WholeCompany, names: Sequence[str | None], period: Period
) -> dict[str | None, int]:
    """How many people of some groups who are employed today used anything in the period."""
    del sight  # as above
    bits = active_bits(connection, period)
    active = bits.to_bytes(bits.bit_length() // 8 + 1, "little")  # a byte is found without moving all others
    return {name: _count(connection, name, active) for name in names}


def _count(connection: Connection, name: str | None, active: bytes) -> int:
    rows = connection.execute(
        "SELECT id FROM employee WHERE team = (SELECT id FROM team WHERE name = ?) AND NOT archived",
        (name or "",),
    )
    return sum(active[number >> 3] >> (number & 7) & 1 for (number,) in rows if number >> 3 < len(active))
