"""What a snapshot tells: sums by sight, rankings, teams, streaks, and the workspace's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.metrics import Metric
from bot.core.models import Reviews, Totals, WorkspaceRow, epoch_day
from bot.core.people import Employee, Person
from bot.core.periods import Period
from bot.core.usage_sums import Group, Idle
from bot.core.visibility import Below, OnePerson, SelfAndBelow
from bot.ports import DayChange, Snapshot, Store
from tests.store.rig import (
    EVERYONE,
    MONDAY,
    STAFF,
    WEEK,
    amounts,
    response_day,
    review_day,
    save_people,
    sync_day,
    usage_row,
)

OWNERS = {f"acc-{employee.name}": employee.email for employee in STAFF}
TODAY = MONDAY + timedelta(days=3)


@contextmanager
def company(store: Store) -> Iterator[Snapshot]:
    """Monday to Thursday: Bob every day, Carol not today, Dan today only, Zoe (who left) on Monday."""
    days = {
        0: {"Bob": 100, "Carol": 7, "Zoe": 50},
        1: {"Bob": 100, "Carol": 7},
        2: {"Bob": 100, "Carol": 7},
        3: {"Bob": 100, "Dan": 900, "nobody": 5},
    }
    for n, spent in days.items():
        day = MONDAY + timedelta(days=n)
        sync_day(store, day, [usage_row(f"acc-{name}", day, micro) for name, micro in spent.items()])
    save_people(store, STAFF, OWNERS)
    with store.snapshot() as seen:
        yield seen


def one(seen: Snapshot, name: str) -> Person:
    person = seen.find_person(email=f"{name.lower()}@example.com")
    assert person is not None
    return person


def test_each_sight_sums_its_people(store: Store) -> None:
    with company(store) as seen:
        alice, bob, gail = (one(seen, name) for name in ("Alice", "Bob", "Gail"))
        sums = {
            "bob": seen.load_totals(OnePerson(bob), WEEK),
            "below alice": seen.load_totals(Below(alice), WEEK),
            "below bob": seen.load_totals(Below(bob), WEEK),
            "bob and below": seen.load_totals(SelfAndBelow(bob), WEEK),
            "below gail": seen.load_totals(Below(gail), WEEK),
            "all": seen.load_totals(EVERYONE, WEEK),
        }
        assert {key: totals.credits_micro for key, totals in sums.items()} == {
            "bob": 400,
            "below alice": 471,
            "below bob": 71,
            "bob and below": 471,
            "below gail": 900,
            "all": 1376,
        }
        assert seen.load_unattributed(EVERYONE, WEEK).credits_micro == 5
        assert seen.load_usage(Below(bob), WEEK).totals == sums["below bob"]
        assert list(seen.load_usage(Below(gail), WEEK).days) == [TODAY]


def test_a_period_is_half_open(store: Store) -> None:
    with company(store) as seen:
        bob = OnePerson(one(seen, "Bob"))
        for length in range(5):
            period = Period(MONDAY, MONDAY + timedelta(days=length))
            assert seen.load_totals(bob, period).credits_micro == 100 * min(length, 4)


def test_a_ranking_is_by_value_then_credits_then_address(store: Store) -> None:
    with company(store) as seen:
        by_credits = seen.rank_people(EVERYONE, WEEK, Metric.CREDITS, 10)
        assert [(r.person.name, r.value) for r in by_credits] == [
            ("Dan", 900),
            ("Bob", 400),
            ("Zoe", 50),
            ("Carol", 21),
        ]
        by_threads = seen.rank_people(EVERYONE, WEEK, Metric.THREADS, 10)
        assert [(r.person.name, r.value) for r in by_threads] == [
            ("Bob", 4),
            ("Carol", 3),
            ("Dan", 1),
            ("Zoe", 1),
        ]
        assert [r.person.name for r in seen.rank_people(EVERYONE, WEEK, Metric.TURNS, 2)] == ["Bob", "Carol"]
        below = seen.rank_people(Below(one(seen, "Bob")), WEEK, Metric.CREDITS, 10)
        assert [r.person.name for r in below] == ["Zoe", "Carol"]
        assert by_credits[1].totals == Totals(rows=4, threads=4, turns=8, credits_micro=400)


@pytest.mark.parametrize("is_kept", [False, True], ids=["from the days", "kept"])
def test_equals_at_the_end_of_a_ranking_are_cut_by_the_same_rule(store: Store, *, is_kept: bool) -> None:
    """Nobody with tokens: who spent more is in, whatever their address; who used nothing is never in."""
    spent = {"Bob": 0, "Carol": 2, "Dan": 3}
    rows = [usage_row(f"acc-{name}", totals=micro) for name, micro in spent.items()]
    idle = usage_row("acc-Alice", totals=amounts(0, threads=0, turns=0))
    sync_day(store, MONDAY, [*rows, idle])
    save_people(store, STAFF, OWNERS)
    if is_kept:
        store.keep_periods([WEEK])
    with store.snapshot() as seen:
        for most, expected in (
            (1, ["Dan"]),
            (2, ["Dan", "Carol"]),
            (3, ["Dan", "Carol", "Bob"]),
            (9, ["Dan", "Carol", "Bob"]),
        ):
            ranked = seen.rank_people(EVERYONE, WEEK, Metric.TOKENS, most)
            assert [r.person.name for r in ranked] == expected


def test_a_streak_runs_to_today_or_yesterday(store: Store) -> None:
    with company(store) as seen:
        streaks = seen.rank_streaks(EVERYONE, WEEK, TODAY, 10)
        assert [(r.person.name, r.value) for r in streaks] == [("Bob", 4), ("Carol", 3), ("Dan", 1)]
        assert [r.person.name for r in seen.rank_streaks(EVERYONE, WEEK, TODAY, 1)] == ["Bob"]
        tomorrow = seen.rank_streaks(EVERYONE, WEEK, TODAY + timedelta(days=1), 10)
        assert [(r.person.name, r.value) for r in tomorrow] == [("Bob", 4), ("Dan", 1)]
        assert tomorrow[0].totals.credits_micro == 400
        assert seen.rank_streaks(EVERYONE, WEEK, TODAY + timedelta(days=9), 10) == []
        assert seen.rank_streaks(Below(one(seen, "Gail")), WEEK, TODAY, 10)[0].person.name == "Dan"


def test_people_are_counted_while_they_are_employed(store: Store) -> None:
    with company(store) as seen:
        bob = one(seen, "Bob")
        assert seen.count_people(EVERYONE) == 7
        assert seen.count_active(EVERYONE, WEEK) == 3
        assert seen.count_people(Below(bob)) == seen.count_active(Below(bob), WEEK) == 1
        assert seen.count_people(SelfAndBelow(bob)) == 2
        assert seen.count_active(SelfAndBelow(bob), Period(TODAY, TODAY + timedelta(days=1))) == 1
        assert seen.count_people(OnePerson(one(seen, "Zoe"))) == 0


def test_idle_people_are_those_employed_beside_the_given(store: Store) -> None:
    with company(store) as seen:
        bob, dan = one(seen, "Bob"), one(seen, "Dan")
        idle = seen.load_idle_people(EVERYONE, [bob.id, dan.id], 10)
        assert [person.name for person in idle] == ["Alice", "Carol", "Erin", "Finn", "Gail"]
        assert len(seen.load_idle_people(EVERYONE, [], 3)) == 3
        assert [p.name for p in seen.load_idle_people(Below(bob), [], 10)] == ["Carol"]


def test_active_days_are_told_newest_first(store: Store) -> None:
    with company(store) as seen:
        carol = one(seen, "Carol")
        assert list(seen.load_active_days(carol, TODAY)) == [MONDAY + timedelta(days=n) for n in (2, 1, 0)]
        assert list(seen.load_active_days(carol, MONDAY)) == [MONDAY]
        assert list(seen.load_active_days(one(seen, "Alice"), TODAY)) == []


def test_single_peoples_totals_leave_out_whoever_used_nothing(store: Store) -> None:
    with company(store) as seen:
        people = [one(seen, name) for name in ("Alice", "Bob", "Carol")]
        totals = seen.load_people_totals(people, WEEK)
        assert {n: t.credits_micro for n, t in totals.items()} == {people[1].id: 400, people[2].id: 21}
        assert seen.load_people_totals([], WEEK) == {}


def test_teams_come_largest_first_with_the_teamless_among_them(store: Store) -> None:
    with company(store) as seen:
        groups = seen.load_groups(EVERYONE, WEEK, 1, 10)
        assert [(g.name, g.people, g.totals.credits_micro) for g in groups] == [
            ("Web", 2, 971),
            ("Core", 2, 400),
            (None, 2, 0),
            ("Money", 1, 0),
        ]
        names = [g.name for g in groups]
        active = seen.count_active_of_groups(EVERYONE, [*names, "No such team"], WEEK)
        assert active == {"Web": 2, "Core": 1, None: 0, "Money": 0, "No such team": 0}
        assert [g.name for g in seen.load_groups(EVERYONE, WEEK, 2, 10)] == ["Web", "Core", None]
        assert [g.name for g in seen.load_groups(EVERYONE, WEEK, 1, 1)] == ["Web"]
    save_people(store, STAFF, OWNERS | {"acc-nobody": "gail@example.com"})
    with store.snapshot() as seen:
        assert seen.count_active_of_groups(EVERYONE, [None, "No such team"], WEEK) == {
            None: 1,
            "No such team": 0,
        }


def test_kept_periods_change_no_answer(store: Store) -> None:
    periods = [
        WEEK,
        Period(MONDAY, TODAY),
        Period(TODAY, TODAY + timedelta(days=1)),
        Period(MONDAY - timedelta(days=9), MONDAY),
    ]

    def tell(seen: Snapshot) -> list[object]:
        metrics = (Metric.CREDITS, Metric.THREADS, Metric.TURNS, Metric.TOKENS)
        return [
            (
                seen.load_groups(EVERYONE, period, 1, 10),
                [seen.rank_people(EVERYONE, period, m, 3) for m in metrics],
            )
            for period in periods
        ]

    with company(store) as seen:
        before = tell(seen)
    for kept in (periods, periods[:2], [], periods[1:]):
        store.keep_periods(kept)
        with store.snapshot() as seen:
            assert tell(seen) == before


def test_usage_after_the_last_day_is_nobodys(store: Store) -> None:
    for n in range(3):
        day = MONDAY + timedelta(days=n)
        sync_day(store, day, [usage_row("acc", day, 10**n)])
    save_people(store, STAFF, {"acc": ("zoe@example.com", MONDAY + timedelta(days=1))})
    with store.snapshot() as seen:
        assert seen.load_totals(OnePerson(one(seen, "Zoe")), WEEK).credits_micro == 1
        assert seen.load_totals(Below(one(seen, "Alice")), WEEK).credits_micro == 1
        assert seen.load_unattributed(EVERYONE, WEEK).credits_micro == 110
        assert seen.load_totals(EVERYONE, WEEK).credits_micro == 111


def test_the_workspace_gap_is_over_days_that_both_tell_and_over_what_both_know(store: Store) -> None:
    """A figure that the workspace does not tell has no gap; a day without any account's row has the whole."""

    def workspace(n: int, credits_micro: int, *, known: bool) -> WorkspaceRow:
        told = amounts(
            credits_micro,
            threads=10 if known else None,
            turns=20 if known else None,
            cost=7 if known else None,
            tokens=(None, None, None, 50) if known else (None, None, None, None),
        )
        return WorkspaceRow(epoch_day(MONDAY + timedelta(days=n)), told, None)

    full = amounts(30, threads=4, turns=5, cost=2, tokens=(3, 3, 3, 9))
    sync_day(store, MONDAY, [usage_row("a", MONDAY, full)])
    sync_day(store, MONDAY + timedelta(days=1), [usage_row("a", MONDAY + timedelta(days=1), full)])
    sync_day(store, MONDAY + timedelta(days=2), [])
    rows = [
        workspace(0, 100, known=True),
        workspace(1, 100, known=False),
        workspace(2, 100, known=True),
        workspace(3, 100, known=True),
    ]
    assert store.save_workspace_days(rows, WEEK) == DayChange(new=4)
    with store.snapshot() as seen:
        gap = seen.load_workspace_gap(EVERYONE, WEEK)
    assert (gap.rows, gap.credits_micro) == (3, 70 + 70 + 100)
    assert (gap.threads, gap.turns, gap.cost_usd_micro) == (6 + 10, 15 + 20, 5 + 7)
    assert gap.total_tokens == 41 + 50


def test_workspace_days_are_replaced_within_their_period_only(store: Store) -> None:
    def row(n: int, credits_micro: int, extra: str | None = None) -> WorkspaceRow:
        return WorkspaceRow(epoch_day(MONDAY + timedelta(days=n)), amounts(credits_micro), extra)

    assert store.save_workspace_days([row(0, 1), row(1, 1), row(8, 1)], WEEK) == DayChange(new=3)
    assert store.save_workspace_days([row(0, 1), row(1, 1)], WEEK) == DayChange()
    assert store.save_workspace_days([row(0, 2), row(2, 1, "{}")], WEEK) == DayChange(1, 1, 1)
    assert store.save_workspace_days([], Period(MONDAY + timedelta(days=7), MONDAY + timedelta(days=9))) == (
        DayChange(vanished=1)
    )


def test_reviews_add_up_over_a_period(store: Store) -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert store.save_review_days([review_day(), review_day(tuesday, 4)], WEEK) == DayChange(new=2)
    assert store.save_review_days([review_day(), review_day(tuesday, 5)], WEEK) == DayChange(changed=1)
    assert store.save_review_response_days([response_day(tuesday)], WEEK) == DayChange(new=1)
    with store.snapshot() as seen:
        assert seen.load_reviews(WEEK) == Reviews(8, 20, 2, 8, 10, 2, 9, 6, 1, 5, 4, 3)
        assert seen.load_review_counts(WEEK) == {MONDAY: 3, tuesday: 5}
        assert seen.load_reviews(Period(MONDAY, MONDAY)) == Reviews()
    assert store.save_review_days([], WEEK) == DayChange(vanished=2)
    assert store.save_review_response_days([], WEEK) == DayChange(vanished=1)


def test_a_team_that_nobody_is_in_any_more_is_not_told(store: Store) -> None:
    save_people(store, STAFF)
    save_people(store, [replace(employee, team="Core") for employee in STAFF])
    with store.snapshot() as seen:
        assert seen.load_groups(EVERYONE, WEEK, 1, 10) == [Group("Core", 7, Totals())]


def test_the_parts_of_a_chain_are_summed_at_once(store: Store) -> None:
    with company(store) as seen:
        alice, bob = one(seen, "Alice"), one(seen, "Bob")
        assert [person.name for person in seen.load_reports(Below(bob))] == ["Carol", "Zoe"]
        assert seen.load_reports(Below(one(seen, "Carol"))) == []
        parts = seen.load_branches([Below(bob), OnePerson(bob), Below(alice)], WEEK)
        assert [part.totals.credits_micro for part in parts] == [71, 400, 471]
        assert [(part.people, part.active) for part in parts] == [(1, 1), (1, 1), (2, 2)]
        assert [part.days for part in parts] == [
            seen.load_usage(sight, WEEK).days for sight in (Below(bob), OnePerson(bob), Below(alice))
        ]
        assert seen.load_branches([], WEEK) == []
        assert seen.load_splits([], WEEK) == []


def test_who_never_used_anything_is_told_with_a_few_of_the_reports(store: Store) -> None:
    with company(store) as seen:
        assert seen.load_never_active(Below(one(seen, "Alice")), 9) == Idle(0, ())
        assert seen.load_first_day() == MONDAY
    hired = [Employee(f"{name}@example.com", name, "alice@example.com") for name in "cba"]
    below = Employee("d@example.com", "d", "a@example.com")
    save_people(store, [*STAFF, *hired, below], OWNERS)
    with store.snapshot() as seen:
        idle = seen.load_never_active(Below(one(seen, "Alice")), 2)
        assert (idle.people, [person.name for person in idle.reports]) == (4, ["a", "b"])


def test_weekdays_of_use_end_before_the_first_without(store: Store) -> None:
    """The weekend neither counts nor ends them; neither does a day that was never read."""
    for ago, micro in {0: 5, 1: 7, 2: 0, 3: 9, 4: 3, 5: 0, 6: 8}.items():
        day = MONDAY - timedelta(days=ago)
        sync_day(store, day, [usage_row("acc-Bob", day, amounts(micro, threads=0, turns=0))])
    save_people(store, STAFF, OWNERS)
    with store.snapshot() as seen:
        bob, carol = OnePerson(one(seen, "Bob")), OnePerson(one(seen, "Carol"))
        used = list(seen.load_used_weekdays(bob, MONDAY + timedelta(days=1)))
        assert [day.strftime("%a %d") for day in used] == ["Mon 16", "Fri 13", "Thu 12"]
        assert list(seen.load_used_weekdays(carol, MONDAY)) == []


def test_nothing_was_read_yet(store: Store) -> None:
    with store.snapshot() as seen:
        assert seen.load_first_day() is None


def test_people_are_marked_by_who_they_are_and_not_by_where_they_stand(store: Store) -> None:
    save_people(store, STAFF)
    with store.snapshot() as seen:
        alice = Below(one(seen, "Alice"))
        before, of_gail = seen.mark_people(alice), seen.mark_people(Below(one(seen, "Gail")))
    save_people(store, [Employee("aaron@example.com", "Aaron"), *STAFF])
    with store.snapshot() as seen:
        assert seen.mark_people(Below(one(seen, "Alice"))) == before != of_gail
    moved = [replace(e, manager_email="gail@example.com") if e.name == "Carol" else e for e in STAFF]
    save_people(store, [Employee("aaron@example.com", "Aaron"), *moved])
    with store.snapshot() as seen:
        assert seen.mark_people(Below(one(seen, "Alice"))) != before


def test_teams_are_summed_by_name(store: Store) -> None:
    with company(store) as seen:
        totals = seen.load_group_totals(EVERYONE, ["Core", None, "Money"], WEEK)
        assert {name: one.credits_micro for name, one in totals.items()} == {"Core": 400}


def test_a_snapshot_stays_at_its_moment(store: Store) -> None:
    """What is written while an answer is being made does not reach it."""
    with company(store) as seen:
        before = seen.load_totals(EVERYONE, WEEK)
        sync_day(store, MONDAY, [])
        assert seen.load_totals(EVERYONE, WEEK) == before
    with store.snapshot() as seen:
        assert seen.load_totals(EVERYONE, WEEK).credits_micro == before.credits_micro - 157


def test_a_read_of_the_store_within_a_snapshot_is_of_its_moment(store: Store) -> None:
    save_people(store, STAFF)
    with store.snapshot() as seen:
        assert seen.count_people(EVERYONE) == 7
        save_people(store, [*STAFF, Employee("new@example.com", "New")])
        store.save_note("later", "yes")
        assert store.load_note("later") is None
        assert seen.count_people(EVERYONE) == 7
    assert store.load_note("later") == "yes"
