"""Runaway spend is found in what is stored, told once, and over when it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.alerts.incidents import IncidentState
from bot.core.deliveries import ALERT, DeliveryState
from bot.core.models import MICRO, UsagePage
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation
from bot.core.spikes.findings import SpikeSettings
from bot.features.alerts.ask import load_quality
from bot.features.alerts.evaluate import BEGUN, JUDGED, Alerts, AlertSettings, Round
from bot.store.sqlite import SqliteStore
from tests.features.cast import cast_of_everyone, email, everyone_in_slack, hire, used
from tests.features.rig import NOW, TODAY, ago, keep_day
from tests.store.empty import empty_store

CHANNEL = "C0FINANCE"
SETTINGS = AlertSettings(SpikeSettings(), CHANNEL)
STAFF = ("alice", "bob", "carol", "dan", "gail", "erin")


def keep(store: SqliteStore, day: date, spent: Mapping[str, float], read: datetime | None = None) -> None:
    """A day on which everybody used 20 credits, but for whom it is said."""
    rows = [used(name, day, spent.get(name, 20)) for name in STAFF if spent.get(name, 20)]
    at = read or datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=13)
    keep_day(store, day, rows, at)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A company with a quiet past of twelve days up to the day before yesterday."""
    made = empty_store(tmp_path / "usage.db")
    past = [ago(days) for days in range(13, 1, -1)]
    rows = [used(name, day, 20 + day.day % 5) for day in past for name in STAFF]
    with made.staging() as staged:
        staged.add(UsagePage(rows, []))
        staged.replace_days(past, NOW - timedelta(days=1))
    hire(made, cast_of_everyone(), everyone_in_slack())
    yield made
    made.close()


def evaluate(store: SqliteStore, now: datetime = NOW, settings: AlertSettings = SETTINGS) -> Round:
    found = Alerts(store, settings).evaluate(now)
    assert found is not None
    return found


def evaluate_again(store: SqliteStore) -> Round:
    """After the next sync, where it is due; a preview says the same before."""
    alerts = Alerts(store, SETTINGS)
    previewed, found = alerts.preview(NOW), alerts.evaluate_if_due(NOW)
    assert found is not None
    assert previewed == found
    return found


def told(found: Round) -> list[tuple[str, str]]:
    return [(order.kind, order.recipient) for order in found.orders]


def test_a_quiet_company_hears_nothing(store: SqliteStore) -> None:
    keep(store, ago(1), {})
    assert evaluate(store) == Round((), ())
    assert store.load_note(BEGUN) == TODAY.isoformat()


def test_a_runaway_is_told_to_the_channel_and_to_the_manager(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    found = evaluate(store)
    (change,) = found.changes
    assert (change.incident.key.subject, change.incident.key.kind) == (email("carol"), "spike")
    assert told(found) == [("alert", CHANNEL), ("manager_alert", email("bob"))]
    (order, _) = found.orders
    assert (order.priority, order.period) == (ALERT, change.incident.card)
    assert order.due_at == datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    assert {one.order.kind for one in store.load_deliveries(order.period)} == {"alert", "manager_alert"}


def test_it_is_told_once_however_often_it_is_looked_at(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    assert evaluate(store) == Round((), ())
    assert Alerts(store, SETTINGS).evaluate_if_due(NOW) is None
    keep(store, TODAY, {}, NOW)
    again = Alerts(store, SETTINGS).evaluate_if_due(NOW)
    assert again == Round((), ())


def test_a_preview_keeps_nothing(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    alerts = Alerts(store, SETTINGS)
    assert alerts.preview(NOW) == alerts.preview(NOW) == evaluate(store)
    assert alerts.preview(NOW) == Round((), ())


def test_without_a_channel_the_manager_still_hears(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000, "alice": 4000})
    found = evaluate(store, settings=AlertSettings(SpikeSettings(), None))
    assert told(found) == [("manager_alert", email("bob"))]
    assert len(found.changes) == 2


def test_many_share_a_card_and_a_manager_gets_one_message(store: SqliteStore) -> None:
    keep(store, ago(1), dict.fromkeys(STAFF[:4], 3000))
    found = evaluate(store)
    people = [one for one in found.changes if one.incident.key.subject]
    assert len({one.incident.card for one in people}) == 1
    assert sorted(told(found)) == [
        ("alert", CHANNEL),
        ("manager_alert", email("alice")),
        ("manager_alert", email("bob")),
        ("manager_alert", email("gail")),
    ]


def test_the_first_evaluation_does_not_dig_in_the_past(store: SqliteStore) -> None:
    keep(store, ago(3), {"carol": 3000})
    keep(store, ago(1), {})
    assert evaluate(store) == Round((), ())


def test_later_ones_find_what_came_late(store: SqliteStore) -> None:
    keep(store, ago(1), {})
    evaluate(store)
    later = NOW + timedelta(days=3)
    for days in range(3):
        keep(store, TODAY + timedelta(days=days), {"carol": 0})
    assert evaluate(store, later) == Round((), ())
    keep(store, TODAY, {"carol": 3000}, later)
    assert told(evaluate(store, later)) == [("alert", CHANNEL), ("manager_alert", email("bob"))]


def test_a_running_day_fires_when_it_is_certain_already(store: SqliteStore) -> None:
    keep(store, ago(1), {})
    keep(store, TODAY, {"carol": 3000}, NOW)
    (order, _) = evaluate(store).orders
    assert order.due_at == NOW


def test_a_restated_day_leaves_nothing_open(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    keep(store, ago(1), {}, NOW)
    (change,) = evaluate(store).changes
    assert (change.what, change.incident.state, change.telling) == ("corrected", "resolved", None)


def test_a_higher_floor_ends_what_it_keeps_quiet_and_blames_no_vendor(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    store.save_alert_choice(SpikeSettings(floor_micro=5000 * MICRO), email("finn"), NOW, after=0)
    (change,) = evaluate_again(store).changes
    assert (change.what, change.incident.state) == ("retuned", "resolved")
    assert (change.telling, change.line) == (None, None), "whoever changed it knows"
    with store.snapshot() as seen:
        quality = load_quality(seen, Period(ago(30), TODAY + timedelta(days=1)))
    assert (quality.alerts, quality.corrected, quality.undecided) == (1, 0, 1)


def test_what_is_corrected_after_the_settings_were_changed_is_said_so(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    store.save_alert_choice(SpikeSettings(floor_micro=1000 * MICRO), email("finn"), NOW, after=0)
    assert [one.what for one in evaluate_again(store).changes] == ["changed"], "from how much on it fires"
    keep(store, ago(1), {}, NOW)
    assert [one.what for one in evaluate_again(store).changes] == ["corrected"]


def test_two_normal_days_end_it_and_days_off_do_not(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    now = NOW
    for days, spent, state in [(0, 20, "open"), (1, 0, "open"), (2, 25, "resolved")]:
        keep(store, TODAY + timedelta(days=days), {"carol": spent})
        now = NOW + timedelta(days=days + 1, hours=6)
        changes = evaluate(store, now).changes
        assert [one.what for one in changes] == (["calmed"] if state == "resolved" else [])
    with store.snapshot() as seen:
        assert seen.load_live_incidents() == []


def test_an_old_incident_is_still_corrected(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    later = NOW + timedelta(days=20)
    for days in range(20):
        keep(store, TODAY + timedelta(days=days), {"carol": 0})
    assert evaluate(store, later) == Round((), ())
    keep(store, ago(1), {}, later)
    assert [one.what for one in evaluate(store, later).changes] == ["corrected"]


def test_what_was_planned_is_not_told(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    plan = Expectation(email("carol"), Period(ago(1), TODAY), "load test", email("bob"))
    with store.changing_incidents() as ledger:
        ledger.save_expectation(plan, NOW)
    assert evaluate(store) == Round((), ())


class Restless:
    """A store that is written to while it is judged, as often as is said."""

    def __init__(self, store: SqliteStore, times: int) -> None:
        self._store = store
        self._times = times

    def __getattr__(self, name: str) -> object:
        if name == "changing_incidents" and self._times:
            self._times -= 1
            keep(self._store, ago(1), {"carol": 3000 + self._times}, NOW + timedelta(seconds=self._times))
        return getattr(self._store, name)


@pytest.mark.parametrize(("times", "is_judged"), [(1, True), (9, False)])
def test_what_changed_meanwhile_is_judged_anew(store: SqliteStore, times: int, *, is_judged: bool) -> None:
    keep(store, ago(1), {})
    found = Alerts(Restless(store, times), SETTINGS).evaluate(NOW)  # type: ignore[arg-type]  # passes on all else
    assert (found is not None) is is_judged
    assert (store.load_note(JUDGED) is not None) is is_judged
    with store.snapshot() as seen:
        assert [one.state for one in seen.load_live_incidents()] == [IncidentState.OPEN] * is_judged


def test_only_alerts_that_were_refused_are_tried_again(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    orders = evaluate(store).orders
    digest = replace(orders[0], kind="manager_digest", period="2026-W46")
    store.save_orders([digest], NOW)
    alerts = Alerts(store, SETTINGS)
    assert alerts.renew(NOW) == []
    with store.only_delivery(NOW) as outbox:
        while found := outbox.claim(NOW):
            is_lost = found.order.kind == "manager_alert"
            if is_lost:
                outbox.begin(found, "UBOB", None, NOW)
            state = DeliveryState.UNKNOWN if is_lost else DeliveryState.PARKED
            outbox.set_aside(found, state, "not_in_channel", NOW)
    assert alerts.renew(NOW) == [orders[0]]
    states = {one.order.kind: str(one.state) for one in store.load_deliveries(orders[0].period)}
    assert states == {"alert": "pending", "manager_alert": "unknown"}


def test_an_old_day_of_somebody_else_is_no_news(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    later = NOW + timedelta(days=20)
    for days in range(20):
        keep(store, TODAY + timedelta(days=days), {"carol": 0})
    keep(store, TODAY + timedelta(days=2), {"carol": 0, "dan": 3000}, later)
    assert evaluate(store, later) == Round((), ())


def test_what_somebody_chose_counts_from_the_next_look_on(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    deaf = SpikeSettings(floor_micro=10**12)
    alerts = Alerts(store, AlertSettings(deaf, CHANNEL))
    assert alerts.evaluate_if_due(NOW) == Round((), ())
    assert alerts.evaluate_if_due(NOW) is None
    assert store.save_alert_choice(SpikeSettings(), "finn@example.com", NOW, after=0)
    found = alerts.evaluate_if_due(NOW)
    assert found is not None
    assert told(found) == [("alert", CHANNEL), ("manager_alert", email("bob"))]
