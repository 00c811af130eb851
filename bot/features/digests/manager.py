"""What a manager reads of their week: direct reports by name, everybody deeper in sums without names.

Only a lasting change is told by name at every depth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.answers import Remainder
from bot.core.digests.contents import (
    Headcount,
    ManagerDigest,
    Mover,
    NothingToSend,
    NotStarted,
    ReportRow,
    Said,
)
from bot.core.digests.rules import is_quiet, is_steady, pick_movers
from bot.core.models import Totals
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.plans.bursts import Plan
from bot.core.usage_sums import Branch
from bot.core.visibility import Below, OnePerson, branches_of
from bot.features.asked import Asked
from bot.features.digests.budgets import monthly_budgets
from bot.features.digests.drivers import drivers_of
from bot.features.digests.lasting import lasting_changes
from bot.features.digests.week import Telling, begin_telling, build_week, said_of

LISTED_ROWS = 100
NAMED_IDLE = 3
_NOTHING = Branch({}, 0, 0)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row and what it was made of; ``earlier`` is empty where the week before was not read."""

    sight: OnePerson | Below
    row: ReportRow
    now: Branch
    earlier: Branch

    @property
    def totals(self) -> Totals:
        return self.row.totals

    @property
    def before(self) -> Totals | None:
        return self.row.before


def compose_manager(
    asked: Asked, sight: Below, period: Period, earlier: Said | None
) -> ManagerDigest | NothingToSend:
    """The week of everyone below the lead."""
    if not asked.snapshot.count_people(sight):
        return NothingToSend("nobody reports to them any more")
    telling = begin_telling(asked, period, earlier)
    mark = asked.snapshot.mark_people(sight)
    lines = _lines(telling, sight)
    now = _added_up([line.now for line in lines])
    before = _added_up([line.earlier for line in lines])
    week = build_week(telling, now.days, before.days if telling.before else None, mark)
    shown = sorted((line for line in lines if _is_shown(line)), key=_order)
    lasting, more_lasting = lasting_changes(asked, sight, period)
    return ManagerDigest(
        lead=sight.lead,
        week=week,
        headcount=Headcount(now.people, now.active, before.active if telling.is_compared else None),
        rows=tuple(line.row for line in shown[:LISTED_ROWS]),
        remainder=_remainder(line.row for line in shown[LISTED_ROWS:]),
        movers=_movers(telling, shown),
        steady=_steady(shown, period),
        not_started=_not_started(asked, sight),
        is_quiet=is_quiet(week.totals, week.before) and not week.corrections,
        said=said_of(week, mark),
        budgets=monthly_budgets(asked, sight),
        lasting=lasting,
        more_lasting=more_lasting,
        plans=_plans(asked, sight, shown),
    )


def _lines(telling: Telling, sight: Below) -> list[_Line]:
    """Every direct report alone, and everyone below each: together they are everyone in sight."""
    snapshot = telling.asked.snapshot
    branches = branches_of(sight, snapshot.load_reports(sight))
    sights = [part for branch in branches for part in branch if not _is_empty(part)]
    now = snapshot.load_branches(sights, telling.period)
    before = snapshot.load_branches(sights, telling.before) if telling.before else [_NOTHING] * len(now)
    return [
        _Line(part, _row(part, sums, earlier if telling.is_compared else None), sums, earlier)
        for part, sums, earlier in zip(sights, now, before, strict=True)
    ]


def _is_empty(sight: OnePerson | Below) -> bool:
    return isinstance(sight, Below) and sight.lead.place.last == sight.lead.place.first


def _row(sight: OnePerson | Below, now: Branch, before: Branch | None) -> ReportRow:
    earlier = before.totals if before else None
    if isinstance(sight, OnePerson):
        active_days = sum(totals.is_active for totals in now.days.values())
        return ReportRow(sight.person, now.totals, earlier, active_days)
    headcount = Headcount(now.people, now.active, before.active if before else None)
    return ReportRow(sight.lead, now.totals, earlier, team=headcount)


def _added_up(parts: Sequence[Branch]) -> Branch:
    days: defaultdict[date, Totals] = defaultdict(Totals)
    for part in parts:
        for day, totals in part.days.items():
            days[day] += totals
    return Branch(days, sum(part.people for part in parts), sum(part.active for part in parts))


def _is_shown(line: _Line) -> bool:
    """Whoever is employed; who left only with usage."""
    return line.now.people > 0 or line.row.totals.is_active


def _order(line: _Line) -> tuple[int, str, str, bool]:
    row = line.row
    return (-row.totals.credits_micro, row.person.name.lower(), row.person.email, row.team is not None)


def _remainder(rows: Iterable[ReportRow]) -> Remainder | None:
    left = list(rows)
    totals = sum((row.totals for row in left), Totals())
    return Remainder(sum(row.people for row in left), totals) if left else None


def _movers(telling: Telling, lines: Sequence[_Line]) -> tuple[Mover, ...]:
    """That somebody who left uses less is no news."""
    staying = [line for line in lines if line.row.team or not line.row.person.archived]
    picked = pick_movers(staying)
    if not picked or telling.before is None:
        return ()
    snapshot, sights = telling.asked.snapshot, [line.sight for line in picked]
    now, before = (snapshot.load_splits(sights, period) for period in (telling.period, telling.before))
    drivers = drivers_of(now, before)
    return tuple(Mover(line.row, driver) for line, driver in zip(picked, drivers, strict=True))


def _steady(lines: Sequence[_Line], period: Period) -> tuple[Person, ...]:
    alone = [line for line in lines if line.row.team is None and not line.row.person.archived]
    steady = [line.row.person for line in alone if is_steady(_active_days(line.now), period)]
    return tuple(sorted(steady, key=lambda person: (person.name.lower(), person.email)))


def _active_days(part: Branch) -> list[date]:
    return [day for day, totals in part.days.items() if totals.is_active]


def _not_started(asked: Asked, sight: Below) -> NotStarted | None:
    since = asked.snapshot.load_first_day()
    idle = asked.snapshot.load_never_active(sight, NAMED_IDLE)
    return NotStarted(idle.people, idle.reports, since) if since and idle.people else None


def _plans(asked: Asked, sight: Below, lines: Sequence[_Line]) -> tuple[Plan, ...]:
    """Those of direct reports: nobody deeper is named in a digest."""
    direct = {line.row.person.id for line in lines if line.row.team is None}
    today = Period(asked.today, asked.today + timedelta(days=1))
    return tuple(plan for plan in asked.snapshot.load_plans(sight, today) if plan.person.id in direct)
