"""Whatever the API tells, however it fails and whoever owns the accounts: what is stored is what was last told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.core.metrics import Metric
from bot.core.models import MICRO
from bot.core.periods import Period, parse_period
from bot.core.visibility import Below, WholeCompany
from bot.demo.codex_faults import (
    Fail,
    Fault,
    Garbage,
    Reset,
    Rewrite,
    Truncate,
    WebPage,
    null_cursor,
    repeat_cursor,
    reverse_rows,
)
from tests.features.rig import ADMIN_SIGHT, EVER, Row, World, ago, only, usage

DAYS = [ago(n) for n in range(4)]
ACCOUNTS = "abcd"
STAFF = ("alice", "bob", "carol")
ACTS = (
    *(Fail(500), Fail(403), WebPage(), Garbage(), Truncate(), Reset(), Reset(after_headers=True)),
    *(Rewrite(null_cursor), Rewrite(repeat_cursor), Rewrite(reverse_rows)),
)

Spent = Mapping[str, int]
spent_by_account = st.dictionaries(st.sampled_from(ACCOUNTS), st.integers(1, 9))


class SyncMachine(RuleBasedStateMachine):
    """Two rows a page; the model is a table of days, and who owns what."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.world = World(Path(self.folder.name), page_limit=2).__enter__()
        self.told: dict[date, Spent] = {}
        self.spoilt: set[date] = set()
        self.stored: dict[date, Spent] = {}
        self.owners: Mapping[str, str] = {}
        self.managers: Mapping[str, str] = {}
        self.hire({}, {})
        self.sync()

    def teardown(self) -> None:
        self.world.__exit__(None, None, None)
        self.folder.cleanup()

    @rule(day=st.sampled_from(DAYS), spent=spent_by_account, is_spoilt=st.booleans())
    def tell(self, day: date, spent: Spent, *, is_spoilt: bool) -> None:
        """A day becomes another; a spoilt one has a row on top that cannot be understood."""
        rows: list[Row] = [usage(account, day, amount) for account, amount in spent.items()]
        self.world.table.put(day, [*rows, usage("x", day, totals=None)] if is_spoilt else rows)
        self.told[day] = spent
        (self.spoilt.add if is_spoilt else self.spoilt.discard)(day)

    @rule(
        owners=st.dictionaries(st.sampled_from(ACCOUNTS), st.sampled_from(STAFF)),
        managers=st.fixed_dictionaries(
            {}, optional={"bob": st.just("alice"), "carol": st.sampled_from(STAFF)}
        ),
    )
    def hire(self, owners: Mapping[str, str], managers: Mapping[str, str]) -> None:
        """The roster gives the accounts to others, and other managers to people."""
        lines = ["email,manager_email,aliases,team"]
        for name in STAFF:
            manager = managers.get(name, name)
            aliases = ";".join(f"{account}@example.com" for account, owner in owners.items() if owner == name)
            line = f"{manager}@example.com" if manager != name else ""
            lines.append(f"{name}@example.com,{line},{aliases},{owners.get('a', '')}")
        self.world.write_roster(*lines)
        self.owners, self.managers = owners, managers

    @rule(act=st.sampled_from(ACTS), nth=st.integers(1, 4))
    def fail(self, act: Fail, nth: int) -> None:
        """One page of the next sync, or of a later one, goes wrong."""
        self.world.api.faults.append(Fault(act, route="usage", nth=nth, times=6))

    @rule()
    def sync(self) -> None:
        self.world.clock.pass_by(seconds=30)
        report = self.world.sync(since=DAYS[-1])
        if only(report, "usage").error:
            return
        self.world.api.faults.clear()
        for day in DAYS:
            if day not in self.spoilt:
                self.stored[day] = self.told.get(day, {})

    @invariant()
    def what_is_stored_was_told(self) -> None:
        found = self.world.credits_by_day()
        assert found == {day: dict(spent) for day, spent in self.stored.items() if spent}

    @rule()
    def look_at_the_sums(self) -> None:
        """Every sum made beforehand is the sum of its parts."""
        self.world.api.faults.clear()
        self.sync()
        owned: dict[str, int] = dict.fromkeys((*STAFF, ""), 0)
        for spent in self.stored.values():
            for account, amount in spent.items():
                owned[self.owners.get(account, "")] += amount
        assert self.world.unattributed() == owned[""]
        assert {name: self.world.spent_by(f"{name}@example.com") for name in STAFF} == {
            name: owned[name] for name in STAFF
        }
        self.compare_rankings()
        self.compare_chain(owned)

    def compare_rankings(self) -> None:
        today = self.world.today
        kept = [parse_period(text, today) for text in ("today", "yesterday", "7d", "week")]
        for period in (*kept, EVER, Period(ago(2), ago(0))):
            expected: dict[str, int] = {}
            for day, spent in self.stored.items():
                for account, amount in spent.items():
                    owner = self.owners.get(account)
                    if owner and period.since <= day < period.until:
                        expected[owner] = expected.get(owner, 0) + amount
            assert self.ranking(ADMIN_SIGHT, period) == expected

    def ranking(self, sight: WholeCompany | Below, period: Period) -> dict[str, int]:
        with self.world.store.snapshot() as snapshot:
            ranked = snapshot.rank_people(sight, period, Metric.CREDITS, 100)
            total = snapshot.load_totals(sight, period).credits_micro
            nobodys = snapshot.load_unattributed(ADMIN_SIGHT, period).credits_micro
        if isinstance(sight, WholeCompany):
            assert total - nobodys == sum(one.totals.credits_micro for one in ranked)
        return {one.person.email.partition("@")[0]: one.value // MICRO for one in ranked}

    def compare_chain(self, owned: Mapping[str, int]) -> None:
        with self.world.store.snapshot() as snapshot:
            alice = snapshot.find_person(email="alice@example.com")
        assert alice is not None
        below = {name for name in ("bob", "carol") if self.managers.get(name) == "alice"}
        if "bob" in below and self.managers.get("carol") == "bob":
            below.add("carol")
        expected = {name: owned[name] for name in below if owned[name]}
        assert self.ranking(Below(alice), EVER) == expected


TestSync = SyncMachine.TestCase
TestSync.settings = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
