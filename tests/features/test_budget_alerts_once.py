"""Whatever is corrected, edited, killed and evaluated in whatever order: each key is told in one message, and no more."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.core.budgets.terms import Cycle, Scope, Terms, Unit, open_periods
from bot.core.models import MICRO
from bot.features.budgets.evaluate import BudgetAlerts
from bot.ports import BudgetLedger
from bot.store.sqlite import SqliteStore
from tests.features.cast import cast_of_everyone, email, everyone_in_slack, hire
from tests.features.rig import NOW, ago
from tests.features.test_budget_alerts import CHANNEL, SETTINGS, STAFF, begin, keep

TERMS = (
    Terms(Scope.ORGANISATION, None, Cycle.MONTH, Unit.CREDITS, 1_200 * MICRO, (50, 80, 100)),
    Terms(Scope.TEAM, "Platform", Cycle.WEEK, Unit.CREDITS, 150 * MICRO, (80, 100)),
    Terms(Scope.PERSON, None, Cycle.MONTH, Unit.USD, 9 * MICRO, (50, 100)),
)


class Killed(BaseException):
    """The process ends here."""


class Deadly:
    """A store whose process is killed at the last write of an evaluation."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        return self.changing_budgets if name == "changing_budgets" else getattr(self._store, name)

    def changing_budgets(self) -> object:
        return _Dying(self._store.changing_budgets())


class _Dying:
    def __init__(self, block: object) -> None:
        self._block = block

    def __enter__(self) -> BudgetLedger:
        ledger: BudgetLedger = self._block.__enter__()  # type: ignore[attr-defined]  # a context manager
        ledger.save_note = _die  # type: ignore[method-assign]  # for this one evaluation
        return ledger

    def __exit__(self, *error: object) -> object:
        return self._block.__exit__(*error)  # type: ignore[attr-defined]  # as above


def _die(name: str, value: str) -> None:
    raise Killed(name, value)


class Told(RuleBasedStateMachine):
    """A store, a clock that goes on, and everything that can befall budgets."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.store = SqliteStore(self.folder / "usage.db")
        self.store.migrate()
        begin(self.store, [ago(back) for back in range(40, 0, -1)])
        hire(self.store, cast_of_everyone(), everyone_in_slack())
        for terms in TERMS:
            assert self.store.save_budget(terms, email("erin"), NOW - timedelta(days=60))
        self.now = NOW

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(back=st.integers(0, 25), who=st.sampled_from(STAFF), spent=st.sampled_from([0, 10, 60, 200]))
    def correct(self, back: int, who: str, spent: int) -> None:
        self.now += timedelta(minutes=1)
        keep(self.store, self.now.date() - timedelta(days=back), {who: spent}, self.now)

    @rule(number=st.integers(0, len(TERMS) - 1), factor=st.sampled_from([1, 2, 3]))
    def edit(self, number: int, factor: int) -> None:
        with self.store.snapshot() as seen:
            budget = seen.load_budgets()[number]
        terms = replace(budget.terms, amount_micro=TERMS[number].amount_micro * factor // 2)
        assert self.store.save_budget(terms, email("erin"), self.now, replaces=budget)

    @rule(days=st.integers(0, 12))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days, hours=1)

    @rule()
    def evaluate(self) -> None:
        assert BudgetAlerts(self.store, SETTINGS).evaluate(self.now) is not None
        self._nothing_reached_is_unsaid()

    @rule()
    def evaluate_and_die(self) -> None:
        with suppress(Killed):
            BudgetAlerts(Deadly(self.store), SETTINGS).evaluate(self.now)  # type: ignore[arg-type]  # passes on all else

    @invariant()
    def each_key_is_in_one_message_and_each_message_is_ordered(self) -> None:
        with self.store.engine.reading() as connection:
            said = connection.execute(
                "SELECT budget, version, since, threshold, subject, label FROM budget_said"
            ).fetchall()
            orders = connection.execute("SELECT kind, recipient, period FROM delivery").fetchall()
        assert {label for *_, label in said} == {period for _, _, period in orders}
        assert max(Counter(orders).values(), default=1) == 1
        told = Counter(
            (kind, recipient, *key)
            for kind, recipient, period in orders
            for *key, label in said
            if label == period
        )
        assert max(told.values(), default=1) == 1

    def _nothing_reached_is_unsaid(self) -> None:
        """Worked out from the rows alone, for the organisation, which the channel hears of."""
        assert SETTINGS.finance_channel == CHANNEL
        with self.store.snapshot() as seen, self.store.engine.reading() as connection:
            (budget,) = [one for one in seen.load_budgets() if one.scope is Scope.ORGANISATION]
            period = open_periods(budget, self.now.date())[-1]
            epoch = date(1970, 1, 1)
            (used,) = connection.execute(
                "SELECT coalesce(sum(credits), 0) FROM usage_day WHERE day >= ? AND day < ?",
                ((period.since - epoch).days, (period.until - epoch).days),
            ).fetchone()
            said = {key.threshold for key in seen.load_budget_said(budget, period.since)}
        assert {
            percent for percent in budget.thresholds if used * 100 >= budget.amount_micro * percent
        } <= said


TestTold = Told.TestCase
TestTold.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
