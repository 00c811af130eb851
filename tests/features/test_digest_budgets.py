"""Which budgets a digest tells, and how far it trusts their forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.answers import BudgetsAnswer
from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Cycle, Scope, Terms, Unit
from bot.core.digests.contents import DigestKind, ManagerDigest, OrganisationDigest
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.visibility import Below, Viewer, channel_sight
from bot.features.asked import Asked
from bot.features.digests.budgets import monthly_budgets
from bot.features.digests.compose import Digests
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    BITS,
    SETTINGS,
    answer,
    cast_of_everyone,
    email,
    everyone_in_slack,
    hire,
    spy_on,
    used,
)
from tests.features.rig import NOW, TODAY, ago, keep_day

CHANNEL = "C0FINANCE"
WHOLE = Terms(Scope.ORGANISATION, None, Cycle.MONTH, Unit.CREDITS, 90_000 * MICRO, (100,))
DOLLARS = replace(WHOLE, unit=Unit.USD)
WEEKLY = replace(WHOLE, cycle=Cycle.WEEK)
PLATFORM = replace(WHOLE, scope=Scope.TEAM, name="Platform", amount_micro=200 * MICRO)
PLATFORM_WEEKLY = replace(PLATFORM, cycle=Cycle.WEEK)
PLATFORM_DOLLARS = replace(PLATFORM, unit=Unit.USD)
ENG = replace(PLATFORM, scope=Scope.DEPARTMENT, name="Eng")
DATA = replace(PLATFORM, name="Data")
EACH = replace(WHOLE, scope=Scope.PERSON)
EVERY = (WHOLE, DOLLARS, WEEKLY, PLATFORM, PLATFORM_WEEKLY, PLATFORM_DOLLARS, ENG, DATA, EACH)

Company = Callable[[date, Sequence[date]], SqliteStore]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Everybody uses their bit on each of the 35 days before the one named, except where nothing was read."""

    def made(today: date, unread: Sequence[date] = ()) -> SqliteStore:
        store = SqliteStore(tmp_path / "usage.db")
        store.migrate()
        for day in (today - timedelta(days=back) for back in range(1, 36)):
            if day not in unread:
                keep_day(store, day, [used(name, day, bit) for name, bit in BITS.items()])
        hire(store, [replace(one, department="Eng") for one in cast_of_everyone()], everyone_in_slack())
        return store

    return made


def budgeted(store: SqliteStore, *terms: Terms) -> SqliteStore:
    for one in terms:
        assert store.save_budget(one, email("erin"), NOW)
    return store


def told(store: SqliteStore, name: str, now: datetime = NOW) -> tuple[Standing, ...]:
    """What the digest of the last week tells of budgets."""
    monday = now.date() - timedelta(days=now.weekday() + 7)
    week = Period(monday, monday + timedelta(days=7))
    digests = Digests(store, replace(SETTINGS, finance_channel=CHANNEL))
    if name == CHANNEL:
        digest = digests.compose(DigestKind.ORGANISATION, CHANNEL, week, now, None)
        assert isinstance(digest, OrganisationDigest)
        return digest.budgets
    digest = digests.compose(DigestKind.MANAGER, email(name), week, now, None)
    assert isinstance(digest, ManagerDigest)
    return digest.budgets


def terms_of(standings: Sequence[Standing]) -> list[Terms]:
    return [standing.budget.terms for standing in standings]


def test_each_reads_of_at_most_two_monthly_budgets_that_are_theirs_to_see(company: Company) -> None:
    """Erin, an admin, would see all of them, but leads nobody; Bob's people are a part of Platform only."""
    store = budgeted(company(TODAY, ()), *EVERY)
    assert terms_of(told(store, CHANNEL)) == [WHOLE, DOLLARS]
    assert terms_of(told(store, "alice")) == [PLATFORM, PLATFORM_DOLLARS]
    assert terms_of(told(store, "gail")) == [DATA]
    assert told(store, "bob") == ()


@pytest.mark.parametrize(("reader", "asks"), [(CHANNEL, "finn"), ("alice", "alice")])
def test_it_is_what_the_answer_says_without_what_drives_it(company: Company, reader: str, asks: str) -> None:
    store = budgeted(company(TODAY, ()), WHOLE, PLATFORM)
    (in_digest,) = told(store, reader)
    found = answer(store, asks, "budget")
    assert isinstance(found, BudgetsAnswer)
    (in_answer,) = (one for one in found.standings if one.budget == in_digest.budget)
    assert in_digest.forecast
    assert in_answer.forecast
    assert in_digest == replace(in_answer, forecast=replace(in_answer.forecast, drivers=()))


def test_a_month_with_a_day_that_was_not_read_is_a_part_and_has_no_forecast(company: Company) -> None:
    store = budgeted(company(TODAY, [ago(12)]), WHOLE)
    (standing,) = told(store, CHANNEL)
    assert standing.is_part
    assert standing.used_micro == (TODAY.day - 2) * sum(BITS.values()) * MICRO
    assert standing.forecast is None


@pytest.mark.parametrize(("day", "is_forecast"), [(4, False), (5, True)])
def test_a_forecast_is_told_from_the_fifth_day_on(company: Company, day: int, *, is_forecast: bool) -> None:
    now = datetime(2026, 11, day, 9, tzinfo=UTC)
    (standing,) = told(budgeted(company(now.date(), ()), WHOLE), CHANNEL, now)
    assert not standing.is_part
    assert standing.used_micro == (day - 1) * sum(BITS.values()) * MICRO
    assert (standing.forecast is not None) == is_forecast


def test_the_first_of_a_month_has_no_use_yet(company: Company) -> None:
    now = datetime(2026, 11, 1, 9, tzinfo=UTC)
    (standing,) = told(budgeted(company(now.date(), ()), WHOLE), CHANNEL, now)
    assert (standing.used_micro, standing.is_part, standing.forecast) == (0, False, None)


def test_without_budgets_one_read_finds_that_there_are_none(company: Company) -> None:
    store, reads = spy_on(company(TODAY, ()))
    with store.snapshot() as snapshot:
        alice = snapshot.find_person(email=email("alice"))
        assert alice
        for sight in (channel_sight(), Below(alice)):
            reads.clear()
            assert monthly_budgets(Asked(snapshot, SETTINGS, Viewer(None), NOW), sight) == ()
            assert reads == ["load_budgets"]
