"""Whose digest is ordered, when, and for how long it waits for its week to be complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.deliveries import Order
from bot.core.digests.choice import DigestChoice
from bot.core.digests.contents import DigestKind
from bot.core.digests.times import WeekMoment, week_of_label
from bot.core.people import SlackPerson
from bot.features.digests.plan import PlanDigests, PlanSettings
from bot.store.sqlite import SqliteStore
from tests.features.cast import cast_of_everyone, email, employee, everyone_in_slack, hire, used
from tests.features.rig import keep_day, slack

W46 = week_of_label("2026-W46")
USUAL = PlanSettings(WeekMoment(0, 9 * 60), ZoneInfo("UTC"))
MANAGERS = {"alice", "bob", "gail"}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


MONDAY, TUESDAY = at(16, 9), at(17, 9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """The cast, all of them on Berlin's clock; nothing was ever read."""
    made = SqliteStore(tmp_path / "usage.db")
    made.migrate()
    hire(made, cast_of_everyone(), in_zone("UTC"))
    made.save_note("digests_begun", at(1, 0).isoformat())
    yield made
    made.close()


@pytest.fixture
def complete(store: SqliteStore) -> SqliteStore:
    """All of October and November was read long after it ended."""
    for number in range(61):
        keep_day(store, date(2026, 10, 1) + timedelta(days=number), [])
    return store


def in_zone(zone: str | None, **others: str | None) -> list[SlackPerson]:
    people = [replace(person, timezone=zone) for person in everyone_in_slack()]
    return [replace(one, timezone=others.get(one.name.lower(), zone)) for one in people]


def planner(store: SqliteStore, settings: PlanSettings = USUAL) -> PlanDigests:
    return PlanDigests(store, settings)


def ordered(store: SqliteStore, week: str = "2026-W46", kind: DigestKind = DigestKind.MANAGER) -> set[str]:
    return {
        one.order.recipient.partition("@")[0] for one in store.load_deliveries(week) if one.order.kind == kind
    }


def choose(store: SqliteStore, name: str, choice: DigestChoice) -> None:
    with store.snapshot() as seen:
        person = seen.find_person(email=email(name))
    assert person is not None
    store.save_digest_choice(person, choice, MONDAY)


def test_managers_get_theirs_when_it_is_due_and_once(complete: SqliteStore) -> None:
    plan = planner(complete).plan
    assert plan(at(9, 9)) == len(MANAGERS)
    assert plan(MONDAY - timedelta(minutes=1)) == 0
    assert plan(MONDAY) == len(MANAGERS)
    assert plan(MONDAY + timedelta(minutes=1)) == 0
    assert ordered(complete) == MANAGERS
    (alice, *_) = complete.load_deliveries("2026-W46")
    expected = Order("manager_digest", email("alice"), "2026-W46", MONDAY, at(23, 9), at(15, 0))
    assert alice.order == expected


def test_nobody_without_reports_or_slack_or_a_job_gets_one(complete: SqliteStore) -> None:
    """Alice's only reports are Bob and Finn; Hugo's only report has left; Ida has left herself."""
    staff = [
        *cast_of_everyone(),
        employee("hugo"),
        employee("gone", "hugo", archived=True),
        employee("ida", archived=True),
        employee("jan", "ida"),
        employee("kim"),
        employee("lea", "kim"),
    ]
    hire(complete, staff, [*in_zone("UTC"), slack("hugo"), slack("ida"), slack("jan"), slack("lea")])
    planner(complete).plan(MONDAY)
    assert ordered(complete) == MANAGERS


def test_everybodys_own_clock_decides(complete: SqliteStore) -> None:
    hire(
        complete,
        [replace(one, timezone="Asia/Kolkata") if one.name == "Gail" else one for one in cast_of_everyone()],
        in_zone("UTC", alice="America/New_York", gail=None),
    )
    seen: dict[str, datetime] = {}
    for hour in range(24 * 2):
        now = at(15, 12) + timedelta(hours=hour, minutes=30)
        planner(complete).plan(now)
        seen.update(dict.fromkeys(ordered(complete) - seen.keys(), now))
    assert seen == {"gail": at(16, 3, 30), "bob": at(16, 9, 30), "alice": at(16, 14, 30)}


def test_a_zone_that_is_not_known_here_gives_way_to_the_next(complete: SqliteStore) -> None:
    hire(complete, cast_of_everyone(), in_zone("Mars/Olympus"))
    planner(complete).plan(MONDAY)
    assert ordered(complete) == MANAGERS


def test_ones_own_choice_decides(complete: SqliteStore) -> None:
    choose(complete, "alice", DigestChoice(weekday=4, minute=16 * 60))
    choose(complete, "bob", DigestChoice(is_paused=True))
    plan = planner(complete).plan
    plan(MONDAY)
    assert ordered(complete) == {"gail"}
    plan(at(20, 16))
    assert ordered(complete) == {"gail", "alice"}
    assert ordered(complete, "2026-W45") == {"alice"}


def test_who_moves_theirs_gets_neither_two_nor_none(complete: SqliteStore) -> None:
    plan = planner(complete).plan
    plan(MONDAY)
    choose(complete, "alice", DigestChoice(weekday=4))
    for day in range(16, 30):
        plan(at(day, 12))
    assert ordered(complete) == ordered(complete, "2026-W47") == MANAGERS


def test_a_personal_digest_is_for_whoever_wants_it(complete: SqliteStore) -> None:
    choose(complete, "carol", DigestChoice(wants_personal=True))
    choose(complete, "bob", DigestChoice(wants_personal=True))
    choose(complete, "dan", DigestChoice(wants_personal=True, is_paused=True))
    planner(complete).plan(MONDAY)
    assert ordered(complete, kind=DigestKind.PERSONAL) == {"bob", "carol"}
    assert ordered(complete) == MANAGERS


def test_the_finance_channel_gets_the_organisations(complete: SqliteStore) -> None:
    planner(complete, replace(USUAL, finance_channel="C0FINANCE")).plan(MONDAY)
    assert ordered(complete, kind=DigestKind.ORGANISATION) == {"C0FINANCE"}


def test_an_incomplete_week_is_waited_for_and_no_longer_than_a_day(store: SqliteStore) -> None:
    plan = planner(store).plan
    assert plan(MONDAY) == 0
    assert plan(TUESDAY - timedelta(minutes=1)) == 0
    assert plan(TUESDAY) == len(MANAGERS)


def test_a_week_goes_out_as_soon_as_it_is_complete(store: SqliteStore) -> None:
    plan = planner(store).plan
    for day in W46.days():
        assert plan(at(16, 11)) == 0
        keep_day(store, day, [used("alice", day, 1)], at(16, 12))
    assert plan(at(16, 12)) == len(MANAGERS)


def test_on_the_first_day_nobody_is_told_what_was_due_long_ago(complete: SqliteStore) -> None:
    with complete.engine.writing() as connection:
        connection.execute("DELETE FROM fact_of_store WHERE name = 'digests_begun'")
    assert planner(complete).plan(at(18, 15)) == 0
    assert planner(complete).plan(at(20, 15)) == 0
    assert planner(complete).plan(at(23, 9)) == len(MANAGERS)


def test_on_the_first_day_what_has_just_become_due_is_told(complete: SqliteStore) -> None:
    with complete.engine.writing() as connection:
        connection.execute("DELETE FROM fact_of_store WHERE name = 'digests_begun'")
    assert planner(complete).plan(MONDAY + timedelta(hours=23)) == len(MANAGERS)


def test_after_two_weeks_of_silence_only_the_last_one_is_told(complete: SqliteStore) -> None:
    planner(complete).plan(at(2, 9))
    planner(complete).plan(at(25, 9))
    assert ordered(complete, "2026-W44") == MANAGERS
    assert ordered(complete, "2026-W47") == MANAGERS
    assert ordered(complete, "2026-W45") == ordered(complete, "2026-W46") == set()


def test_a_clock_that_jumps_makes_no_second_digest_of_a_week(complete: SqliteStore) -> None:
    """Three hours forward, five hours back, hour by hour through six weeks with both kinds of change of time."""
    hire(
        complete,
        cast_of_everyone(),
        in_zone("America/New_York", bob="Australia/Lord_Howe", gail="Europe/London"),
    )
    plan, now = planner(complete).plan, at(2, 0)
    for step in range(24 * 21):
        now += timedelta(hours=1)
        plan(now + timedelta(hours=(3, 0, -5)[step // 30 % 3]))
    told = Counter(
        one.order.recipient for number in (44, 45, 46) for one in complete.load_deliveries(f"2026-W{number}")
    )
    assert set(told.values()) == {3}
    assert len(told) == len(MANAGERS)


def test_an_operator_may_order_a_week_whatever_the_day(complete: SqliteStore) -> None:
    choose(complete, "alice", DigestChoice(weekday=4))
    orders = planner(complete, replace(USUAL, finance_channel="C0FINANCE")).orders_for(W46, MONDAY)
    assert [one.recipient.partition("@")[0] for one in orders] == ["alice", "bob", "gail", "C0FINANCE"]
    alice, bob = orders[:2]
    assert (alice.due_at, alice.expires_at) == (at(20, 9), at(27, 9))
    assert (bob.due_at, bob.expires_at) == (MONDAY, at(23, 9))
    complete.save_orders(orders, MONDAY)
    assert planner(complete).orders_for(W46, MONDAY) == []
    (old, *_) = planner(complete).orders_for(week_of_label("2026-W40"), MONDAY)
    assert old.expires_at == TUESDAY


def test_what_is_more_than_a_year_old_is_forgotten(complete: SqliteStore) -> None:
    planner(complete).plan(at(9, 9))
    with complete.engine.writing() as connection:
        connection.execute("UPDATE delivery SET state = 'sent', changed_at = 0")
    planner(complete).plan(MONDAY)
    assert ordered(complete, "2026-W45") == set()
    assert ordered(complete) == MANAGERS
