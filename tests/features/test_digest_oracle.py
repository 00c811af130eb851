"""Whatever the chart: nobody reads of somebody in a digest whom a second, naive opinion would not let them see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.budgets.terms import Cycle, Scope, Terms, Unit
from bot.core.digests.choice import DigestChoice
from bot.core.digests.contents import (
    Digest,
    DigestKind,
    ManagerDigest,
    NothingToSend,
    OrganisationDigest,
    PersonalDigest,
)
from bot.core.models import MICRO, Totals
from bot.core.periods import Period
from bot.core.spikes.shifts import Shift, ShiftChange
from bot.features.digests.compose import Digests
from bot.slack.digests import render_digest
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, email, employee, fill, hire, names_in, whose
from tests.features.rig import NOW, slack
from tests.features.test_ask_oracle import NAMES, Managers, charts, groups, is_above, manager_of

WEEK = Period(date(2026, 11, 9), date(2026, 11, 16), "2026-W46")
DAY = WEEK.since
CHANNEL = "C0FINANCE"
COLOURS = ("Red", "Blue")
teams = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(COLOURS))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """Everybody used their own amount on one day of the week, and nothing on any other."""
    made = SqliteStore(tmp_path_factory.mktemp("oracle") / "usage.db")
    made.migrate()
    fill(made, [DAY])
    fill(made, [*WEEK.before().days(), *list(WEEK.days())[1:]], {})
    for team in (None, *COLOURS):
        scope = Scope.TEAM if team else Scope.ORGANISATION
        assert made.save_budget(
            Terms(scope, team, Cycle.MONTH, Unit.CREDITS, MICRO, (100,)), email("erin"), NOW
        )
    yield made
    made.close()


def named_in(digest: Digest) -> set[str]:
    """Everybody whose name, address or Slack id is anywhere in what would be sent."""
    sent = json.dumps(render_digest(digest).as_dict(), ensure_ascii=False)
    told = digest.said.as_text()
    return {
        name
        for name in NAMES
        if re.search(rf"\b({name.title()}|{email(name)}|U{name.upper()})\b", f"{sent} {told}")
    }


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(managers=charts, left=groups, team_of=teams)
def test_no_digest_tells_of_anybody_out_of_sight(
    store: SqliteStore, managers: Managers, left: frozenset[str], team_of: Mapping[str, str]
) -> None:
    staff = [
        employee(
            name,
            managers.get(name),
            archived=name in left,
            left_on=WEEK.until if name in left else None,
            team=team_of.get(name),
        )
        for name in NAMES
    ]
    hire(store, staff, [slack(name) for name in NAMES])
    digests = Digests(store, replace(SETTINGS, finance_channel=CHANNEL))
    for name in NAMES:
        check_manager(digests, name, managers, left)
        check_budgets(digests, name, managers, team_of)
        check_person(store, digests, name, left)
    check_channel(digests)
    keep_shifts(store, [Shift(email(name), DAY, DAY, DAY, 0, 100 * MICRO, DAY) for name in NAMES])
    for name in NAMES:
        check_lasting(digests, name, managers, left)
    check_channel(digests)
    keep_shifts(store, [])


def check_manager(digests: Digests, name: str, managers: Managers, left: frozenset[str]) -> None:
    """Direct reports and nobody else by name, and everyone below in the sums, each in their own branch."""
    below = {other for other in NAMES if is_above(name, other, managers)}
    digest = digests.compose(DigestKind.MANAGER, email(name), WEEK, NOW, None)
    if name in left or below <= left:
        assert isinstance(digest, NothingToSend)
        return
    assert isinstance(digest, ManagerDigest)
    reports = {other for other in below if manager_of(other, managers) == name}
    assert set(names_in(digest)) - {name} <= reports
    assert named_in(digest) <= reports
    assert whose(digest.week.totals) == below
    assert digest.headcount.people == len(below - left)
    assert sum((row.totals for row in digest.rows), Totals()) == digest.week.totals
    for row in digest.rows:
        report = row.person.name.lower()
        deeper = {other for other in NAMES if is_above(report, other, managers)}
        assert whose(row.totals) == (deeper if row.team else {report})


def check_budgets(digests: Digests, name: str, managers: Managers, team_of: Mapping[str, str]) -> None:
    """Those of teams, leavers included, in which nobody is but the manager and whoever is below."""
    digest = digests.compose(DigestKind.MANAGER, email(name), WEEK, NOW, None)
    if isinstance(digest, ManagerDigest):
        seen = {other for other in NAMES if other == name or is_above(name, other, managers)}
        members = {team: {other for other in team_of if team_of[other] == team} for team in COLOURS}
        own = {team for team, people in members.items() if people and people <= seen}
        assert {standing.budget.name for standing in digest.budgets} == own


def check_lasting(digests: Digests, name: str, managers: Managers, left: frozenset[str]) -> None:
    """Everybody has a lasting change: a manager is told of all those below, a person of themself alone."""
    below = {other for other in NAMES if is_above(name, other, managers)} - left
    of_team = digests.compose(DigestKind.MANAGER, email(name), WEEK, NOW, None)
    if isinstance(of_team, ManagerDigest):
        told = {change.person.name.lower() for change in of_team.lasting}
        assert told <= below
        assert len(told) + of_team.more_lasting == len(below)
    own = digests.compose(DigestKind.PERSONAL, email(name), WEEK, NOW, None)
    if isinstance(own, PersonalDigest):
        assert own.lasting
        assert own.lasting.person.name.lower() == name
        assert named_in(own) <= {name}


def keep_shifts(store: SqliteStore, shifts: list[Shift]) -> None:
    """These and no others."""
    none = [ShiftChange(email(name), None) for name in NAMES]
    with store.changing_incidents() as ledger:
        ledger.save_shifts([*none, *(ShiftChange(one.subject, one) for one in shifts)])


def check_person(store: SqliteStore, digests: Digests, name: str, left: frozenset[str]) -> None:
    with store.snapshot() as seen:
        person = seen.find_person(email=email(name))
    assert person
    store.save_digest_choice(person, DigestChoice(wants_personal=True), NOW)
    digest = digests.compose(DigestKind.PERSONAL, email(name), WEEK, NOW, None)
    if name in left:
        assert isinstance(digest, NothingToSend)
        return
    assert isinstance(digest, PersonalDigest)
    assert set(names_in(digest)) == whose(digest.week.totals) == {name}
    assert named_in(digest) <= {name}


def check_channel(digests: Digests) -> None:
    digest = digests.compose(DigestKind.ORGANISATION, CHANNEL, WEEK, NOW, None)
    assert isinstance(digest, OrganisationDigest)
    assert names_in(digest) == []
    assert [standing.budget.scope for standing in digest.budgets] == [Scope.ORGANISATION]
    assert named_in(digest) == set()
    people = [group.people for group in digest.groups]
    assert len(people) <= 1 or min(people) >= 5
    assert all(len(whose(group.totals)) >= 5 for group in digest.groups if len(people) > 1)
