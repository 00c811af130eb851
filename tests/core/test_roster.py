"""A newer roster, compared with what is known, gives a plan that is right and can be refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.people import Employee
from bot.core.roster import EmployeeChange, RosterPlan, plan_roster

TODAY = date(2026, 11, 20)

ALICE = Employee("alice@example.com", "Alice")
BOB = Employee("bob@example.com", "Bob", manager_email=ALICE.email, team="Core")
CAROL = Employee("carol@example.com", "Carol", manager_email=BOB.email, team="Core")
DAN = Employee("dan@example.com", "Dan", manager_email="gail@example.com")
ERIN = Employee("erin@example.com", "Erin")
FINN = Employee("finn@example.com", "Finn")
ZOE = Employee("zoe@example.com", "Zoe", manager_email=BOB.email, archived=True, left_on=date(2026, 3, 31))

CAST = (ALICE, BOB, CAROL, DAN, ERIN, FINN, ZOE)
KNOWN = {employee.email: employee for employee in CAST}


def plan(*new: Employee, current: dict[str, Employee] = KNOWN, unread: tuple[str, ...] = ()) -> RosterPlan:
    return plan_roster(current, new, TODAY, force=False, unread=unread)


def without(*gone: Employee) -> list[Employee]:
    return [employee for employee in CAST if employee not in gone]


def test_the_same_roster_changes_nothing() -> None:
    again = plan(*CAST)

    assert again.is_empty
    assert again.refused is None
    assert again.employees == KNOWN


def test_a_first_roster_is_never_refused() -> None:
    first = plan(*CAST, current={})

    assert first.refused is None
    assert first.added == tuple(sorted(CAST, key=lambda employee: employee.email))
    assert not first.is_empty


def test_a_change_names_the_fields_that_differ() -> None:
    moved = replace(CAROL, team="Edge", manager_email=ALICE.email)

    changed = plan(*without(CAROL), moved)

    assert changed.changed == (EmployeeChange(CAROL, moved, ("manager_email", "team")),)
    assert changed.employees[CAROL.email] == moved


def test_who_is_missing_is_archived_today_with_the_facts_last_known() -> None:
    left = plan(*without(CAROL))

    assert left.archived == (replace(CAROL, archived=True, left_on=TODAY),)
    assert left.employees[CAROL.email].manager_email == BOB.email
    assert left.employees[CAROL.email].team == "Core"


def test_a_plan_that_was_applied_is_not_made_again() -> None:
    """The day on which somebody went missing stays their last day."""
    left = plan(*without(CAROL))

    later = plan_roster(left.employees, without(CAROL), TODAY + timedelta(days=9), force=False)

    assert later.is_empty


@pytest.mark.parametrize(
    ("announced", "last_day"),
    [(date(2026, 11, 1), date(2026, 11, 1)), (date(2026, 12, 31), TODAY)],
    ids=["in the past", "in the future"],
)
def test_a_missing_person_keeps_an_announced_last_day_unless_it_lies_ahead(
    announced: date, last_day: date
) -> None:
    leaving = replace(CAROL, left_on=announced)

    left = plan(*without(CAROL), current={**KNOWN, CAROL.email: leaving})

    assert left.archived == (replace(CAROL, archived=True, left_on=last_day),)


@pytest.mark.parametrize(
    ("row", "left_on"),
    [
        (replace(CAROL, archived=True), TODAY),
        (replace(CAROL, archived=True, left_on=date(2026, 10, 31)), date(2026, 10, 31)),
        (replace(CAROL, archived=True, left_on=date(2027, 1, 31)), date(2027, 1, 31)),
        (replace(CAROL, left_on=date(2026, 11, 19)), date(2026, 11, 19)),
    ],
    ids=["status", "status and date", "status before the date", "date"],
)
def test_a_row_archives_by_its_status_or_by_a_last_day_before_today(row: Employee, left_on: date) -> None:
    archived = plan(*without(CAROL), row)

    assert archived.archived == (replace(CAROL, archived=True, left_on=left_on),)


def test_the_last_day_is_still_worked() -> None:
    last_day = replace(CAROL, left_on=TODAY)

    working = plan(*without(CAROL), last_day)

    assert working.archived == ()
    assert working.changed == (EmployeeChange(CAROL, last_day, ("left_on",)),)


def test_a_last_day_passes_without_any_edit() -> None:
    last_day = replace(CAROL, left_on=TODAY)
    known = {**KNOWN, CAROL.email: last_day}

    tomorrow = plan_roster(known, [*without(CAROL), last_day], TODAY + timedelta(days=1), force=False)

    assert tomorrow.archived == (replace(last_day, archived=True),)


def test_an_archived_row_without_a_date_keeps_the_day_on_which_it_was_first_read() -> None:
    row = replace(ZOE, left_on=None)

    assert plan(*without(ZOE), row).is_empty


def test_someone_returns() -> None:
    back = replace(ZOE, archived=False, left_on=None, team="Core")

    returned = plan(*without(ZOE), back)

    assert returned.returned == (back,)
    assert returned.changed == ()


def test_a_row_that_could_not_be_read_leaves_its_person_as_they_were() -> None:
    assert plan(*without(CAROL), unread=(CAROL.email,)).is_empty


def test_an_unread_person_still_leaves_on_their_last_day() -> None:
    leaving = replace(CAROL, left_on=date(2026, 11, 19))

    left = plan(*without(CAROL), current={**KNOWN, CAROL.email: leaving}, unread=(CAROL.email,))

    assert left.archived == (replace(leaving, archived=True),)


def staff(count: int) -> dict[str, Employee]:
    return {f"p{n:03}@example.com": Employee(f"p{n:03}@example.com", f"P{n}") for n in range(count)}


@pytest.mark.parametrize(
    ("active", "gone", "is_refused"),
    [
        (10, 2, False),
        (10, 3, True),
        (100, 20, False),
        (100, 21, True),
        (5, 1, False),
        (4, 1, True),
        (1, 1, True),
    ],
)
def test_more_than_a_fifth_at_once_is_refused(active: int, gone: int, *, is_refused: bool) -> None:
    current = staff(active)

    result = plan_roster(current, list(current.values())[gone:], TODAY, force=False)

    assert (result.refused is not None) is is_refused
    assert len(result.archived) == (0 if is_refused else gone)


def test_archived_people_do_not_count_as_active() -> None:
    current = {**staff(10), ZOE.email: ZOE}

    result = plan_roster(current, list(current.values())[3:], TODAY, force=False)

    assert result.refused is not None
    assert "3 of 10" in result.refused


def test_a_refused_roster_changes_nothing_at_all_and_says_how_to_force_it() -> None:
    refused = plan(replace(ALICE, name="Mallory"))

    assert refused == RosterPlan(employees=KNOWN, refused=refused.refused)
    assert refused.refused == snapshot(
        "The roster would archive 5 of 6 active people at once, which is more than 20 %, so nothing was changed. "
        "If they really left, run `codex-usage-bot sync --force-roster`."
    )


def test_an_empty_roster_is_refused_and_can_be_forced() -> None:
    forced = plan_roster(KNOWN, [], TODAY, force=True)

    assert plan().refused is not None
    assert forced.refused is None
    assert all(employee.archived for employee in forced.employees.values())


def test_an_empty_roster_with_nobody_active_has_nothing_to_refuse() -> None:
    assert plan(current={ZOE.email: ZOE}).is_empty


def test_statuses_alone_can_archive_too_many() -> None:
    """A column gone wrong is as broken as a file cut short."""
    assert plan(*(replace(employee, archived=True) for employee in CAST)).refused is not None


EMPLOYEES = st.builds(
    Employee,
    email=st.sampled_from([f"{name}@example.com" for name in "abcdefgh"]),
    name=st.sampled_from(["A", "B"]),
    manager_email=st.none() | st.sampled_from(["a@example.com", "b@example.com"]),
    archived=st.booleans(),
    left_on=st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
)
ROSTERS = st.lists(EMPLOYEES, unique_by=lambda employee: employee.email)


@settings(derandomize=True, deadline=None)
@given(first=ROSTERS, second=ROSTERS, force=st.booleans())
def test_a_plan_accounts_for_everyone_once_and_settles(
    first: list[Employee], second: list[Employee], *, force: bool
) -> None:
    known = plan_roster({}, first, TODAY, force=False).employees
    result = plan_roster(known, second, TODAY, force=force)

    named = [
        *(employee.email for group in (result.added, result.archived, result.returned) for employee in group),
        *(change.after.email for change in result.changed),
    ]
    differing = {email for email, employee in result.employees.items() if known.get(email) != employee}
    assert sorted(named) == sorted(differing)
    assert known.keys() <= result.employees.keys()
    assert all(e.left_on for e in result.employees.values() if e.archived)
    assert not any(e.is_archived_on(TODAY) for e in result.employees.values() if not e.archived)
    if result.refused is None:
        assert plan_roster(result.employees, second, TODAY, force=False).is_empty
