"""Lasting changes of somebody's usage: when one begins, how long it is the same one, and which week tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.digests.times import week_of
from bot.core.metrics import ONE_DAY
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation
from bot.core.spikes.cooldown import QUIET_DAYS
from bot.core.spikes.findings import Finding, Kind


@dataclass(frozen=True, slots=True)
class Shift:
    """A level that an employee has kept up; the amounts are millionths of a credit an active day.

    ``since`` is its first day, ``found`` the one on which it was certain, ``last`` the latest on which it was.
    ``noticed`` is the UTC day of the evaluation that saw it first, whose week's digest tells it. It is not
    ``found``, which may be a Sunday that is known on Monday, after some digests have gone out. None is never told.
    """

    subject: str
    since: date
    found: date
    last: date
    usual_micro: int
    present_micro: int
    noticed: date | None

    @property
    def excess_micro(self) -> int:
        """What an active day takes beyond the usual."""
        return self.present_micro - self.usual_micro


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """Somebody's lasting change as it is now; None where it has turned out to be none."""

    subject: str
    shift: Shift | None


def follow_shifts(
    kept: Mapping[str, Shift],
    findings: Iterable[Finding],
    judged: Period,
    planned: Sequence[Expectation],
    news_since: date,
    today: date,
) -> tuple[ShiftChange, ...]:
    """Whose lasting change is another one after the judged days were judged (again).

    ``kept`` are those of everybody with a finding, and of whoever was last seen on a judged day. What was certain
    before ``news_since`` is known from now on, and never told. What was planned is no change.
    """
    seen: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.email and one.day >= judged.since and not any(_covers(plan, one) for plan in planned):
            seen[one.email].append(one)
    after = {
        subject: _follow(kept.get(subject), sorted(seen[subject], key=_day), judged, news_since, today)
        for subject in sorted(kept.keys() | seen.keys())
    }
    return tuple(ShiftChange(who, shift) for who, shift in after.items() if shift != kept.get(who))


def _covers(plan: Expectation, one: Finding) -> bool:
    daily = one.credits_micro // one.active_days, one.expected_micro // one.active_days
    return plan.subject == one.email and plan.covers(one.day, *daily)


def _follow(
    before: Shift | None, seen: Sequence[Finding], judged: Period, news_since: date, today: date
) -> Shift | None:
    standing = _before_judged(before, judged, today)
    noticed = before.noticed if before and standing is None else today  # still to be told, in the same week
    for one in seen:
        if standing is None or (one.day - standing.last).days >= QUIET_DAYS[Kind.SHIFT]:
            standing = _begin(one, noticed if one.day >= news_since else None)
        else:
            standing = replace(_begin(one, standing.noticed), since=standing.since, found=standing.found)
    return standing


def _before_judged(before: Shift | None, judged: Period, today: date) -> Shift | None:
    """What stands without the judged days. What was told stays for the rest after it, whatever is restated."""
    if before is None:
        return None
    if before.found < judged.since:
        return replace(before, last=min(before.last, judged.since - ONE_DAY))
    return replace(before, last=before.found) if _may_be_told(before, today) else None


def _may_be_told(shift: Shift, today: date) -> bool:
    return shift.noticed is None or week_of(shift.noticed).until <= today


def _begin(one: Finding, noticed: date | None) -> Shift:
    return Shift(
        subject=one.email or "",
        since=one.since or one.day,
        found=one.day,
        last=one.day,
        usual_micro=one.expected_micro // one.active_days,
        present_micro=one.credits_micro // one.active_days,
        noticed=noticed,
    )


def _day(one: Finding) -> date:
    return one.day
