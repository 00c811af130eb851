"""Budgets are told of when a threshold is reached or a forecast is worth it: each once, to whoever may hear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.core.budgets.orders import BudgetAlertKind, Notice
from bot.core.budgets.terms import Budget, Cycle, SaidKey, Scope, Terms, Unit
from bot.core.deliveries import ALERT, DeliveryState
from bot.core.models import MICRO, UsagePage
from bot.features.budgets.evaluate import BEGUN, JUDGED, BudgetAlerts, BudgetAlertSettings, BudgetRound
from bot.store.sqlite import SqliteStore
from tests.features.cast import cast_of_everyone, email, everyone_in_slack, hire, used
from tests.features.rig import NOW, TODAY, ago, keep_day

CHANNEL = "C0FINANCE"
SETTINGS = BudgetAlertSettings(Decimal("0.04"), CHANNEL)
STAFF = ("alice", "bob", "carol", "dan", "gail", "finn")
PEOPLE = len(STAFF)
SO_FAR = 10 * PEOPLE * 19
"""Credits of everybody in November up to yesterday, the 19th; at 60 a day it will be 1,800 in the end."""

WHOLE = Terms(Scope.ORGANISATION, None, Cycle.MONTH, Unit.CREDITS, 2_000 * MICRO, (50, 80, 100))
ENG = replace(WHOLE, scope=Scope.DEPARTMENT, name="Eng")
PLATFORM = replace(WHOLE, scope=Scope.TEAM, name="Platform", amount_micro=1_000 * MICRO)
EACH = Terms(Scope.PERSON, None, Cycle.MONTH, Unit.CREDITS, 400 * MICRO, (50, 100))


def keep(store: SqliteStore, day: date, spent: Mapping[str, float], read: datetime | None = None) -> None:
    """A day on which everybody used 10 credits, but for whom it is said."""
    rows = [used(name, day, spent.get(name, 10)) for name in STAFF if spent.get(name, 10)]
    keep_day(
        store, day, rows, read or datetime(day.year, day.month, day.day, 13, tzinfo=UTC) + timedelta(days=1)
    )


def begin(store: SqliteStore, days: Sequence[date]) -> None:
    """On each of the days everybody used 10 credits."""
    with store.staging() as staged:
        staged.add(UsagePage([used(name, day, 10) for day in days for name in STAFF], []))
        staged.replace_days(days, NOW - timedelta(hours=1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A company that used 60 credits on each of the last 40 days; nothing of today is known."""
    made = SqliteStore(tmp_path / "usage.db")
    made.migrate()
    begin(made, [ago(back) for back in range(40, 0, -1)])
    hire(made, [replace(one, department="Eng") for one in cast_of_everyone()], everyone_in_slack())
    yield made
    made.close()


def added(store: SqliteStore, *terms: Terms, on: datetime = NOW - timedelta(days=60)) -> list[Budget]:
    found = [store.save_budget(one, email("erin"), on) for one in terms]
    return [budget for budget in found if budget is not None]


def edited(store: SqliteStore, budget: Budget, terms: Terms, now: datetime = NOW) -> Budget:
    found = store.save_budget(terms, email("erin"), now, replaces=budget)
    assert found is not None
    return found


def evaluate(
    store: SqliteStore, now: datetime = NOW, settings: BudgetAlertSettings = SETTINGS
) -> BudgetRound:
    found = BudgetAlerts(store, settings).evaluate(now)
    assert found is not None
    return found


def told(found: BudgetRound) -> list[tuple[str, str]]:
    return [(order.kind, order.recipient) for order in found.orders]


def thresholds(notice: Notice) -> list[int | None]:
    return [key.threshold for key in notice.keys]


def test_half_a_budget_used_is_told_to_the_channel_once(store: SqliteStore) -> None:
    """1,140 of 2,000 on the 19th; 1,000 had been reached on the 17th, when 17 days of 60 had passed."""
    (budget,) = added(store, WHOLE)
    found = evaluate(store)
    (notice,) = found.notices
    assert (notice.budget, thresholds(notice), notice.used_micro) == (budget, [50], SO_FAR * MICRO)
    (order,) = found.orders
    assert (order.kind, order.recipient, order.priority) == (BudgetAlertKind.CHANNEL, CHANNEL, ALERT)
    assert order.traces_since == datetime(2026, 11, 17, tzinfo=UTC)
    assert order.due_at == datetime(2026, 11, 18, tzinfo=UTC)
    assert [one.order for one in store.load_deliveries(order.period)] == [order]
    assert evaluate(store) == BudgetRound()
    assert BudgetAlerts(store, SETTINGS).evaluate_if_due(NOW) is None


def test_a_preview_keeps_nothing(store: SqliteStore) -> None:
    added(store, WHOLE)
    alerts = BudgetAlerts(store, SETTINGS)
    assert alerts.preview(NOW) == alerts.preview(NOW) == evaluate(store)
    assert alerts.preview(NOW) == BudgetRound()


def test_several_thresholds_at_once_are_one_message(store: SqliteStore) -> None:
    added(store, replace(WHOLE, amount_micro=1_140 * MICRO))
    found = evaluate(store)
    assert [thresholds(one) for one in found.notices] == [[50, 80, 100]]
    assert found.notices[0].threshold == 100
    assert len(found.orders) == 1


def test_a_forecast_is_told_with_a_threshold_or_alone_and_once(store: SqliteStore) -> None:
    """1,800 will be used of 1,500, of which 1,140 are."""
    added(store, replace(WHOLE, amount_micro=1_500 * MICRO, thresholds=(50, 100)))
    (notice,) = evaluate(store).notices
    assert thresholds(notice) == [50, None]
    added(store, replace(ENG, amount_micro=1_500 * MICRO, thresholds=(100,)))
    (alone,) = evaluate(store).notices
    assert (thresholds(alone), alone.threshold, alone.at) == ([None], None, date(2026, 11, 5))
    assert evaluate(store) == BudgetRound()


def test_over_a_gap_there_is_no_forecast(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "usage.db")
    store.migrate()
    begin(store, [ago(back) for back in range(40, 0, -1) if back != 7])
    added(store, replace(WHOLE, amount_micro=1_500 * MICRO, thresholds=(60, 100)))
    assert [thresholds(one) for one in evaluate(store).notices] == [[60]]
    keep(store, ago(7), {}, NOW)
    assert [thresholds(one) for one in evaluate(store).notices] == [[None]]
    store.close()


def test_days_and_weeks_begin_anew(store: SqliteStore) -> None:
    """The week from Monday the 16th has 240 until yesterday; a day 60."""
    added(store, replace(WHOLE, cycle=Cycle.WEEK, amount_micro=300 * MICRO, thresholds=(80,)))
    (weekly,) = evaluate(store).notices
    assert (weekly.keys[0].since, thresholds(weekly)) == (date(2026, 11, 16), [80, None])
    store.save_budget(replace(WHOLE, cycle=Cycle.DAY, amount_micro=60 * MICRO), email("erin"), NOW)
    assert evaluate(store).notices == ()
    keep(store, TODAY, {}, NOW)
    (daily,) = evaluate(store).notices
    assert (daily.keys[0].since, thresholds(daily)) == (TODAY, [50, 80, 100])
    tomorrow = NOW + timedelta(days=1)
    keep(store, TODAY + timedelta(days=1), {}, tomorrow)
    assert [one.keys[0].since for one in evaluate(store, tomorrow).notices] == [tomorrow.date()]


def test_an_edit_tells_its_thresholds_anew(store: SqliteStore) -> None:
    (budget,) = added(store, WHOLE)
    first = evaluate(store)
    edited(store, budget, replace(WHOLE, amount_micro=1_900 * MICRO))
    assert BudgetAlerts(store, SETTINGS).evaluate_if_due(NOW) is not None
    with store.snapshot() as seen:
        assert seen.load_budget_said(replace(budget, version=2), date(2026, 11, 1))
    edited(store, replace(budget, version=2), replace(WHOLE, amount_micro=1_800 * MICRO))
    second = evaluate(store)
    assert [thresholds(one) for one in second.notices] == [[50]]
    assert second.orders[0].period != first.orders[0].period


def test_a_correction_that_goes_and_comes_is_told_once(store: SqliteStore) -> None:
    added(store, replace(WHOLE, thresholds=(55,)))
    keep(store, ago(1), dict.fromkeys(STAFF, 0), NOW)
    assert evaluate(store) == BudgetRound()
    keep(store, ago(1), {}, NOW)
    assert [thresholds(one) for one in evaluate(store).notices] == [[55]]
    for spent in (0, 10):
        keep(store, ago(1), dict.fromkeys(STAFF, spent), NOW)
        assert evaluate(store) == BudgetRound()


def test_a_late_correction_crosses_last_months_threshold(store: SqliteStore) -> None:
    begun = NOW - timedelta(days=25)
    added(store, replace(WHOLE, amount_micro=10_000 * MICRO))
    assert evaluate(store, begun) == BudgetRound()
    keep(store, date(2026, 10, 31), {"carol": 8_000}, NOW)
    (notice,) = evaluate(store).notices
    assert (notice.keys[0].since, thresholds(notice)) == (date(2026, 10, 1), [50, 80])


def test_what_had_ended_before_the_first_evaluation_is_no_news(store: SqliteStore) -> None:
    added(store, replace(WHOLE, amount_micro=10_000 * MICRO))
    keep(store, date(2026, 10, 31), {"carol": 9_000}, NOW)
    assert evaluate(store) == BudgetRound()
    assert store.load_note(BEGUN) == TODAY.isoformat()


def test_a_budget_in_dollars_needs_a_price(store: SqliteStore) -> None:
    """1,140 credits are $45.60."""
    added(store, replace(WHOLE, unit=Unit.USD, amount_micro=100 * MICRO, thresholds=(45,)))
    assert evaluate(store, settings=replace(SETTINGS, price_usd=None)) == BudgetRound()
    (notice,) = evaluate(store).notices
    assert (thresholds(notice), notice.used_micro) == ([45], 45_600_000)


def test_a_small_team_is_told_to_its_head_and_not_to_the_channel(store: SqliteStore) -> None:
    added(store, PLATFORM)
    assert told(evaluate(store)) == [("manager_budget_alert", email("alice"))]


def test_a_group_that_is_large_enough_is_told_to_the_channel(store: SqliteStore) -> None:
    """Nobody has everybody of it below them."""
    added(store, ENG)
    assert told(evaluate(store)) == [("budget_alert", CHANNEL)]


def test_what_nobody_hears_is_not_noted_as_said(store: SqliteStore) -> None:
    added(store, WHOLE)
    deaf = replace(SETTINGS, finance_channel=None)
    assert evaluate(store, settings=deaf) == BudgetRound()
    assert BudgetAlerts(store, SETTINGS).evaluate_if_due(NOW) == evaluate_again(store)


def evaluate_again(store: SqliteStore) -> BudgetRound:
    """What a preview would have said before it was kept: read from the outbox."""
    assert evaluate(store) == BudgetRound()
    with store.snapshot() as seen:
        (budget,) = seen.load_budgets()
        assert {key.threshold for key in seen.load_budget_said(budget, date(2026, 11, 1))} == {50}
    key = SaidKey(budget.id, 1, date(2026, 11, 1), 50)
    found = Notice(budget, (key,), SO_FAR * MICRO, date(2026, 11, 17))
    order = next(one.order for one in store.load_deliveries(label_of(store, key)))
    return BudgetRound((replace(found, label=order.period),), (order,))


def label_of(store: SqliteStore, key: SaidKey) -> str:
    with store.engine.reading() as connection:
        (label,) = connection.execute(
            "SELECT label FROM budget_said WHERE budget = ?", (key.budget,)
        ).fetchone()
    return str(label)


def test_a_person_their_manager_and_the_channel_hear_of_a_budget_for_each(store: SqliteStore) -> None:
    """Carol used 50 credits yesterday, 230 this month."""
    added(store, EACH)
    keep(store, ago(1), {"carol": 50}, NOW)
    found = evaluate(store)
    assert [(one.subject, thresholds(one), one.used_micro) for one in found.notices] == [
        (email("carol"), [50], 230 * MICRO)
    ]
    assert told(found) == [
        ("budget_alert", CHANNEL),
        ("manager_budget_alert", email("bob")),
        ("own_budget_alert", email("carol")),
    ]
    assert evaluate(store) == BudgetRound()
    keep(store, ago(1), {"carol": 220}, NOW)
    assert [(one.subject, thresholds(one)) for one in evaluate(store).notices] == [(email("carol"), [100])]


def test_many_at_once_share_a_message_for_the_channel_and_for_each_manager(store: SqliteStore) -> None:
    added(store, replace(EACH, amount_micro=380 * MICRO))
    found = evaluate(store)
    assert len(found.notices) == PEOPLE
    assert len({one.label for one in found.notices}) == 1
    assert sorted(told(found)) == [
        ("budget_alert", CHANNEL),
        ("manager_budget_alert", email("alice")),
        ("manager_budget_alert", email("bob")),
        ("manager_budget_alert", email("gail")),
        *sorted(("own_budget_alert", email(name)) for name in STAFF),
    ]


def test_three_at_once_are_three_messages_and_four_are_one(store: SqliteStore) -> None:
    terms = [replace(WHOLE, unit=unit, amount_micro=80 * MICRO, thresholds=(50,)) for unit in Unit]
    terms.append(replace(ENG, amount_micro=1_140 * MICRO))
    added(store, *terms)
    three = evaluate(store)
    assert len({order.period for order in three.orders}) == len(three.notices) == 3
    for budget in {one.budget.id: one.budget for one in three.notices}.values():
        edited(store, budget, replace(budget.terms, thresholds=(51,)))
    added(store, replace(WHOLE, cycle=Cycle.WEEK, amount_micro=100 * MICRO, thresholds=(50,)))
    four = evaluate(store)
    assert (len(four.notices), len(four.orders)) == (4, 1)


class Restless:
    """A store in which, as often as is said, something happens between the look and the noting."""

    def __init__(self, store: SqliteStore, times: int) -> None:
        self._store = store
        self._times = times

    def __getattr__(self, name: str) -> object:
        if name == "changing_budgets" and self._times:
            self._times -= 1
            keep(self._store, ago(1), {"carol": 3_000 + self._times}, NOW + timedelta(seconds=self._times))
        return getattr(self._store, name)


@pytest.mark.parametrize(("times", "is_judged"), [(1, True), (9, False)])
def test_what_changed_meanwhile_is_measured_anew(store: SqliteStore, times: int, *, is_judged: bool) -> None:
    added(store, WHOLE)
    found = BudgetAlerts(Restless(store, times), SETTINGS).evaluate(NOW)  # type: ignore[arg-type]  # passes on all else
    assert (found is not None) is is_judged
    assert (store.load_note(JUDGED) is not None) is is_judged
    if found:
        assert [one.used_micro for one in found.notices] == [(SO_FAR - 10 + 3_000) * MICRO]


class Overtaken(Restless):
    """A store in which another process says it all first."""

    def __getattr__(self, name: str) -> object:
        if name == "changing_budgets" and self._times:
            self._times -= 1
            evaluate(self._store)
        return getattr(self._store, name)


def test_two_who_evaluate_at_once_tell_it_once(store: SqliteStore) -> None:
    added(store, WHOLE, ENG)
    assert BudgetAlerts(Overtaken(store, 1), SETTINGS).evaluate(NOW) == BudgetRound()  # type: ignore[arg-type]  # as above


def test_only_what_was_refused_is_tried_again(store: SqliteStore) -> None:
    added(store, EACH)
    keep(store, ago(1), {"carol": 50}, NOW)
    orders = evaluate(store).orders
    store.save_orders([replace(orders[0], kind="alert")], NOW)
    alerts = BudgetAlerts(store, SETTINGS)
    assert alerts.renew(NOW) == []
    with store.only_delivery(NOW) as outbox:
        while found := outbox.claim(NOW):
            is_lost = found.order.kind == "own_budget_alert"
            if is_lost:
                outbox.begin(found, "UCAROL", None, NOW)
            state = DeliveryState.UNKNOWN if is_lost else DeliveryState.PARKED
            outbox.set_aside(found, state, "not_in_channel", NOW)
    again = [(one.kind, one.recipient) for one in alerts.renew(NOW)]
    assert sorted(again) == [("budget_alert", CHANNEL), ("manager_budget_alert", email("bob"))]
