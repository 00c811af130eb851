"""What digests hold: worked out by hand for the cast, at the moment of sending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.digests.choice import DigestChoice
from bot.core.digests.contents import (
    Correction,
    Digest,
    DigestKind,
    Driver,
    ManagerDigest,
    Mover,
    NothingToSend,
    OrganisationDigest,
    PersonalDigest,
    Said,
)
from bot.core.models import MICRO, Totals
from bot.core.people import Person
from bot.core.periods import Period
from bot.features.digests.compose import Digests
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    BITS,
    SETTINGS,
    cast_of_everyone,
    email,
    employee,
    everyone_in_slack,
    fill,
    hire,
    names_in,
    noon,
    used,
    whose,
)
from tests.features.rig import NOW, keep_day, slack
from tests.store.empty import empty_store

WEEK = Period(date(2026, 11, 9), date(2026, 11, 16), "2026-W46")
BEFORE = WEEK.before()
FIRST = BEFORE.since - timedelta(days=7)
CHANNEL = "C0FINANCE"
MANAGER, PERSONAL, ORGANISATION = DigestKind


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A company of everyone, of whom the accounts are known and no use yet."""
    made = empty_store(tmp_path / "usage.db")
    keep_day(made, FIRST, [used(name, FIRST, 0) for name in BITS])
    hire(made, cast_of_everyone(), everyone_in_slack())
    yield made
    made.close()


@pytest.fixture
def busy(store: SqliteStore) -> SqliteStore:
    """Two equal weeks, everybody with an amount of their own."""
    fill(store, [*BEFORE.days(), *WEEK.days()])
    return store


def compose(
    store: SqliteStore,
    name: str,
    kind: DigestKind = MANAGER,
    earlier: Said | None = None,
    channel: str | None = CHANNEL,
) -> Digest | NothingToSend:
    digests = Digests(store, replace(SETTINGS, finance_channel=channel))
    return digests.compose(kind, email(name) if name.islower() else name, WEEK, NOW, earlier)


def of_manager(store: SqliteStore, name: str, earlier: Said | None = None) -> ManagerDigest:
    digest = compose(store, name, earlier=earlier)
    assert isinstance(digest, ManagerDigest)
    return digest


def of_company(store: SqliteStore) -> OrganisationDigest:
    digest = compose(store, CHANNEL, ORGANISATION)
    assert isinstance(digest, OrganisationDigest)
    return digest


def one(store: SqliteStore, name: str) -> Person:
    with store.snapshot() as seen:
        person = seen.find_person(email=email(name))
    assert person
    return person


def choose(store: SqliteStore, name: str, choice: DigestChoice) -> None:
    store.save_digest_choice(one(store, name), choice, NOW)


def spend(store: SqliteStore, period: Period, credits_of: Mapping[str, float], days: int = 5) -> None:
    """So many credits a day for each of them, on the first days of the period; every day is read."""
    for at, day in enumerate(period.days()):
        rows = [used(name, day, spent) for name, spent in credits_of.items() if at < days]
        keep_day(store, day, rows)


def rows_of(digest: ManagerDigest) -> list[tuple[str, bool, int]]:
    """Whom each row names, whether it is their team, and its credits."""
    rows = digest.rows
    return [(r.person.name, r.team is not None, r.totals.credits_micro // MICRO) for r in rows]


def test_reports_are_named_and_whoever_is_deeper_is_a_sum(busy: SqliteStore) -> None:
    """Of Zoe, who left, there are two days."""
    digest = of_manager(busy, "alice")
    assert rows_of(digest) == [
        ("Finn", False, 7 * BITS["finn"]),
        ("Bob", True, 7 * BITS["carol"] + 2 * BITS["zoe"]),
        ("Bob", False, 7 * BITS["bob"]),
    ]
    assert set(names_in(digest)) == {"alice", "bob", "finn"}
    assert sum((row.totals for row in digest.rows), Totals()) == digest.week.totals
    assert digest.remainder is None
    assert (digest.headcount.people, digest.headcount.active, digest.headcount.before) == (3, 3, 3)


def test_a_team_has_its_own_headcount(busy: SqliteStore) -> None:
    (team,) = [row.team for row in of_manager(busy, "alice").rows if row.team]
    assert (team.people, team.active, team.before) == (1, 1, 1)


def test_who_left_is_told_while_they_have_usage(busy: SqliteStore) -> None:
    assert rows_of(of_manager(busy, "bob")) == [
        ("Carol", False, 7 * BITS["carol"]),
        ("Zoe", False, 2 * BITS["zoe"]),
    ]
    spend(busy, WEEK, {"carol": 3})
    assert rows_of(of_manager(busy, "bob")) == [("Carol", False, 15)]


def test_an_admin_gets_no_more_than_any_manager(busy: SqliteStore) -> None:
    hire(busy, [*cast_of_everyone(), employee("una", "erin")], [*everyone_in_slack(), slack("una")])
    assert set(names_in(of_manager(busy, "erin"))) == {"erin", "una"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ghost", "is not in the roster any more"),
        ("zoe", "has left"),
        ("carol", "nobody reports to them any more"),
    ],
)
def test_there_is_nothing_to_send_to_who_left_or_leads_nobody(
    busy: SqliteStore, name: str, reason: str
) -> None:
    assert compose(busy, name) == NothingToSend(reason)


def test_there_is_nothing_to_send_without_a_slack_account(busy: SqliteStore) -> None:
    hire(busy, cast_of_everyone(), [slack("bob")])
    assert compose(busy, "alice") == NothingToSend("has no Slack account")


def test_there_is_nothing_to_send_to_who_paused(busy: SqliteStore) -> None:
    choose(busy, "alice", DigestChoice(is_paused=True, wants_personal=True))
    for kind in (MANAGER, PERSONAL):
        assert compose(busy, "alice", kind) == NothingToSend("has paused digests")


def test_a_personal_digest_is_for_who_asked_for_it(busy: SqliteStore) -> None:
    reason = "did not ask for a digest of their own usage"
    assert compose(busy, "carol", PERSONAL) == NothingToSend(reason)
    choose(busy, "carol", DigestChoice(wants_personal=True))
    digest = compose(busy, "carol", PERSONAL)
    assert isinstance(digest, PersonalDigest)
    assert set(names_in(digest)) == whose(digest.week.totals, 7) == {"carol"}
    assert (digest.active_days, digest.streak, digest.is_quiet) == (7, 10, False)
    assert dict(digest.said.days) == dict.fromkeys(WEEK.days(), BITS["carol"] * MICRO)


@pytest.mark.parametrize(
    ("channel", "reason"),
    [(None, "FINANCE_CHANNEL is not set"), ("C0OTHER", "FINANCE_CHANNEL is another channel now")],
)
def test_only_the_finance_channel_hears_of_the_organisation(
    busy: SqliteStore, channel: str | None, reason: str
) -> None:
    assert compose(busy, CHANNEL, ORGANISATION, channel=channel) == NothingToSend(reason)


def test_whoever_was_promoted_gets_the_bigger_team(busy: SqliteStore) -> None:
    moved = employee("finn", "bob")
    staff = [moved if person.name == "Finn" else person for person in cast_of_everyone()]
    hire(busy, staff, everyone_in_slack())
    assert set(names_in(of_manager(busy, "bob").rows)) == {"carol", "finn", "zoe"}


def test_the_week_is_compared_where_both_weeks_are_complete(busy: SqliteStore) -> None:
    week = of_manager(busy, "bob").week
    assert week.before is not None
    assert week.before.credits_micro == 7 * (BITS["carol"] + BITS["zoe"]) * MICRO
    assert [point.day for point in week.days_before] == list(BEFORE.days())
    keep_day(busy, BEFORE.since, [used("carol", BEFORE.since, 1)], read_at=noon(BEFORE.since))
    week = of_manager(busy, "bob").week
    assert (week.before, week.days_before) == (None, ())


def test_nothing_is_compared_with_a_week_that_was_not_read(store: SqliteStore) -> None:
    fill(store, list(WEEK.days()))
    digest = of_manager(store, "alice")
    assert digest.week.before is None
    assert digest.headcount.before is None
    assert all(row.before is None for row in digest.rows)
    assert digest.movers == ()


def test_a_missing_day_is_told_and_nothing_is_compared(store: SqliteStore) -> None:
    days = list(WEEK.days())
    fill(store, [*BEFORE.days(), *days[:2], *days[3:]])
    digest = of_manager(store, "alice")
    assert digest.week.freshness.missing == (days[2],)
    assert digest.week.before is None
    assert [day for day, _ in digest.said.days] == [*days[:2], *days[3:]]


def test_movers_come_with_their_driver(store: SqliteStore) -> None:
    spend(store, BEFORE, {"bob": 10, "carol": 30, "finn": 10})
    spend(store, WEEK, {"bob": 40, "carol": 10, "finn": 11})
    movers = of_manager(store, "alice").movers
    assert [(m.who.person.name, bool(m.who.team), m.driver) for m in movers] == [  # type: ignore[union-attr] # rows of people
        ("Bob", False, Driver("surface", "CLI")),
        ("Bob", True, Driver("surface", "CLI")),
    ]


def test_who_left_is_no_mover(store: SqliteStore) -> None:
    spend(store, BEFORE, {"carol": 10, "zoe": 100})
    spend(store, WEEK, {"carol": 10, "zoe": 100}, days=1)
    movers = of_manager(store, "bob").movers
    assert [mover.who.person.name for mover in movers] == ["Carol"]  # type: ignore[union-attr] # rows of people


def test_steady_is_who_was_active_on_every_weekday(store: SqliteStore) -> None:
    spend(store, WEEK, {"bob": 1, "carol": 1})
    assert [person.name for person in of_manager(store, "alice").steady] == ["Bob"]


def test_who_never_used_anything_is_counted_and_reports_are_named(store: SqliteStore) -> None:
    spend(store, WEEK, {"bob": 1})
    idle = of_manager(store, "alice").not_started
    assert idle is not None
    assert (idle.people, [person.name for person in idle.reports], idle.since) == (2, ["Finn"], FIRST)


def test_a_correction_is_told_once_it_matters(busy: SqliteStore) -> None:
    """What the digest before has said is compared with what is stored now."""
    said = of_manager(busy, "bob").said
    earlier = Said(tuple((day - timedelta(days=7), micro) for day, micro in said.days), said.people)
    corrected = BEFORE.since + timedelta(days=1)
    keep_day(busy, corrected, [used("carol", corrected, BITS["carol"] + 50)])
    told = dict(earlier.days)
    zoe_is_in_it = Said(tuple((d, (BITS["carol"] + BITS["zoe"]) * MICRO) for d in told), said.people)
    assert of_manager(busy, "bob", zoe_is_in_it).week.corrections == (
        Correction(corrected, (BITS["carol"] + BITS["zoe"]) * MICRO, (BITS["carol"] + 50) * MICRO),
    )
    assert of_manager(busy, "bob", replace(zoe_is_in_it, people="others")).week.corrections == ()


def test_a_correction_makes_a_quiet_week_worth_telling(store: SqliteStore) -> None:
    spend(store, BEFORE, {})
    spend(store, WEEK, {})
    digest = of_manager(store, "bob")
    assert digest.is_quiet
    earlier = Said(((BEFORE.since, 100 * MICRO),), digest.said.people)
    assert not of_manager(store, "bob", earlier).is_quiet


def crowd(sizes: Mapping[str | None, int]) -> list[str]:
    """Names for the people of teams of these sizes."""
    return [f"{team or 'none'}{n}".lower() for team, size in sizes.items() for n in range(size)]


def hire_teams(store: SqliteStore, sizes: Mapping[str | None, int]) -> None:
    """To be called once their accounts are known."""
    hire(store, [employee(name, team=team) for team in sizes for name in crowd({team: sizes[team]})], [])


def test_a_list_ends_with_everybody_else_and_adds_up(store: SqliteStore) -> None:
    names = [f"p{number:03}" for number in range(105)]
    below = employee("deep", "p000")
    staff = [employee("boss"), *(employee(name, "boss") for name in names), below]
    spend(store, WEEK, {name: 200 - n for n, name in enumerate(names)} | {"deep": 1}, days=1)
    hire(store, staff, [slack("boss")])
    digest = of_manager(store, "boss")
    assert len(digest.rows) == 100
    assert digest.remainder is not None
    assert digest.remainder.people == 106 - 100
    listed = sum((row.totals for row in digest.rows), Totals())
    assert listed + digest.remainder.totals == digest.week.totals


def test_the_organisation_has_no_names_and_no_small_teams(store: SqliteStore) -> None:
    sizes = {"Data": 6, "Web": 5, "Tiny": 2, None: 4}
    spend(store, BEFORE, dict.fromkeys(crowd({"Data": 6, "Web": 5}), 10))
    spend(store, WEEK, dict.fromkeys(crowd(sizes), 10) | dict.fromkeys(crowd({"Data": 6}), 20) | {"sam": 3})
    hire_teams(store, sizes)
    digest = of_company(store)
    assert names_in(digest) == []
    told = [(g.label, g.people, g.active, g.totals.credits_micro // MICRO) for g in digest.groups]
    assert told == [("Data", 6, 6, 600), ("Web", 5, 5, 250), ("All other teams", 6, None, 300)]
    assert [g.before and g.before.credits_micro // MICRO for g in digest.groups] == [300, 250, None]
    assert digest.unattributed.credits_micro == 15 * MICRO
    assert digest.headcount.people == 17
    assert digest.movers == (Mover(digest.groups[0], Driver("surface", "CLI")),)


def test_few_active_people_of_a_team_are_not_counted(store: SqliteStore) -> None:
    spend(store, WEEK, dict.fromkeys([*crowd({"Data": 9, "Web": 7}), "core0"], 10))
    hire_teams(store, {"Data": 9, "Web": 9, "Core": 9})
    digest = of_company(store)
    assert [(g.label, g.active) for g in digest.groups] == [("Data", 9), ("Web", None), ("Core", None)]
    assert all(group.before is None for group in digest.groups)
    assert digest.headcount.before is None
