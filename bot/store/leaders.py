"""The largest of the company, or of a large part of it, over any days: found by columns, and told by their own days.

The columns say who is ahead. What those few used is then looked up as anybody's is, so that whatever is told comes
from the rows themselves.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from bot.core.models import Totals, epoch_day
from bot.core.periods import Period
from bot.core.usage_sums import Group
from bot.core.visibility import Sight, WholeCompany
from bot.store.active_spans import Span
from bot.store.columns import FIGURES, add_up, cover
from bot.store.engine import Connection
from bot.store.people_columns import OWNER, PLACE, TEAM, load_people_column
from bot.store.people_sums import PeopleSums
from bot.store.scope import bounds_of
from bot.store.sql import queries

LOOKED_UP = 20_000
"""More people than this are not looked up one by one: adding up columns, or reading everybody's days, is as short."""


def find_leaders(connection: Connection, sums: PeopleSums, period: Period) -> Leaders | None:
    """Who leads in a period; None where one of its days has no columns yet."""
    spans = cover(connection, (epoch_day(period.since), epoch_day(period.until)))
    return None if spans is None else Leaders(connection, sums, period, spans)


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who leads in a period that columns cover.

    Where a figure does not tell the largest apart, because too few have used any of it or too many are equal,
    nobody is found: None, which is not the same as an empty list.
    """

    connection: Connection
    sums: PeopleSums
    period: Period
    spans: Sequence[Span]

    def load_people(self, sight: Sight, figure: str, most: int) -> dict[int, Totals] | None:
        """By employee number, the ``most`` largest in sight by a figure and credits, and whoever equals the last."""
        used = self._by_employee(sight, figure)
        chosen = _chosen(used, range(len(used)), most)
        if chosen is None:
            return None
        totals = self.sums.load(chosen, self.period)
        ranks = {number: (FIGURES[figure](one), one.credits_micro) for number, one in totals.items()}
        least = nlargest(most, ranks.values())[-1]
        return {number: one for number, one in totals.items() if ranks[number] >= least}

    def load_groups(self, sight: WholeCompany, smallest: int, most: int) -> list[Group] | None:
        """The ``most`` largest teams by credits of those with enough people."""
        teams: dict[int, int] = defaultdict(int)
        team_of = load_people_column(self.connection, TEAM)
        for team, value in zip(team_of, self._by_employee(sight, "credits"), strict=True):
            teams[team] += value
        sizes = _sizes(self.connection, smallest)
        chosen = _chosen([teams[team] for team in sizes], list(sizes), most)
        members = _members(self.connection, chosen or ())
        if chosen is None or len(members) > LOOKED_UP:
            return None
        totals = dict.fromkeys(chosen, Totals())
        for number, one in self.sums.load(members, self.period).items():
            totals[members[number]] += one
        groups = [Group(sizes[team][0] or None, sizes[team][1], totals[team]) for team in chosen]
        return sorted(groups, key=lambda group: (-group.totals.credits_micro, group.name or ""))[:most]

    def _by_employee(self, sight: Sight, figure: str) -> list[int]:
        """One figure of every employee, by number; 0 for whoever is out of sight."""
        numbers = list(add_up(self.connection, figure, self.spans))
        in_part = self._take_out_part_owners(numbers)
        places = load_people_column(self.connection, PLACE)
        used = [0] * len(places)
        for owner, number in zip(load_people_column(self.connection, OWNER), numbers, strict=False):
            used[owner] += number
        above, last = bounds_of(sight)
        seen = [number for number in in_part if above < places[number] <= last]
        for number, totals in self.sums.load(seen, self.period).items():
            used[number] = FIGURES[figure](totals)
        used[:1] = [0]  # what is nobody's
        return [value if above < place <= last else 0 for value, place in zip(used, places, strict=True)]

    def _take_out_part_owners(self, numbers: list[int]) -> set[int]:
        """Whoever owned an account on some of the days only: a column does not say on which."""
        bounds = {"since": epoch_day(self.period.since), "until": epoch_day(self.period.until)}
        in_part = set[int]()
        for account, employee, is_near in self.connection.execute(queries()["links_of_part"], bounds):
            numbers[account] = 0
            if is_near:
                in_part.add(employee)
        return in_part


def _chosen(values: Sequence[int], numbers: Sequence[int], most: int) -> list[int] | None:
    """The numbers whose values are among the largest or equal the last of them; None as `Leaders` has it."""
    largest = nlargest(most, values)
    if len(largest) < most or not largest[-1]:
        return None
    chosen = [number for number, value in zip(numbers, values, strict=True) if value >= largest[-1]]
    return chosen if len(chosen) <= LOOKED_UP else None


def _sizes(connection: Connection, smallest: int) -> dict[int, tuple[str, int]]:
    """Name and people of every team with enough of them."""
    rows = connection.execute("SELECT id, name, people FROM team WHERE people >= ?", (smallest,))
    return {team: (name, people) for team, name, people in rows}


def _members(connection: Connection, teams: Iterable[int]) -> dict[int, int]:
    """Employee number to team, leavers included."""
    rows = connection.execute(
        "SELECT id, team FROM employee WHERE team IN (SELECT value FROM json_each(?))",
        (json.dumps(list(teams)),),
    )
    return dict(rows.fetchall())
