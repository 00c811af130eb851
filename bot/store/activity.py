"""Who used anything on which day: sets of employee numbers as bits, so that distinct people can be counted.

Distinct people do not add up over days; the bits of the days are united instead, which for a company of
400,000 and a quarter of a year takes a few milliseconds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from bot.core.models import date_of, epoch_day
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.visibility import Below, SelfAndBelow, Sight, WholeCompany
from bot.store import rollups
from bot.store.active_spans import load_active_bits
from bot.store.engine import Connection
from bot.store.people_sums import PeopleSums
from bot.store.rollups import bits_of
from bot.store.scope import bounds_of, chain_of
from bot.store.sql import queries


def count_active(connection: Connection, sums: PeopleSums, sight: Sight, period: Period) -> int:
    """How many of the people in sight who are employed today used anything in the period."""
    above, last = bounds_of(sight)
    if (
        last - above <= rollups.LARGE_CHAIN
    ):  # the bits are the whole company's, and these few sums are known by now
        return sum(used.is_active for used in sums.load(_employed(connection, sight), period).values())
    return (active_bits(connection, period) & member_bits(connection, sight)).bit_count()


def count_people(connection: Connection, sight: Sight) -> int:
    """How many people in sight are employed today."""
    return member_bits(connection, sight).bit_count()


def load_active_days(connection: Connection, person: Person, today: date) -> Iterator[date]:
    """The UTC days up to today on which the person used anything, newest first, to the first day before that has none.

    Each is looked up when asked for; for who has long used nothing, not all that is stored is searched.
    """
    values = {"employee": person.id, "until": epoch_day(today) + 1}
    for number, is_active in connection.execute(queries()["active_days"], values):
        day = date_of(number)
        if is_active:
            yield day
        elif day < today:
            return


def load_credits(
    connection: Connection, sight: WholeCompany, period: Period
) -> Iterator[tuple[date, dict[str, int]]]:
    """Credits by address, a day after the other; only one day is in memory."""
    names = load_names(connection, sight)
    days = connection.execute(
        "SELECT day FROM day_state WHERE day >= ? AND day < ? ORDER BY day",
        (epoch_day(period.since), epoch_day(period.until)),
    ).fetchall()
    for (day,) in days:
        found: defaultdict[str, int] = defaultdict(int)
        for employee, credits_micro in connection.execute(queries()["credits_of_day"], {"day": day}):
            if credits_micro > 0:
                found[names[employee]] += credits_micro
        if found:
            yield date_of(day), found


def load_credits_of(
    connection: Connection, sight: WholeCompany, people: Collection[str], period: Period
) -> dict[date, dict[str, int]]:
    """The same of some people alone, in one piece."""
    names = load_names(connection, sight)
    values = {
        "people": json.dumps([number for number, email in names.items() if email in people]),
        "since": epoch_day(period.since),
        "until": epoch_day(period.until),
    }
    found: defaultdict[date, dict[str, int]] = defaultdict(dict)
    for day, employee, credits_micro in connection.execute(queries()["credits_of_people"], values):
        if credits_micro > 0:
            found[date_of(day)][names[employee]] = credits_micro
    return found


def load_names(connection: Connection, sight: WholeCompany) -> dict[int, str]:
    """The addresses of everybody in sight, by number: one text for each, however often they are told of."""
    return dict(
        connection.execute("SELECT id, email FROM employee WHERE first > ? AND first <= ?", bounds_of(sight))
    )


def longest_streaks(connection: Connection, sight: Sight, today: date, most: int) -> dict[int, int]:
    """Employee number to days in a row up to today, or yesterday while today has none; the longest only."""
    now = _bits_of_day(connection, today) & member_bits(connection, sight)
    found: dict[int, int] = {}
    for length, bits in _streaks_to_yesterday(connection, sight, today):
        longer, level = bits & now, bits & ~now
        for number in _numbers(longer, most - len(found)):
            found[number] = length + 1
        for number in _numbers(level, most - len(found)):
            found[number] = length
        now &= ~bits
    return found | dict.fromkeys(_numbers(now, most - len(found)), 1)


def active_bits(connection: Connection, period: Period) -> int:
    """Everyone who used anything in the period."""
    return load_active_bits(connection, (epoch_day(period.since), epoch_day(period.until)))


def member_bits(connection: Connection, sight: Sight) -> int:
    """Everyone in sight who is employed today."""
    if isinstance(sight, SelfAndBelow) and chain_of(connection, Below(sight.lead)) is not None:
        return member_bits(connection, Below(sight.lead)) | int(not sight.lead.archived) << sight.lead.id
    chain = chain_of(connection, sight)
    if chain is not None:
        row = connection.execute("SELECT members FROM chain WHERE id = ?", (chain,)).fetchone()
        return int.from_bytes(row[0], "little") if row else 0
    return int.from_bytes(bits_of(_employed(connection, sight)), "little")


def _employed(connection: Connection, sight: Sight) -> list[int]:
    rows = connection.execute(
        "SELECT id FROM employee WHERE first > ? AND first <= ? AND NOT archived", bounds_of(sight)
    )
    return [row[0] for row in rows]


def _streaks_to_yesterday(connection: Connection, sight: Sight, today: date) -> Iterator[tuple[int, int]]:
    """(length, who has exactly that many days in a row up to yesterday), the longest first."""
    running = member_bits(connection, sight)
    layers = []
    day = today - timedelta(days=1)
    while running := running & _bits_of_day(connection, day):
        layers.append(running)
        day -= timedelta(days=1)
    longer = 0
    for length in range(len(layers), 0, -1):
        yield length, layers[length - 1] & ~longer
        longer = layers[length - 1]


def _numbers(bits: int, most: int) -> Iterator[int]:
    while bits and most > 0:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
        most -= 1


def _bits_of_day(connection: Connection, day: date) -> int:
    row = connection.execute("SELECT employees FROM active_day WHERE day = ?", (epoch_day(day),)).fetchone()
    return int.from_bytes(row[0], "little") if row else 0
