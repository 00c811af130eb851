"""Which budgets may be told to somebody who may see no few people's use, and of which groups nobody is left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.core.budgets.terms import Budget, Scope

Parts = Counter[tuple[str | None, frozenset[int]]]


class RosterCell(NamedTuple):
    """How many people who are employed today share a team, a department and a cost centre."""

    team: str | None
    department: str | None
    cost_center: str | None
    people: int


def tellable(budgets: Sequence[Budget], cells: Sequence[RosterCell], minimum: int) -> frozenset[int]:
    """The numbers of those budgets whose use is no few people's, taken by itself or less that of others.

    Teams of at least ``minimum`` people are known to the reader anyway. Each budget that is told cuts the
    company into further parts; where one of these has people, but fewer than ``minimum``, the smallest of
    the budgets that cut it off is not told, until there is none.
    """
    sizes = _sizes(budgets, cells)
    told = [budget for budget in budgets if not budget.scope.is_group or sizes[budget.id] >= minimum]
    parts = _parts(told, cells, minimum)
    while cut := _smallest_that_cuts(told, parts, sizes, minimum):
        told.remove(cut)
        parts = _without(parts, cut)
    return frozenset(budget.id for budget in told)


def lost(budgets: Iterable[Budget], names: Mapping[Scope, Iterable[str]]) -> tuple[Budget, ...]:
    """The budgets of groups that nobody belongs to any more; ``names`` are the groups that have people."""
    known = {scope: frozenset(found) for scope, found in names.items()}
    return tuple(b for b in budgets if b.scope.is_group and b.name not in known.get(b.scope, frozenset()))


def _sizes(budgets: Iterable[Budget], cells: Sequence[RosterCell]) -> Counter[int]:
    numbers_of, sizes = _finder(budgets), Counter[int]()
    for cell in cells:
        for number in numbers_of(cell):
            sizes[number] += cell.people
    return sizes


def _finder(budgets: Iterable[Budget]) -> Callable[[RosterCell], list[int]]:
    """Which of the budgets a cell falls under, without looking at each of them."""
    found: defaultdict[tuple[Scope, str | None], list[int]] = defaultdict(list)
    for budget in budgets:
        if budget.scope.is_group:
            found[budget.scope, budget.name].append(budget.id)

    def numbers_of(cell: RosterCell) -> list[int]:
        groups = (
            (Scope.TEAM, cell.team),
            (Scope.DEPARTMENT, cell.department),
            (Scope.COST_CENTER, cell.cost_center),
        )
        return [number for group in groups for number in found.get(group, ())]

    return numbers_of


def _smallest_that_cuts(
    told: Sequence[Budget], parts: Parts, sizes: Mapping[int, int], minimum: int
) -> Budget | None:
    small = [part for part, people in parts.items() if people < minimum]
    teams = {team for team, _ in small}
    cutting = {number for team, inside in parts if team in teams for number in inside}
    found = [budget for budget in told if budget.id in cutting]
    return min(found, key=lambda budget: (sizes[budget.id], budget.id), default=None)


def _without(parts: Parts, cut: Budget) -> Parts:
    """The parts that are left when one budget cuts nothing any more."""
    left: Parts = Counter()
    for (team, inside), people in parts.items():
        left[team, inside - {cut.id}] += people
    return left


def _parts(groups: Iterable[Budget], cells: Sequence[RosterCell], minimum: int) -> Parts:
    """People by visible team (None: all small ones together) and by the budgets of groups that they fall under."""
    of_team: Counter[str | None] = Counter()
    for cell in cells:
        of_team[cell.team] += cell.people
    numbers_of = _finder(groups)
    parts: Parts = Counter()
    for cell in cells:
        team = cell.team if of_team[cell.team] >= minimum else None
        parts[team, frozenset(numbers_of(cell))] += cell.people
    return parts
