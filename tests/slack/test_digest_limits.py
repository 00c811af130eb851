"""Whatever a digest holds, Slack takes it: huge and hostile names, and more rows than fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest

from bot.core.answers import Remainder
from bot.core.budgets.forecast import Forecast
from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Budget, Cycle, Pace, Scope, Unit
from bot.core.digests.contents import (
    Correction,
    Digest,
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
from bot.core.digests.rules import MOST_LASTING
from bot.core.models import MICRO, Freshness, Slice, Totals
from bot.core.people import Person
from bot.demo.slack.block_rules import problems
from bot.features.digests.budgets import MOST_BUDGETS
from bot.slack.digests import render_digest
from bot.slack.fallback import without_native_blocks
from bot.slack.messages import TEXT_LIMIT
from bot.slack.terminal import as_text
from tests.slack.cast import person, used
from tests.slack.digest_cast import MONDAY, READ_AT, REVIEWS, W47, points, week
from tests.slack.test_limits import NAMES, PAID

RAGGED = tuple(W47.days())[::2]
FRESH = Freshness(MONDAY, READ_AT)
WEEKS = {
    "nothing": (Totals(), FRESH),
    "least": (used(3, credits_micro=1), FRESH),
    "most": (PAID, Freshness(MONDAY, READ_AT, RAGGED, RAGGED[1:], RAGGED)),
    "unread": (PAID, Freshness(None, None, missing=tuple(W47.days()))),
}


def digests(name: str, spent: Totals, freshness: Freshness) -> Iterator[Digest]:
    """One of every kind, as large as the features make it and larger."""
    who = replace(person("x"), name=name)
    slices = tuple(Slice(f"{name[:90]} {n}", spent) for n in range(20))
    full = replace(
        week(surfaces=slices, models=slices, freshness=freshness, reviews=REVIEWS),
        totals=spent,
        before=used(1),
        corrections=tuple(Correction(day, MICRO, spent.credits_micro) for day in W47.days()),
        credit_price_usd=Decimal("0.012345678901234567890123456789"),
    )
    headcount = Headcount(10**6, 10**5, 10**5)
    yield from manager_digests(who, ReportRow(who, spent, used(1), 7), full, headcount)
    lasting = LastingChange(who, MONDAY, 1, spent.credits_micro, Driver("surface", name))
    yield PersonalDigest(who, full, 7, 400, is_quiet=False, said=Said(), lasting=lasting)
    groups = tuple(
        GroupRow(name or None, 10**6, 10**5 if n % 2 else None, spent, used(1)) for n in range(130)
    )
    movers = tuple(Mover(group, Driver("surface", name)) for group in groups[:6])
    budgets = budgets_of(None, Scope.ORGANISATION)
    for is_quiet in (False, True):
        yield OrganisationDigest(full, headcount, groups, movers, spent, is_quiet, Said(), budgets)


def manager_digests(who: Person, row: ReportRow, full: Week, headcount: Headcount) -> Iterator[Digest]:
    rows = tuple(row if n % 2 else replace(row, team=headcount) for n in range(130))
    movers = tuple(Mover(one, Driver("model", who.name)) for one in rows[:6])
    idle = NotStarted(10**6, (who, who, who), MONDAY)
    people = (who,) * 200
    rest = Remainder(10**6, row.totals)
    budgets = budgets_of(who.name, Scope.COST_CENTER)
    change = LastingChange(who, MONDAY, 10**18, 10**18, Driver("model", who.name))
    lasting = ((change,) * MOST_LASTING, 10**6)
    for is_quiet in (False, True):
        yield ManagerDigest(
            who, full, headcount, rows, rest, movers, people, idle, is_quiet, Said(), budgets, *lasting
        )
    yield ManagerDigest(who, full, Headcount(0, 0), (), None, (), (), None, is_quiet=False, said=Said())


def budgets_of(name: str | None, scope: Scope) -> tuple[Standing, ...]:
    """As many as are told, as long as they get."""
    budget = Budget(1, scope, name, Cycle.MONTH, Unit.CREDITS, MICRO, (100,), 1, MONDAY)
    forecast = Forecast(budget, W47, 10**18, 10**18, 10**18, 1, None)
    pace = Pace(Fraction(10**12), Fraction(1))
    return (Standing(budget, W47, 10**18, is_part=True, pace=pace, forecast=forecast),) * MOST_BUDGETS


def test_every_kind_of_digest_is_among_those_tried() -> None:
    assert {type(digest) for digest in digests("Bob", used(1), FRESH)} == set(get_args(Digest))


@pytest.mark.parametrize("of_week", WEEKS)
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_slack_takes_every_digest(name: str, of_week: str) -> None:
    """At most one table and two charts, in the native spelling and in the one without them."""
    for digest in digests(name, *WEEKS[of_week]):
        message = render_digest(digest)
        kinds = [block["type"] for block in message.blocks]
        assert problems(message.blocks, "message") == [], digest
        assert kinds.count("data_table") <= 1
        assert kinds.count("data_visualization") <= 2
        plain = without_native_blocks(message)
        assert problems(plain.blocks, "message", native_blocks=False) == [], digest
        assert 0 < len(message.text) <= TEXT_LIMIT
        assert as_text(message)


@pytest.mark.parametrize("count", [1, 99, 100, 101, 130])
def test_a_managers_table_adds_up(count: int) -> None:
    rows = tuple(ReportRow(replace(person("x"), name="n" * 60), used(n + 1), None, 1) for n in range(count))
    shown = week(totals=sum((row.totals for row in rows), Totals()), before=None, days=points(W47, *[1] * 7))
    digest = ManagerDigest(
        person("Alice"), shown, Headcount(count, count), rows, None, (), (), None, is_quiet=False, said=Said()
    )
    message = render_digest(digest)
    (table,) = (block for block in message.blocks if block["type"] == "data_table")
    assert sum(row[1]["value"] for row in table["rows"][1:]) == shown.totals.credits_micro / MICRO
    assert len(table["rows"]) <= 101
