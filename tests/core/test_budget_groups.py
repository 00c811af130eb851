"""No budget tells what a few people used, neither by itself nor beside others; lost groups are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.core.budgets.groups import RosterCell, lost, tellable
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit

TEAM = Budget(1, Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 1_000, (100,), 1, date(2026, 11, 1))
WHOLE = replace(TEAM, id=2, scope=Scope.ORGANISATION, name=None)
ENGINEERING = replace(TEAM, id=3, scope=Scope.DEPARTMENT, name="Engineering")
CENTER = replace(TEAM, id=4, scope=Scope.COST_CENTER, name="CC-1")
EACH = replace(TEAM, id=5, scope=Scope.PERSON, name=None)


def is_of(one: Budget, inside: RosterCell) -> bool:
    """True where the people of the cell belong to the budget's group."""
    names = {
        Scope.TEAM: inside.team,
        Scope.DEPARTMENT: inside.department,
        Scope.COST_CENTER: inside.cost_center,
    }
    return one.scope in names and names[one.scope] == one.name


def cell(
    people: int, team: str | None = None, department: str | None = None, center: str | None = None
) -> RosterCell:
    return RosterCell(team, department, center, people)


def test_a_budget_of_a_few_people_is_not_told() -> None:
    others = cell(20, "Web")
    assert tellable([WHOLE, TEAM, EACH], [cell(5, "Core"), others], 5) == {1, 2, 5}
    assert tellable([WHOLE, TEAM, EACH], [cell(4, "Core"), others], 5) == {2, 5}
    assert tellable([TEAM], [], 5) == frozenset()


def test_a_department_that_is_a_known_team_and_a_few_more_is_not_told() -> None:
    """The department less the team would be three people."""
    cells = [cell(8, "Core", "Engineering"), cell(3, "Tools", "Engineering"), cell(30, "Web", "Data")]
    assert tellable([WHOLE, TEAM, ENGINEERING], cells, 5) == {1, 2}
    cells[1] = cell(5, "Tools", "Engineering")
    assert tellable([WHOLE, TEAM, ENGINEERING], cells, 5) == {1, 2, 3}


def test_a_cost_center_that_leaves_a_few_of_a_known_team_is_not_told() -> None:
    cells = [cell(9, "Core", None, "CC-1"), cell(2, "Core")]
    assert tellable([CENTER], cells, 5) == frozenset()
    assert tellable([CENTER], [cells[0], cell(5, "Core")], 5) == {4}


def test_small_teams_count_together() -> None:
    cells = [cell(3, "A", "Engineering"), cell(3, "B", "Engineering"), cell(6, "C")]
    assert tellable([ENGINEERING], cells, 5) == {3}


def test_budgets_of_groups_that_nobody_belongs_to_are_lost() -> None:
    budgets = [WHOLE, TEAM, ENGINEERING, CENTER, EACH]
    assert lost(budgets, {Scope.TEAM: ["Core"], Scope.DEPARTMENT: ["Data"]}) == (ENGINEERING, CENTER)


names = st.sampled_from(["A", "B", "C"]) | st.none()
cells_of_a_company = st.lists(st.builds(RosterCell, names, names, names, st.integers(1, 9)), max_size=8)


@given(cells_of_a_company)
def test_no_told_budget_cuts_off_a_few_people(cells: list[RosterCell]) -> None:
    """Whatever is told: each part that the budgets and the known teams make together has five people, or none."""
    merged: dict[tuple[str | None, str | None, str | None], int] = {}
    for one in cells:
        merged[one[:3]] = merged.get(one[:3], 0) + one.people
    company = [RosterCell(*key, people) for key, people in merged.items()]
    scopes = [scope for scope in Scope if scope.is_group]
    budgets = [
        replace(TEAM, id=10 * n + m, scope=scope, name=name)
        for n, scope in enumerate(scopes)
        for m, name in enumerate("ABC")
    ]
    told = tellable(budgets, company, 5)
    shown = [budget for budget in budgets if budget.id in told]
    known = {t for t in "ABC" if sum(c.people for c in company if c.team == t) >= 5}
    parts: dict[tuple[object, ...], int] = {}
    for one in company:
        key = (one.team if one.team in known else None, *(is_of(b, one) for b in shown))
        parts[key] = parts.get(key, 0) + one.people
    assert all(people >= 5 for key, people in parts.items() if any(key[1:]))
