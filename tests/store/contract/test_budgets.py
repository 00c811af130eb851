"""Budgets are kept with every change, said once, and their use is read for whom it may be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.budgets.groups import RosterCell
from bot.core.budgets.money import Limit, Spend
from bot.core.budgets.terms import Budget, Cycle, SaidKey, Scope, Terms, Unit
from bot.core.people import Employee
from bot.core.periods import Period
from bot.core.visibility import SelfAndBelow
from bot.ports import Snapshot, Store
from tests.store.rig import EVERYONE, MONDAY, NOW, STAFF, WEEK, amounts, save_people, sync_day, usage_row

CORE = Terms(Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 1_000, (50, 100))
EACH = Terms(Scope.PERSON, None, Cycle.WEEK, Unit.CREDITS, 100, (100,))
LATER = NOW + timedelta(hours=30)
BY = "finn@example.com"
GROUPS = {
    "alice": ("Engineering", "CC-1"),
    "bob": ("Engineering", "CC-1"),
    "carol": ("Engineering", "CC-2"),
    "zoe": ("Engineering", "CC-2"),
    "dan": ("Data", None),
}
USED = {
    MONDAY: {"alice": 5, "bob": 100, "carol": 7, "zoe": 50, "nobody": 11},
    MONDAY + timedelta(days=1): {"bob": 100, "carol": 7},
    MONDAY + timedelta(days=3): {"bob": 100, "dan": 900},
}


def staff() -> Iterator[Employee]:
    for one in STAFF:
        department, center = GROUPS.get(one.email.split("@")[0], (None, None))
        yield replace(one, department=department, cost_center=center)


@contextmanager
def company(store: Store) -> Iterator[Snapshot]:
    for day, spent in USED.items():
        rows = [
            usage_row(name, day, amounts(micro, estimate=micro * 2), clients={"CODEX_CLI": amounts(micro)})
            for name, micro in spent.items()
        ]
        sync_day(store, day, rows)
    save_people(store, list(staff()), {name: f"{name}@example.com" for name in GROUPS})
    with store.snapshot() as seen:
        yield seen


def added(store: Store, terms: Terms) -> Budget:
    budget = store.save_budget(terms, BY, NOW)
    assert budget is not None
    return budget


def below(seen: Snapshot, name: str) -> SelfAndBelow:
    person = seen.find_person(email=f"{name}@example.com")
    assert person is not None
    return SelfAndBelow(person)


def credits_of(days: dict[date, Spend]) -> dict[int, int]:
    return {(day - MONDAY).days: spend.credits_micro for day, spend in days.items()}


def test_a_budget_is_added_edited_and_removed_and_every_change_is_kept(store: Store) -> None:
    first = added(store, CORE)
    assert (first.terms, first.version, first.since) == (CORE, 1, NOW.date())
    more = replace(CORE, amount_micro=2_000)
    second = store.save_budget(more, "erin@example.com", LATER, replaces=first)
    assert second is not None
    assert (second.id, second.terms, second.version, second.since) == (first.id, more, 2, LATER.date())
    with store.snapshot() as seen:
        assert seen.load_budgets() == [second]
    assert store.remove_budget(second, BY, LATER)
    with store.snapshot() as seen:
        assert seen.load_budgets() == []
    changes = store.load_budget_changes()
    assert [(c.version, c.by, c.before, c.after) for c in changes] == [
        (1, BY, None, CORE),
        (2, "erin@example.com", CORE, more),
        (3, BY, more, None),
    ]
    assert [change.at for change in changes] == [NOW, LATER, LATER]


def test_whoever_is_slower_changes_nothing(store: Store) -> None:
    first = added(store, CORE)
    second = store.save_budget(replace(CORE, amount_micro=2_000), BY, NOW, replaces=first)
    assert store.save_budget(replace(CORE, amount_micro=3_000), BY, NOW, replaces=first) is None
    assert not store.remove_budget(first, BY, NOW)
    assert store.save_budget(replace(CORE, amount_micro=9), BY, NOW) is None
    other = added(store, replace(CORE, cycle=Cycle.WEEK))
    assert store.save_budget(CORE, BY, NOW, replaces=other) is None
    with store.snapshot() as seen:
        assert seen.load_budgets() == [other, second]
    assert len(store.load_budget_changes()) == 3


def test_a_removed_budget_can_be_made_again_as_another_one(store: Store) -> None:
    first = added(store, CORE)
    assert store.remove_budget(first, BY, NOW)
    again = added(store, CORE)
    assert again.id != first.id


def test_budgets_come_from_the_organisation_down_to_each_person(store: Store) -> None:
    whole = replace(CORE, scope=Scope.ORGANISATION, name=None)
    for terms in (EACH, CORE, replace(CORE, scope=Scope.COST_CENTER, name="CC-1"), whole):
        added(store, terms)
    with store.snapshot() as seen:
        scopes = [budget.scope for budget in seen.load_budgets()]
    assert scopes == [Scope.ORGANISATION, Scope.TEAM, Scope.COST_CENTER, Scope.PERSON]


def test_what_is_said_can_be_claimed_once(store: Store) -> None:
    budget = added(store, CORE)
    keys = [
        SaidKey(budget.id, 1, MONDAY, 50),
        SaidKey(budget.id, 1, MONDAY, None),
        SaidKey(budget.id, 1, MONDAY, 50, BY),
    ]
    assert store.claim_said(keys, NOW) == keys
    assert store.claim_said([*keys, keys[0]._replace(threshold=100)], NOW) == [
        keys[0]._replace(threshold=100)
    ]
    with store.snapshot() as seen:
        assert seen.load_budget_said(budget, MONDAY) == {*keys[:2], keys[0]._replace(threshold=100)}
        assert seen.load_budget_said(replace(budget, version=2), MONDAY) == set()
        assert seen.load_budget_said(budget, MONDAY + timedelta(days=7)) == set()


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (replace(CORE, scope=Scope.ORGANISATION, name=None), {0: 173, 1: 107, 3: 1000}),
        (CORE, {0: 105, 1: 100, 3: 100}),
        (replace(CORE, scope=Scope.DEPARTMENT, name="Engineering"), {0: 162, 1: 107, 3: 100}),
        (replace(CORE, scope=Scope.COST_CENTER, name="CC-2"), {0: 57, 1: 7}),
        (replace(CORE, name="Gone"), {}),
    ],
)
@pytest.mark.parametrize("many", [2_000, 1])
def test_the_use_of_each_scope_is_read_by_day(
    store: Store, monkeypatch: pytest.MonkeyPatch, terms: Terms, expected: dict[int, int], many: int
) -> None:
    """In both ways: by looking up people, and by reading days whole."""
    monkeypatch.setattr("bot.store.budget_reads.MANY_PEOPLE", many)
    budget = added(store, terms)
    with company(store) as seen:
        days = seen.load_spend_by_day(EVERYONE, budget, WEEK)
        assert credits_of(days) == expected
        assert all(spend.estimated_usd_micro == 2 * spend.credits_micro for spend in days.values())
        assert all(spend.estimated_rows == spend.rows for spend in days.values())


@pytest.mark.parametrize("many", [2_000, 1])
def test_sums_that_are_kept_say_the_same_and_follow_what_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("bot.store.budget_reads.MANY_PEOPLE", many)
    groups = [(Scope.TEAM, "Core"), (Scope.DEPARTMENT, "Engineering"), (Scope.COST_CENTER, "CC-2")]
    budgets = [added(store, replace(CORE, scope=scope, name=name)) for scope, name in groups]
    with company(store) as seen:
        before = [seen.load_spend_by_day(EVERYONE, budget, WEEK) for budget in budgets]
    store.keep_group_sums(MONDAY)
    store.keep_group_sums(MONDAY)
    with store.snapshot() as seen:
        assert [seen.load_spend_by_day(EVERYONE, budget, WEEK) for budget in budgets] == before
    sync_day(store, MONDAY, [])
    with store.snapshot() as seen:
        left = [{d: s for d, s in days.items() if d != MONDAY} for days in before]
        assert [seen.load_spend_by_day(EVERYONE, budget, WEEK) for budget in budgets] == left
    store.keep_group_sums(MONDAY - timedelta(days=7))
    assert store.remove_budget(budgets[0], BY, NOW)
    store.keep_group_sums(MONDAY)
    with store.snapshot() as seen:
        assert [seen.load_spend_by_day(EVERYONE, budget, WEEK) for budget in budgets] == left


def test_nobody_out_of_sight_is_in_a_sum_that_is_kept(store: Store) -> None:
    web = added(store, replace(CORE, name="Web"))
    with company(store) as seen:
        expected = credits_of(seen.load_spend_by_day(below(seen, "bob"), web, WEEK))
    store.keep_group_sums(MONDAY)
    with store.snapshot() as seen:
        assert credits_of(seen.load_spend_by_day(below(seen, "bob"), web, WEEK)) == expected


@pytest.mark.parametrize("kept", [False, True])
def test_the_people_of_a_group_are_ranked_in_a_kept_period_and_in_any_other(
    store: Store, *, kept: bool
) -> None:
    web = added(store, replace(CORE, name="Web"))
    if kept:
        store.keep_periods([WEEK])
    with company(store) as seen:
        found = seen.rank_group_people(below(seen, "bob"), web, WEEK, 5)
        assert [(one.name, one.spend.credits_micro) for one in found] == [("Zoe", 50), ("Carol", 14)]


def test_the_head_of_a_group_is_the_lowest_who_has_all_of_it(store: Store) -> None:
    budgets = [
        added(store, replace(CORE, scope=scope, name=name))
        for scope, name in [
            (Scope.TEAM, "Core"),
            (Scope.COST_CENTER, "CC-2"),
            (Scope.TEAM, "Web"),
            (Scope.TEAM, "No"),
        ]
    ]
    with company(store) as seen:
        heads = [seen.find_head(budget) for budget in budgets]
    assert heads == ["alice@example.com", "bob@example.com", None, None]


def test_what_is_said_is_noted_with_its_message_and_ordered_at_once(store: Store) -> None:
    each = added(store, EACH)
    keys = [SaidKey(each.id, 1, MONDAY, 50, f"{name}@example.com") for name in ("bob", "dan")]
    group = SaidKey(each.id, 1, MONDAY, None)
    with company(store) as seen:
        mark = seen.load_budget_mark()
    with store.changing_budgets() as ledger:
        assert ledger.load_budget_mark() == mark
        assert ledger.find_unsaid([*keys, group]) == {*keys, group}
        ledger.claim_said([*keys, group], "budget-1", NOW)
        assert ledger.find_unsaid([*keys, group]) == set()
    with store.snapshot() as seen:
        assert set(seen.load_said_in("budget-1", EVERYONE)) == {*keys, group}
        assert seen.load_said_in("budget-1", below(seen, "alice")) == [group, keys[0]]
        assert seen.load_said_in("budget-2", EVERYONE) == []
    added(store, CORE)
    with store.snapshot() as seen:
        assert seen.load_budget_mark() != mark


def test_periods_are_half_open(store: Store) -> None:
    budget = added(store, CORE)
    with company(store) as seen:
        assert credits_of(
            seen.load_spend_by_day(EVERYONE, budget, Period(MONDAY, MONDAY + timedelta(days=3)))
        ) == {
            0: 105,
            1: 100,
        }


def test_a_group_is_wholly_in_sight_of_whoever_is_above_all_of_it(store: Store) -> None:
    core, web = added(store, CORE), added(store, replace(CORE, name="Web"))
    center = added(store, replace(CORE, scope=Scope.COST_CENTER, name="CC-2"))
    gone = added(store, replace(CORE, name="Gone"))
    each, whole = added(store, EACH), added(store, replace(CORE, scope=Scope.ORGANISATION, name=None))
    with company(store) as seen:
        sees = {
            name: [
                b.id
                for b in (core, web, center, gone, each, whole)
                if seen.is_wholly_in_sight(below(seen, name), b)
            ]
            for name in ("alice", "bob", "carol", "gail")
        }
        assert sees == {"alice": [core.id, center.id], "bob": [center.id], "carol": [], "gail": []}
        assert seen.is_wholly_in_sight(EVERYONE, web)


def test_nobody_out_of_sight_is_in_any_sum(store: Store) -> None:
    """Even where a budget's group reaches beyond."""
    web = added(store, replace(CORE, name="Web"))
    with company(store) as seen:
        bob = below(seen, "bob")
        assert credits_of(seen.load_spend_by_day(bob, web, WEEK)) == {0: 57, 1: 7}
        assert [one.name for one in seen.rank_group_people(bob, web, WEEK, 5)] == ["Zoe", "Carol"]
        assert [one.name for one in seen.rank_group_people(EVERYONE, web, WEEK, 2)] == ["Dan", "Zoe"]
        assert seen.load_spend_by_client(bob, web, WEEK)["CODEX_CLI"].credits_micro == 64


@pytest.mark.parametrize("kept", [False, True])
def test_people_over_a_limit_are_found(store: Store, kept: bool) -> None:  # noqa: FBT001 - a parameter
    each = added(store, EACH)
    if kept:
        store.keep_periods([WEEK])
    with company(store) as seen:
        limit = Limit(57, by_estimate=False)
        over = seen.find_people_over(EVERYONE, WEEK, limit, 9)
        assert [(one.name, one.spend.credits_micro) for one in over] == [("Dan", 900), ("Bob", 300)]
        assert seen.count_people_over(EVERYONE, WEEK, limit._replace(least=14)) == 4
        assert [one.name for one in seen.find_people_over(EVERYONE, WEEK, limit._replace(least=1), 1)] == [
            "Dan"
        ]
        assert [one.name for one in seen.find_people_over(below(seen, "bob"), WEEK, limit, 9)] == ["Bob"]
        assert seen.count_people_over(EVERYONE, WEEK, Limit(601, by_estimate=True)) == 1
        unsaid = seen.find_unsaid_people(EVERYONE, each, WEEK, 100, limit)
        assert [one.email for one in unsaid] == ["bob@example.com", "dan@example.com"]
        assert credits_of(seen.load_people_days(unsaid, WEEK)["bob@example.com"]) == {0: 100, 1: 100, 3: 100}
    assert store.claim_said([SaidKey(each.id, 1, MONDAY, 100, "dan@example.com")], NOW)
    with store.snapshot() as seen:
        assert [o.name for o in seen.find_unsaid_people(EVERYONE, each, WEEK, 100, limit)] == ["Bob"]
        assert len(seen.find_unsaid_people(EVERYONE, each, WEEK, 80, limit)) == 2
        assert len(seen.find_unsaid_people(EVERYONE, replace(each, version=2), WEEK, 100, limit)) == 2


def test_groups_are_known_with_the_people_who_are_employed(store: Store) -> None:
    with company(store) as seen:
        sizes: Sequence[dict[str, int]] = [
            dict(seen.load_group_sizes(EVERYONE, scope)) for scope in Scope if scope.is_group
        ]
        assert sizes == [
            {"Data": 1, "Engineering": 3},
            {"Core": 2, "Money": 1, "Web": 2},
            {"CC-1": 2, "CC-2": 1},
        ]
        cells = seen.load_roster_cells(EVERYONE)
        assert RosterCell("Core", "Engineering", "CC-1", 2) in cells
        assert RosterCell("Web", "Data", None, 1) in cells
        assert sum(cell.people for cell in cells) == 7


def test_it_is_known_whether_the_vendor_estimates_dollars(store: Store) -> None:
    with company(store) as seen:
        assert seen.has_estimates(WEEK)
        assert not seen.has_estimates(Period(MONDAY - timedelta(days=7), MONDAY))
