"""The people and figures that the rendering tests show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bot.core.answers import Figures, TeamRow
from bot.core.models import MICRO, CodeTotals, DayPoint, Freshness, Slice, Totals
from bot.core.people import Person, Place
from bot.core.periods import Period

LAST_28_DAYS = Period(date(2026, 10, 25), date(2026, 11, 22), "28d")
THIS_WEEK = Period(date(2026, 11, 16), date(2026, 11, 23), "week")
FRESH = Freshness(date(2026, 11, 21), datetime(2026, 11, 22, 9, 12, tzinfo=UTC))


def person(name: str, **more: Any) -> Person:
    """Somebody by name."""
    return Person(id=1, email=f"{name.lower()}@example.com", name=name, place=Place(1, 1, 0), **more)


ALICE, BOB, CAROL = person("Alice"), person("Bob"), person("Carol")
ZOE = person("Zoe", archived=True, left_on=date(2026, 11, 3))


def used(spent: int, **more: Any) -> Totals:
    """Totals of some credits, everything else in proportion and all tokens known."""
    values = {
        "rows": 20,
        "threads": spent // 20,
        "turns": spent // 4,
        "credits_micro": spent * MICRO,
        "uncached_input_tokens": spent * 1_100,
        "cached_input_tokens": spent * 4_100,
        "output_tokens": spent * 300,
        "total_tokens": spent * 5_500,
        "token_rows": 20,
    }
    return Totals(**{**values, **more})


def figures(**more: Any) -> Figures:
    """28 quiet days of 1,000 credits, unless told otherwise."""
    period: Period = more.get("period", LAST_28_DAYS)
    values = {
        "period": period,
        "totals": used(1_000),
        "before": used(800),
        "days": tuple(DayPoint(day, used(10 * (n % 7))) for n, day in enumerate(period.days())),
        "surfaces": (Slice("CLI", used(700)), Slice("IDE", used(300))),
        "models": (Slice("gpt-5-codex", used(1_000, threads=0, turns=0)),),
        "code": CodeTotals(),
        "freshness": FRESH,
    }
    return Figures(**{**values, **more})


def row(who: Person, spent: int, before: int | None = None) -> TeamRow:
    """One line of a team."""
    return TeamRow(who, used(spent), None if before is None else used(before), spent)
