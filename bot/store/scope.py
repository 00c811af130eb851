"""What a sight means in the tables: places of the chart, and the chain that is summed beforehand."""

from __future__ import annotations

from typing import assert_never

from bot.core.visibility import Below, OnePerson, SelfAndBelow, Sight, WholeCompany
from bot.store.engine import Connection
from bot.store.rollups import EVERYONE

_NO_PLACE_IS_BEYOND = 2**62


def bounds_of(sight: Sight) -> tuple[int, int]:
    """The places in sight: greater than the first number, up to and with the second."""
    match sight:
        case WholeCompany():
            return 0, _NO_PLACE_IS_BEYOND
        case OnePerson(person):
            return person.place.first - 1, person.place.first
        case Below(lead):
            return lead.place.first, lead.place.last
        case SelfAndBelow(lead):
            return lead.place.first - 1, lead.place.last
        case _:
            assert_never(sight)


def chain_of(connection: Connection, sight: Sight) -> int | None:
    """The chain whose sums are those of the sight; None where its people must be added up.

    Of somebody together with everyone below there are no such sums.
    """
    match sight:
        case WholeCompany():
            return EVERYONE
        case Below(lead):
            row = connection.execute("SELECT id FROM chain WHERE id = ?", (lead.id,)).fetchone()
            return row[0] if row else None
        case OnePerson() | SelfAndBelow():
            return None
        case _:
            assert_never(sight)


def numbers_of(connection: Connection, sight: Sight) -> list[int]:
    """The employees in sight, leavers included."""
    rows = connection.execute("SELECT id FROM employee WHERE first > ? AND first <= ?", bounds_of(sight))
    return [row[0] for row in rows]
