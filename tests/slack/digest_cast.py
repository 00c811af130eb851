"""The weeks that the rendering tests of digests show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.core.digests.contents import (
    Correction,
    Driver,
    GroupRow,
    Headcount,
    LastingChange,
    ManagerDigest,
    Mover,
    NotStarted,
    OrganisationDigest,
    PersonalDigest,
    ReportRow,
    Said,
    Week,
)
from bot.core.models import MICRO, DayPoint, Freshness, Reviews, Slice, Totals
from bot.core.people import Person
from bot.core.periods import Period
from tests.slack.cast import ALICE, BOB, CAROL, ZOE, person, used

MONDAY = date(2026, 11, 16)
W47 = Period(MONDAY, MONDAY + timedelta(days=7), "2026-W47")
READ_AT = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)
WHOLE = Freshness(date(2026, 11, 22), READ_AT)
SUNDAY = MONDAY + timedelta(days=6)
REVIEWS = Reviews(41, 97, 2, 15, 80, 30, 60, 12, 9, 6, 4, 1)
GAIL = person("Gail")


def points(period: Period, *credits_a_day: int) -> tuple[DayPoint, ...]:
    """A point a day."""
    return tuple(
        DayPoint(day, used(spent) if spent else Totals())
        for day, spent in zip(period.days(), credits_a_day, strict=True)
    )


def week(**more: Any) -> Week:
    """A complete week of 1,240 credits after one of 1,107, unless told otherwise."""
    values: dict[str, Any] = {
        "period": W47,
        "totals": used(1_240),
        "before": used(1_107),
        "days": points(W47, 210, 260, 240, 300, 220, 10, 0),
        "days_before": points(W47.before(), 200, 240, 230, 220, 210, 7, 0),
        "surfaces": (Slice("CLI", used(800)), Slice("IDE", used(340)), Slice("Cloud", used(100))),
        "models": (Slice("gpt-5.5", used(1_000)), Slice("gpt-5.5 (fast)", used(240))),
        "freshness": WHOLE,
        "reviews": REVIEWS,
    }
    return Week(**{**values, **more})


def report(who: Person, spent: int, before: int | None = None, days: int = 5, **more: Any) -> ReportRow:
    """One line of a manager's digest."""
    return ReportRow(who, used(spent), None if before is None else used(before), days, **more)


BOBS_TEAM = report(BOB, 500, 340, 0, team=Headcount(9, 7, 6))
IDLE = ReportRow(CAROL, Totals(), Totals())
MANAGER = ManagerDigest(
    lead=ALICE,
    week=week(),
    headcount=Headcount(17, 14, 12),
    rows=(BOBS_TEAM, report(GAIL, 430, 240), report(BOB, 310, 527, 4), IDLE),
    remainder=None,
    movers=(
        Mover(report(GAIL, 430, 240), Driver("surface", "CLI")),
        Mover(BOBS_TEAM, None),
        Mover(report(BOB, 310, 527), Driver("model", "gpt-5.5 (fast)")),
    ),
    steady=(GAIL,),
    not_started=NotStarted(3, (CAROL,), date(2026, 8, 24)),
    is_quiet=False,
    said=Said(),
)
LEFT_OUT = replace(
    MANAGER,
    week=week(
        before=None,
        days_before=(),
        freshness=Freshness(date(2026, 11, 19), READ_AT, (SUNDAY,), (MONDAY + timedelta(days=4),), (MONDAY,)),
    ),
    headcount=Headcount(17, 14),
    rows=(report(GAIL, 430), report(ZOE, 20, days=2), replace(IDLE, before=None)),
    movers=(),
    steady=(),
    not_started=None,
)
LASTING = LastingChange(
    CAROL, date(2026, 11, 3), 80 * MICRO, 240 * MICRO + MICRO // 3, Driver("surface", "CLI")
)
CORRECTIONS = (
    Correction(MONDAY - timedelta(days=7), 200 * MICRO, 176 * MICRO),
    Correction(MONDAY - timedelta(days=3), 0, 44 * MICRO),
)
QUIET = replace(
    MANAGER,
    week=week(totals=Totals(), before=Totals(), days=points(W47, *[0] * 7), days_before=(), reviews=None),
    headcount=Headcount(9, 0, 0),
    rows=(IDLE,),
    movers=(),
    steady=(),
    is_quiet=True,
)
UNREAD = replace(QUIET, week=week(before=None, freshness=Freshness(None, None, missing=tuple(W47.days()))))
PERSONAL = PersonalDigest(person=CAROL, week=week(), active_days=5, streak=12, is_quiet=False, said=Said())
GROUPS = (
    GroupRow("Platform", 12, 9, used(700), used(500)),
    GroupRow(None, 9, None, used(300), used(320)),
    GroupRow("All other teams", 21, None, used(200), None),
)
ORGANISATION = OrganisationDigest(
    week=week(),
    headcount=Headcount(42, 30, 28),
    groups=GROUPS,
    movers=(Mover(GROUPS[0]),),
    unattributed=used(40),
    is_quiet=False,
    said=Said(),
)
