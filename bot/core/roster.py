"""What a newly read roster changes: read, compare, plan; whoever calls applies it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from bot.core.people import Employee

MOST_ARCHIVED_PERCENT = 20
"""A roster that archives more of the active people at once is taken for a broken export."""

_FIELDS = tuple(field.name for field in fields(Employee))


@dataclass(frozen=True, slots=True)
class EmployeeChange:
    """Somebody who stays active, or archived, with other facts; ``fields`` names those that differ."""

    before: Employee
    after: Employee
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What to change, and ``employees``: everyone by address, archived ones included, as they are afterwards.

    Nobody is in two of the lists; all are in order of the address. ``archived`` and ``returned`` hold the
    values after the change. A refused plan changes nothing: its lists are empty and ``refused`` is a sentence
    with the numbers.
    """

    employees: Mapping[str, Employee]
    added: tuple[Employee, ...] = ()
    changed: tuple[EmployeeChange, ...] = ()
    archived: tuple[Employee, ...] = ()
    returned: tuple[Employee, ...] = ()
    refused: str | None = None

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to apply."""
        return not (self.added or self.changed or self.archived or self.returned)


def plan_roster(
    current: Mapping[str, Employee],
    new: Sequence[Employee],
    today: date,
    *,
    force: bool,
    unread: Collection[str] = (),
) -> RosterPlan:
    """The way from ``current`` (everyone who is known, by address) to the roster ``new`` (each address once).

    Who is missing from ``new`` is archived with the facts last known, unless their address is in ``unread``:
    a row that could not be read says nothing about its person. ``today`` is the day in the organisation's
    zone; the same roster must be planned again each day, because a last day of work passes without any edit.
    """
    after = _after(current, new, today, unread)
    plan = _compare(current, after)
    active = sum(not employee.archived for employee in current.values())
    refused = None if force else _refusal(len(plan.archived), active)
    return plan if refused is None else RosterPlan(employees=dict(current), refused=refused)


def _after(
    current: Mapping[str, Employee], new: Sequence[Employee], today: date, unread: Collection[str]
) -> dict[str, Employee]:
    after = {employee.email: _settle(employee, current.get(employee.email), today) for employee in new}
    for email, known in current.items():
        if email not in after:
            after[email] = _settle(known, known, today) if email in unread else _archive(known, today)
    return after


def _settle(row: Employee, known: Employee | None, today: date) -> Employee:
    """``row`` with ``archived`` decided for today, and a last day for everyone archived.

    Where the roster archives without a date, the day on which that was first read stands in for it.
    """
    if not row.is_archived_on(today):
        return row
    if row.left_on is None:
        since = known.left_on if known is not None and known.archived else None
        return replace(row, archived=True, left_on=since or today)
    return row if row.archived else replace(row, archived=True)


def _archive(known: Employee, today: date) -> Employee:
    """``known``, gone from the roster: their last day is today, or the earlier one that was announced."""
    if known.archived:
        return known
    return replace(known, archived=True, left_on=min(known.left_on or today, today))


def _compare(current: Mapping[str, Employee], after: Mapping[str, Employee]) -> RosterPlan:
    added: list[Employee] = []
    changed: list[EmployeeChange] = []
    archived: list[Employee] = []
    returned: list[Employee] = []
    for email in sorted(after):
        employee, known = after[email], current.get(email)
        if known is None:
            added.append(employee)
        elif employee.archived != known.archived:
            (archived if employee.archived else returned).append(employee)
        elif employee != known:
            changed.append(EmployeeChange(known, employee, _differing(known, employee)))
    return RosterPlan(after, tuple(added), tuple(changed), tuple(archived), tuple(returned))


def _differing(before: Employee, after: Employee) -> tuple[str, ...]:
    return tuple(name for name in _FIELDS if getattr(before, name) != getattr(after, name))


def _refusal(leaving: int, active: int) -> str | None:
    if leaving * 100 <= active * MOST_ARCHIVED_PERCENT:
        return None
    return (
        f"The roster would archive {leaving} of {active} active people at once, which is more than "
        f"{MOST_ARCHIVED_PERCENT} %, so nothing was changed. If they really left, run "
        "`codex-usage-bot sync --force-roster`."
    )
