"""Every sum the store keeps is compared, after every change, with one worked out anew from the rows."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core.budgets.money import Spend
from bot.core.budgets.terms import Cycle, Scope, Terms, Unit
from bot.core.models import Amounts, CodeAttribution, ModelUsage, UsageRow, WorkspaceRow, epoch_day
from bot.core.people import Employee
from bot.core.periods import Period
from bot.core.visibility import Below, OnePerson, SelfAndBelow, Sight, branches_of
from bot.ports import Snapshot
from bot.store import columns, reads, rollups, weeks
from tests.store.empty import empty_store
from tests.store.oracle import VALUES, Oracle
from tests.store.rig import EVERYONE, MONDAY, NOW, TODAY, WEEK, save_people, sync_day, usage_row
from tests.store.sqlite_rig import check_spans

DAYS = [MONDAY + timedelta(days=n) for n in range(4)]
PERIODS = [
    Period(DAYS[0], DAYS[3] + timedelta(days=1)),
    Period(DAYS[1], DAYS[3]),
    Period(DAYS[2], DAYS[3]),
    WEEK,
]
EMAILS = [f"{letter}@example.com" for letter in "abcdefg"]
ACCOUNTS = [f"acc-{n}" for n in range(6)]
TEAMS = [None, "Core", "Web"]
DEPARTMENTS = [None, "Eng", "Ops"]
BUDGETS = [
    (Scope.TEAM, "Core"),
    (Scope.DEPARTMENT, "Eng"),
    (Scope.COST_CENTER, "cc-Ops"),
    (Scope.TEAM, "Gone"),
]
MOST = 99

figures = st.none() | st.integers(0, 3)
amounts = st.builds(
    Amounts, figures, figures, st.integers(0, 3), figures, figures, figures, figures, figures, figures
)
of_models = amounts.map(lambda one: one._replace(threads=None, turns=None))
codes = st.builds(CodeAttribution, st.integers(0, 3), *[figures] * 7)
splits = st.fixed_dictionaries(
    {},
    optional={
        "clients": st.dictionaries(st.sampled_from(["CLI", "IDE", "new ✨"]), amounts, max_size=2),
        "models": st.dictionaries(
            st.tuples(st.sampled_from(["m1", "m2"]), st.sampled_from([None, "fast"])), of_models, max_size=2
        ),
        "code": codes,
        "extra": st.sampled_from(['{"x":1}', '{"x":2}']),
    },
)
days_of_rows = st.dictionaries(st.sampled_from(ACCOUNTS), st.tuples(amounts, splits), max_size=4)
managers = st.integers(-1, len(EMAILS) - 2)
people = st.tuples(
    st.sampled_from(EMAILS),
    managers,
    st.sampled_from(TEAMS),
    st.booleans(),
    st.sampled_from(DEPARTMENTS),
)
links = st.tuples(
    st.sampled_from(ACCOUNTS), st.none() | st.sampled_from(EMAILS), st.none() | st.sampled_from(DAYS)
)


def build_row(account: str, day: date, totals: Amounts, split: dict[str, object]) -> UsageRow:
    row = usage_row(account, day, totals, clients=split.get("clients"), code=split.get("code"))  # type: ignore[arg-type] # drawn
    models = split.get("models")
    if isinstance(models, dict):
        row = row._replace(
            models=tuple(ModelUsage(name, speed, one) for (name, speed), one in models.items())
        )
    return row._replace(extra=split.get("extra"))  # type: ignore[arg-type] # drawn


def busy(day: int, account: int) -> Amounts:
    """A row with something in most figures, and with equals among its neighbours."""
    return Amounts(account % 2, day % 3, account // 2, None, day, 1, None, account % 3, 1 + account % 3)


class Rollups(RuleBasedStateMachine):
    """Days, charts, links, kept periods and settled weeks change in any order; the store and the oracle must agree."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.store = empty_store(self.folder / "store.db")
        self.truth = Oracle()
        self.asked = 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize(lines=st.permutations([-1, 0, 1, 2, 2, 3, 3]), kept=st.sets(st.integers(0, len(PERIODS) - 1)))
    def begin(self, lines: list[int], kept: set[int]) -> None:
        """A company at work, so that every later step has something to move."""
        for n, day in enumerate(DAYS):
            self.replace_day(
                day, {account: (busy(n, m), {}) for m, account in enumerate(ACCOUNTS[:5]) if n != m}
            )
        self.keep_periods(kept)
        chart = [
            (email, lines[n], TEAMS[n % 3], n == 4, DEPARTMENTS[n // 2]) for n, email in enumerate(EMAILS[:6])
        ]
        owned = [
            (account, EMAILS[n + 1], DAYS[2] if n == 2 else None) for n, account in enumerate(ACCOUNTS[:4])
        ]
        self.change_people(chart, owned)
        self.set_budget(0)
        self.set_budget(1)
        self.store.keep_group_sums(DAYS[0])

    @rule(day=st.sampled_from(DAYS), rows=days_of_rows)
    def replace_day(self, day: date, rows: dict[str, tuple[Amounts, dict[str, object]]]) -> None:
        fetched = {account: build_row(account, day, *row) for account, row in rows.items()}
        stored = self.truth.rows.get(day, {})
        change = sync_day(self.store, day, fetched.values())
        assert change.new == len(fetched.keys() - stored.keys())
        assert change.vanished == len(stored.keys() - fetched.keys())
        assert change.changed == sum(
            1 for a in fetched.keys() & stored.keys() if differ(fetched[a], stored[a])
        )
        self.truth.rows[day] = fetched

    @rule(day=st.sampled_from(DAYS), account=st.sampled_from(ACCOUNTS), row=st.tuples(amounts, splits))
    def correct_a_row(self, day: date, account: str, row: tuple[Amounts, dict[str, object]]) -> None:
        corrected = {**self.truth.rows.get(day, {}), account: build_row(account, day, *row)}
        sync_day(self.store, day, corrected.values())
        self.truth.rows[day] = corrected

    @rule(chart=st.lists(people, max_size=3), owned=st.lists(links, max_size=3))
    def change_people(
        self,
        chart: list[tuple[str, int, str | None, bool, str | None]],
        owned: list[tuple[str, str | None, date | None]],
    ) -> None:
        for email, manager, team, archived, department in chart:
            self._place(email, manager, team, department, archived=archived)
        for account, owner, until in owned:
            self.truth.owners.pop(account, None)
            if owner in self.truth.employees:
                self.truth.owners[account] = (owner, until)
        save_people(self.store, self.truth.employees.values(), self.truth.owners, today=TODAY)
        # the store knows only accounts that it has seen
        seen = self.store.load_accounts()
        self.truth.owners = {a: owner for a, owner in self.truth.owners.items() if a in seen}

    @rule(kept=st.sets(st.integers(0, len(PERIODS) - 1)))
    def keep_periods(self, kept: set[int]) -> None:
        self.store.keep_periods([PERIODS[number] for number in sorted(kept)])

    @rule(number=st.integers(0, len(BUDGETS) - 1))
    def set_budget(self, number: int) -> None:
        """Set, or removed where it was set."""
        scope, name = BUDGETS[number]
        with self.store.snapshot() as seen:
            found = [one for one in seen.load_budgets() if (one.scope, one.name) == (scope, name)]
        if found:
            assert self.store.remove_budget(found[0], "x", NOW)
        else:
            assert self.store.save_budget(Terms(scope, name, Cycle.MONTH, Unit.CREDITS, 1, (100,)), "x", NOW)

    @rule(since=st.sampled_from(DAYS[:2]))
    def keep_group_sums(self, since: date) -> None:
        self.store.keep_group_sums(since)

    @rule(kept=st.integers(0, 1), splits=st.integers(0, 1))
    def settle(self, kept: int, splits: int) -> None:
        """All but the last of the days may lie in a week that is copied, with its splits or without."""
        with (
            patch.object(weeks, "KEPT_WEEKS", kept),
            patch.object(weeks, "SPLIT_WEEKS", splits),
            self.store.engine.unlocked() as connection,
        ):
            weeks.settle(connection)

    @rule()
    def make_columns(self) -> None:
        with self.store.engine.unlocked() as connection:
            columns.settle(connection)

    @rule(told=st.dictionaries(st.sampled_from(DAYS), amounts, max_size=4))
    def save_workspace_days(self, told: dict[date, Amounts]) -> None:
        rows = {day: WorkspaceRow(epoch_day(day), one, None) for day, one in told.items()}
        self.store.save_workspace_days(list(rows.values()), WEEK)
        self.truth.workspace = rows

    @invariant()
    def everything_told_is_true(self) -> None:
        self.asked += 1
        check_spans(self.store)
        with self.store.snapshot() as seen:
            sights = list(self._sights(seen))
            for period in (PERIODS[self.asked % 3], PERIODS[(self.asked + 1) % 3]):
                for sight in sights:
                    self._check_sums(seen, sight, period)
                    if not isinstance(sight, OnePerson):
                        self._check_rankings(seen, sight, period)
                self._check_company(seen, period)
                self._check_budgets(seen, period)
            for sight in sights:
                self._check_streaks(seen, sight)
                if isinstance(sight, Below):
                    self._check_branches(seen, sight, PERIODS[self.asked % 3])

    def _place(
        self, email: str, manager: int, team: str | None, department: str | None, *, archived: bool
    ) -> None:
        above = EMAILS[manager] if 0 <= manager < EMAILS.index(email) else None
        known = above if above in self.truth.employees else None
        center = department and f"cc-{department}"
        self.truth.employees[email] = Employee(
            email, email, known, team, department, center, archived=archived
        )

    def _sights(self, seen: Snapshot) -> Iterator[Sight]:
        yield EVERYONE
        for email in self.truth.employees:
            person = seen.find_person(email=email)
            assert person is not None
            assert person.team == self.truth.employees[email].team
            yield from (OnePerson(person), Below(person), SelfAndBelow(person))

    def _check_sums(self, seen: Snapshot, sight: Sight, period: Period) -> None:
        expected = self.truth.usage(sight, period)
        usage = seen.load_usage(sight, period)
        assert usage == expected
        assert seen.load_totals(sight, period) == expected.totals
        assert seen.count_people(sight) == len(self.truth.employed(sight))
        assert seen.count_active(sight, period) == len(self.truth.active(sight, period))

    def _check_rankings(self, seen: Snapshot, sight: Sight, period: Period) -> None:
        metrics = list(VALUES)
        for metric in (metrics[self.asked % 4], metrics[(self.asked + 1) % 4]):
            expected = self.truth.ranking(sight, period, metric)
            for most in (1, 2, MOST):
                ranked = seen.rank_people(sight, period, metric, most)
                told = [(one.person.email, one.totals, one.value) for one in ranked]
                assert told == expected[:most], (metric, most)

    def _check_streaks(self, seen: Snapshot, sight: Sight) -> None:
        expected = self.truth.streaks(sight, DAYS[3])
        ranked = seen.rank_streaks(sight, WEEK, DAYS[3], MOST)
        assert {one.person.email: one.value for one in ranked} == expected
        best = seen.rank_streaks(sight, WEEK, DAYS[3], 2)
        assert [one.value for one in best] == sorted(expected.values(), reverse=True)[:2]
        sums = self.truth.by_person(sight, WEEK)
        assert all(one.totals == sums[one.person.email] for one in ranked)

    def _check_branches(self, seen: Snapshot, sight: Below, period: Period) -> None:
        reports = seen.load_reports(sight)
        assert [one.email for one in reports] == self.truth.reports(sight.lead.email)
        parts = [part for branch in branches_of(sight, reports) for part in branch]
        told = zip(seen.load_branches(parts, period), seen.load_splits(parts, period), strict=True)
        for part, (sums, splits) in zip(parts, told, strict=True):
            usage = self.truth.usage(part, period)
            assert (sums.days, sums.totals) == (usage.days, usage.totals)
            assert splits.clients == {key: totals.credits_micro for key, totals in usage.clients.items()}
            assert splits.models == {key: totals.credits_micro for key, totals in usage.models.items()}
            assert (sums.people, sums.active) == (
                len(self.truth.employed(part)),
                len(self.truth.active(part, period)),
            )
        idle = seen.load_never_active(sight, MOST)
        expected = {one for one in self.truth.employed(sight) if not self.truth.active_days(one)}
        assert idle.people == len(expected)
        assert {one.email for one in idle.reports} == expected & set(self.truth.reports(sight.lead.email))

    def _check_company(self, seen: Snapshot, period: Period) -> None:
        unattributed = self.truth.usage(None, period).totals
        assert seen.load_unattributed(EVERYONE, period) == unattributed
        assert seen.load_workspace_gap(EVERYONE, period) == self.truth.workspace_gap(period)
        for smallest, most in ((0, MOST), (2, MOST), (1, 1), (0, 2)):
            groups = seen.load_groups(EVERYONE, period, smallest, most)
            assert [(g.name, g.people, g.totals) for g in groups] == self.truth.groups(period, smallest, most)
        active = {
            team: sum(1 for e in self.truth.active(EVERYONE, period) if self.truth.employees[e].team == team)
            for team in TEAMS
        }
        assert seen.count_active_of_groups(EVERYONE, TEAMS, period) == active
        sums = {name: totals for name, _, totals in self.truth.groups(period, 0, MOST) if totals.rows}
        assert seen.load_group_totals(EVERYONE, TEAMS, period) == sums
        for team, splits in zip(TEAMS, seen.load_group_splits(EVERYONE, TEAMS, period), strict=True):
            assert (splits.clients, splits.models) == self.truth.group_splits(team, period)

    def _check_budgets(self, seen: Snapshot, period: Period) -> None:
        for budget in seen.load_budgets():
            told = seen.load_spend_by_day(EVERYONE, budget, period)
            assert told == self._spend(budget.scope, budget.name, period), budget

    def _spend(self, scope: Scope, name: str | None, period: Period) -> dict[date, Spend]:
        found: dict[date, Spend] = {}
        for day in period.days():
            for row in self.truth.rows.get(day, {}).values():
                owner = self.truth.owner(row)
                if owner is not None and getattr(self.truth.employees[owner], scope.value) == name:
                    estimate = row.totals.estimated_cost_usd_micro
                    spend = Spend(1, row.totals.credits_micro, estimate or 0, int(estimate is not None))
                    before = found.get(day, Spend())
                    found[day] = Spend(*(a + b for a, b in zip(before, spend, strict=True)))
        return found


def differ(one: UsageRow, other: UsageRow) -> bool:
    """Compared as the store holds rows: the order of a split says nothing."""

    def content(row: UsageRow) -> tuple[object, ...]:
        models = None if row.models is None else sorted(row.models, key=repr)
        return (row.totals, sorted(row.clients), models, row.code, row.extra)

    return content(one) != content(other)


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Chains count as large from three people on, weeks settle at once, and nothing waits for a disk."""
    pragmas = ("journal_mode = WAL", "foreign_keys = ON", "synchronous = OFF")
    with (
        patch.object(rollups, "LARGE_CHAIN", 1),
        patch.object(reads, "_is_shorter_by_place", lambda places, _, most: places + most % 2 <= 3),
        patch.object(weeks, "REREAD_DAYS", 0),
        patch.object(columns, "WEEK_DAYS", 2),
        patch("bot.store.engine._WRITER", pragmas),
    ):
        yield


TestRollups = Rollups.TestCase
TestRollups.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
