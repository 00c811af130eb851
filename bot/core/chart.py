"""The reporting chart: everybody's place in it, and the reporting lines that cannot be followed.

A line that is in doubt is cut, never guessed, so that a mistake in the roster narrows what is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import assert_never

from bot.core.people import Place

NOBODY = -1
"""Where the number of a manager is expected: a top of the chart. As an index it means the last entry."""


class ChartFault(Enum):
    """Why a reporting line was cut."""

    SELF_MANAGER = "self_manager"
    UNKNOWN_MANAGER = "unknown_manager"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class ChartFinding:
    """A reporting line that was cut: ``email`` counts as having nobody above."""

    kind: ChartFault
    email: str
    manager: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everybody's place by address, numbered from 1, and the findings in order of the address."""

    places: Mapping[str, Place]
    findings: tuple[ChartFinding, ...]


def build_chart(employees: Iterable[tuple[str, str | None]]) -> Chart:
    """The chart of (address, manager's address) pairs, each address once, archived people included.

    The same pairs give the same numbers in whatever order they come. Everyone on a cycle stands at a top
    of their own; who reports to them from outside the cycle still does.
    """
    managers = dict(sorted(employees, key=itemgetter(0)))
    emails = list(managers)
    lines, findings = _lines(managers)
    for member in _members_of_cycles(lines):
        findings.append(ChartFinding(ChartFault.CYCLE, emails[member], managers[emails[member]] or ""))
        lines[member] = NOBODY
    places = dict(zip(emails, _places(lines), strict=True))
    return Chart(places, tuple(sorted(findings, key=lambda finding: finding.email)))


def explain(finding: ChartFinding) -> str:
    """The finding as one sentence for whoever keeps the roster."""
    match finding.kind:
        case ChartFault.SELF_MANAGER:
            why = "is entered as their own manager"
        case ChartFault.UNKNOWN_MANAGER:
            why = f"reports to {finding.manager}, who is not in the roster"
        case ChartFault.CYCLE:
            why = f"reports to {finding.manager}, who reports back to them (a cycle)"
        case _:
            assert_never(finding.kind)
    return f"{finding.email} {why}; until that is mended nobody above sees them."


def _lines(managers: Mapping[str, str | None]) -> tuple[list[int], list[ChartFinding]]:
    """The manager's number for everyone, in the order of ``managers``, and the lines that lead to nobody."""
    number_of = {email: number for number, email in enumerate(managers)}
    lines: list[int] = []
    findings: list[ChartFinding] = []
    for email, manager in managers.items():
        line = NOBODY if manager is None or manager == email else number_of.get(manager, NOBODY)
        lines.append(line)
        if line == NOBODY and manager is not None:
            kind = ChartFault.SELF_MANAGER if manager == email else ChartFault.UNKNOWN_MANAGER
            findings.append(ChartFinding(kind, email, manager))
    return lines, findings


def _members_of_cycles(lines: Sequence[int]) -> list[int]:
    """All members of all cycles: none of them is more in the wrong than the others.

    Walks up from everyone, each line once; a walk that meets itself has found a cycle.
    """
    walk_of = [NOBODY] * len(lines)
    members: list[int] = []
    for start in range(len(lines)):
        at = start
        while at != NOBODY and walk_of[at] == NOBODY:
            walk_of[at] = start
            at = lines[at]
        if at != NOBODY and walk_of[at] == start:
            members += _cycle_through(at, lines)
    return members


def _cycle_through(member: int, lines: Sequence[int]) -> list[int]:
    members = [member]
    while (above := lines[members[-1]]) != member:
        members.append(above)
    return members


def _places(lines: Sequence[int]) -> list[Place]:
    """Numbers everyone depth first, siblings in their order."""
    order = _depth_first(lines)
    first = [0] * len(lines)
    depths = [0] * len(lines) + [-1]  # the last entry stands for NOBODY
    for number, person in enumerate(order, start=1):
        first[person] = number
        depths[person] = depths[lines[person]] + 1
    sizes = _subtree_sizes(lines, order)
    return [Place(n, n + size - 1, depth) for n, size, depth in zip(first, sizes, depths, strict=False)]


def _depth_first(lines: Sequence[int]) -> list[int]:
    """Everyone after their manager, siblings in their order; without recursion, a chain can be very long."""
    report = [NOBODY] * (len(lines) + 1)
    sibling = [NOBODY] * len(lines)
    for person in range(len(lines) - 1, -1, -1):
        sibling[person] = report[lines[person]]
        report[lines[person]] = person
    order: list[int] = []
    waiting = [report[NOBODY]]
    while waiting:
        person = waiting.pop()
        while person != NOBODY:
            order.append(person)
            waiting.append(sibling[person])
            person = report[person]
    return order


def _subtree_sizes(lines: Sequence[int], order: Sequence[int]) -> list[int]:
    """How many people each subtree has, its top included."""
    sizes = [1] * len(lines) + [0]
    for person in reversed(order):
        sizes[lines[person]] += sizes[person]
    return sizes[:-1]
