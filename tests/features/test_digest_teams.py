"""The organisation's digest of any teams: complete, and nothing in it is the figure of a few people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.digests.contents import DigestKind, OrganisationDigest
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.visibility import OTHER_GROUPS
from bot.features.digests.compose import Digests
from bot.slack.digests import render_digest
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, employee, hire, used
from tests.features.rig import NOW, keep_day

WEEK = Period(date(2026, 11, 9), date(2026, 11, 16), "2026-W46")
CHANNEL = "C0FINANCE"
TEAMS = ("Red", "Blue", "Green", None)
PEOPLE = 9

Sizes = Mapping[str | None, tuple[int, int]]
"""How many people a team has, and how many of them used something."""

sizes = st.tuples(st.integers(0, PEOPLE), st.integers(0, PEOPLE)).map(lambda drawn: (max(drawn), min(drawn)))
companies = st.fixed_dictionaries(dict.fromkeys(TEAMS, sizes))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path_factory.mktemp("teams") / "usage.db")
    made.migrate()
    for day in (*WEEK.before().days(), *WEEK.days()):
        keep_day(made, day, [used(name_of(team, n), day, 0) for team in TEAMS for n in range(PEOPLE)])
    yield made
    made.close()


def name_of(team: str | None, number: int) -> str:
    return f"{team or 'none'}{number}".lower()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies)
def test_no_figure_is_that_of_a_few_people(folder: SqliteStore, company: Sizes) -> None:
    staff = [
        employee(name_of(team, number), team=team)
        for team, (size, _) in company.items()
        for number in range(size)
    ]
    spent = [
        used(name_of(team, n), WEEK.since, 10) for team, (_, active) in company.items() for n in range(active)
    ]
    keep_day(folder, WEEK.since, spent)
    hire(folder, staff, [])
    digests = Digests(folder, replace(SETTINGS, finance_channel=CHANNEL))
    digest = digests.compose(DigestKind.ORGANISATION, CHANNEL, WEEK, NOW, None)
    assert isinstance(digest, OrganisationDigest)
    assert render_digest(digest).text
    check_groups(digest, company)
    check_active(digest, company)


def check_groups(digest: OrganisationDigest, company: Sizes) -> None:
    """They are everyone, and each has five people, or is everyone."""
    groups = digest.groups
    assert sum(group.people for group in groups) == sum(size for size, _ in company.values())
    assert sum((group.totals for group in groups), digest.unattributed) == digest.week.totals
    assert len(groups) <= 1 or all(group.people >= 5 for group in groups)
    for group in groups:
        if group.label != OTHER_GROUPS:
            size, active = company[group.label]
            assert (group.people, group.totals.credits_micro) == (size, 10 * active * MICRO)


def check_active(digest: OrganisationDigest, company: Sizes) -> None:
    """What is told is true; the difference to the whole is nobody, or three, or all there is to know."""
    assert digest.headcount.active == sum(active for _, active in company.values())
    told = [group for group in digest.groups if group.active is not None]
    assert all(group.active == company[group.label][1] for group in told)
    assert not any(group.active in {1, 2} for group in told)
    rest = digest.headcount.active - sum(group.active or 0 for group in told)
    assert rest == 0 or rest >= 3 or not told
