"""Which budgets may be told to somebody who may see no few people's use, and of which groups nobody is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.core.budgets import Budget, Scope


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
    while cut := _smallest_that_cuts(told, cells, sizes, minimum):
        told.remove(cut)
    return frozenset(budget.id for budget in told)


def lost(budgets: Iterable[Budget], names: Mapping[Scope, Iterable[str]]) -> tuple[Budget, ...]:
    """The budgets of groups that nobody belongs to any more; ``names`` are the groups that have people."""
    known = {scope: frozenset(found) for scope, found in names.items()}
    return tuple(b for b in budgets if b.scope.is_group and b.name not in known.get(b.scope, frozenset()))


def is_of(budget: Budget, cell: RosterCell) -> bool:
    """True where the people of the cell belong to the budget's group."""
    names = {Scope.TEAM: cell.team, Scope.DEPARTMENT: cell.department, Scope.COST_CENTER: cell.cost_center}
    return budget.scope in names and names[budget.scope] == budget.name


def _sizes(budgets: Iterable[Budget], cells: Sequence[RosterCell]) -> dict[int, int]:
    return {b.id: sum(cell.people for cell in cells if is_of(b, cell)) for b in budgets if b.scope.is_group}


def _smallest_that_cuts(
    told: Sequence[Budget], cells: Sequence[RosterCell], sizes: Mapping[int, int], minimum: int
) -> Budget | None:
    groups = [budget for budget in told if budget.scope.is_group]
    parts = _parts(groups, cells, minimum)
    small = [part for part, people in parts.items() if people < minimum]
    teams = {team for team, _ in small}
    cutting = {number for team, inside in parts if team in teams for number in inside}
    found = [budget for budget in groups if budget.id in cutting]
    return min(found, key=lambda budget: (sizes[budget.id], budget.id), default=None)


def _parts(
    groups: Sequence[Budget], cells: Sequence[RosterCell], minimum: int
) -> Counter[tuple[str | None, frozenset[int]]]:
    """People by visible team (None: all small ones together) and by the budgets that they fall under."""
    of_team: Counter[str | None] = Counter()
    for cell in cells:
        of_team[cell.team] += cell.people
    parts: Counter[tuple[str | None, frozenset[int]]] = Counter()
    for cell in cells:
        team = cell.team if of_team[cell.team] >= minimum else None
        parts[team, frozenset(b.id for b in groups if is_of(b, cell))] += cell.people
    return parts
