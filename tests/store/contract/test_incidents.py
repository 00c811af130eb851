"""Incidents, as every store must keep them: one a key, every move with who and why, all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.alerts.incidents import Change, FiringDay, Happening, Incident, IncidentKey, IncidentState, Told
from bot.core.deliveries import ALERT, DeliveryState, Order, Posted
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation
from bot.errors import StoreError
from bot.ports import Authorship, IncidentEvent, IncidentLedger, KeptIncident, Store
from tests.store.rig import MONDAY, NOW, STAFF, save_people, sync_day, usage_row

KEY = IncidentKey("carol@example.com", "spike")
SURGE = IncidentKey(None, "org_surge")
DAY = FiringDay(MONDAY, "critical", 3000 * MICRO, 200 * MICRO, 900 * MICRO)
OPEN = Incident(KEY, IncidentState.OPEN, (DAY,), None, Told(NOW, MONDAY, DAY.excess_micro, "c1"), None, "c1")
LATER = NOW + timedelta(hours=1)
BY_ERIN = Authorship(LATER, "erin@example.com", "load test")


def save(
    store: Store, incident: Incident = OPEN, what: Happening = Happening.OPENED, by: Authorship | None = None
) -> int:
    with store.changing_incidents() as ledger:
        return ledger.save_change(Change(incident, what), by or Authorship(NOW))


def load(store: Store, *keys: IncidentKey) -> dict[IncidentKey, Incident]:
    with store.changing_incidents() as ledger:
        return ledger.load_incidents(keys)


@pytest.mark.parametrize(
    "incident",
    [
        OPEN,
        replace(OPEN, key=SURGE, state=IncidentState.SNOOZED, until=LATER),
        replace(OPEN, settled=date(2026, 11, 1), days=(DAY, replace(DAY, day=MONDAY + timedelta(days=1)))),
        replace(OPEN, told=None, card=None),
    ],
)
def test_an_incident_comes_back_as_it_was(store: Store, incident: Incident) -> None:
    number = save(store, incident)
    assert load(store) == {incident.key: incident}
    with store.changing_incidents() as ledger:
        assert ledger.find_incident(number) == incident
        assert ledger.find_incident(number + 1) is None


def test_a_key_has_one_incident_and_all_of_its_history(store: Store) -> None:
    first = save(store)
    answered = replace(OPEN, state=IncidentState.SNOOZED, until=LATER + timedelta(days=1))
    assert save(store, answered, Happening.SNOOZED, BY_ERIN) == first
    assert load(store) == {KEY: answered}
    assert store.load_events(first) == [
        IncidentEvent("opened", Authorship(NOW), MONDAY, DAY.excess_micro),
        IncidentEvent("snoozed", BY_ERIN, MONDAY, DAY.excess_micro, answered.until),
    ]


def test_what_is_resolved_is_read_by_its_key_only(store: Store) -> None:
    over = replace(OPEN, state=IncidentState.RESOLVED)
    save(store, over)
    save(store, replace(OPEN, key=SURGE))
    assert set(load(store)) == {SURGE}
    assert load(store, KEY, IncidentKey("carol@example.com", "shift"), SURGE).keys() == {KEY, SURGE}


def test_incidents_are_found_by_the_messages_on_which_they_stand(store: Store) -> None:
    small = replace(OPEN, key=SURGE, told=Told(NOW, MONDAY, 5, "c1.x"))
    numbers = [save(store, small), save(store)]
    assert store.load_card("c1") == [KeptIncident(numbers[1], OPEN, 2), KeptIncident(numbers[0], small, 1)]
    assert store.load_told("c1.x") == [KeptIncident(numbers[0], small, 1)]
    assert store.load_card("c2") == []


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    order = Order("alert", "C0FIN", "c1", NOW, LATER, NOW, ALERT)

    def fail_at_the_end(ledger: IncidentLedger) -> None:
        ledger.save_change(Change(OPEN, Happening.OPENED), Authorship(NOW))
        assert ledger.save_orders([order], NOW) == 1
        ledger.save_note("judged", "x")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.changing_incidents() as ledger:
        fail_at_the_end(ledger)
    assert (load(store), store.load_deliveries("c1"), store.load_note("judged")) == ({}, [], None)
    assert store.load_newest_event() == 0


def test_orders_and_notes_are_kept_with_it(store: Store) -> None:
    order = Order("alert", "C0FIN", "c1", NOW, LATER, NOW, ALERT)
    for added in (1, 0):
        with store.changing_incidents() as ledger:
            assert ledger.save_orders([order], NOW) == added
            ledger.save_note("judged", "x")
            assert ledger.load_note("judged") == "x"
    assert [one.order for one in store.load_deliveries("c1")] == [order]


def send(store: Store, period: str, said: str) -> None:
    with store.changing_incidents() as ledger:
        ledger.save_orders([Order("alert", "C0FIN", period, NOW, LATER + timedelta(days=1), NOW, ALERT)], NOW)
    with store.only_delivery(NOW) as outbox:
        found = outbox.claim(NOW)
        assert found is not None
        outbox.begin(found, "C0FIN", said, NOW)
        outbox.end(found, Posted("C0FIN", "1.2"), NOW)


def test_a_card_is_stale_until_it_shows_the_newest_event(store: Store) -> None:
    save(store)
    assert store.find_conversation("alert", "C0FIN", "c1") is None
    send(store, "c1", str(store.load_newest_event()))
    assert store.find_conversation("alert", "C0FIN", "c1") == ("C0FIN", "1.2")
    assert store.load_stale_cards(["alert"]) == []
    save(store, replace(OPEN, state=IncidentState.ACKNOWLEDGED), Happening.ACKNOWLEDGED, BY_ERIN)
    assert store.load_stale_cards(["manager_alert"]) == []
    (stale,) = store.load_stale_cards(["alert"])
    assert (stale.order.period, stale.channel, stale.ts) == ("c1", "C0FIN", "1.2")
    store.note_shown(stale.delivery, str(store.load_newest_event()))
    assert store.load_stale_cards(["alert"]) == []


def test_what_was_announced_is_known_until_it_is_over(store: Store) -> None:
    plan = Expectation(
        "carol@example.com", Period(MONDAY, MONDAY + timedelta(days=3)), "load test", "erin@example.com"
    )
    normal = replace(plan, subject=None, factor=5, most_micro=7)
    with store.changing_incidents() as ledger:
        for one in (plan, normal):
            ledger.save_expectation(one, NOW)
        assert ledger.load_expectations(MONDAY + timedelta(days=2)) == [plan, normal]
        assert ledger.load_expectations(MONDAY + timedelta(days=3)) == []


@pytest.mark.parametrize("wrong", [{"factor": 0}, {"most_micro": -1}, {"period": Period(MONDAY, MONDAY)}])
def test_what_cannot_be_meant_is_refused(store: Store, wrong: dict[str, object]) -> None:
    plan = Expectation(
        "carol@example.com", Period(MONDAY, MONDAY + timedelta(days=3)), "", "erin@example.com"
    )
    with pytest.raises(StoreError), store.changing_incidents() as ledger:
        ledger.save_expectation(replace(plan, **wrong), NOW)  # type: ignore[arg-type]  # wrong on purpose


def test_the_mark_of_usage_changes_with_usage_and_people(store: Store) -> None:
    marks = []
    for step in (
        lambda: None,
        lambda: sync_day(store, MONDAY, [usage_row("a", MONDAY, 5)]),
        lambda: sync_day(store, MONDAY, [usage_row("a", MONDAY, 6)], LATER),
        lambda: save_people(store),
    ):
        step()
        with store.changing_incidents() as ledger:
            marks.append(ledger.load_usage_mark())
    assert len(set(marks)) == len(marks)


def test_live_incidents_are_part_of_what_is_read_together(store: Store) -> None:
    save(store)
    save(store, replace(OPEN, key=SURGE, state=IncidentState.RESOLVED))
    with store.snapshot() as seen:
        assert seen.load_live_incidents() == [OPEN]
        with store.changing_incidents() as ledger:
            assert ledger.load_usage_mark() == seen.load_usage_mark()


def test_a_manager_is_whoever_is_named_and_employed(store: Store) -> None:
    staff = [replace(one, manager_email="zoe@example.com") if one.name == "Finn" else one for one in STAFF]
    save_people(store, staff)
    names = ["carol", "alice", "finn", "dan", "nobody"]
    with store.changing_incidents() as ledger:
        assert ledger.load_managers(f"{name}@example.com" for name in names) == {
            "carol@example.com": "bob@example.com",
            "dan@example.com": "gail@example.com",
        }


def test_a_message_about_an_incident_is_no_newest_week(store: Store) -> None:
    """What did not arrive is counted of the newest week's digests, whatever alerts were sent since."""
    later = LATER + timedelta(days=1)
    orders = [
        Order("manager_digest", "carol@example.com", "2026-W47", NOW, later, NOW),
        Order("alert", "C0FIN", "alert-c1", NOW, later, NOW, ALERT),
    ]
    store.save_orders(orders, NOW)
    with store.only_delivery(NOW) as outbox:
        while found := outbox.claim(NOW):
            outbox.set_aside(found, DeliveryState.PARKED, "user_disabled", NOW)
    with store.snapshot() as seen:
        assert seen.load_admin_status().undelivered == 1


def test_a_line_is_found_by_its_label_and_belongs_to_cards_that_may_stand(store: Store) -> None:
    number = save(store)
    other = save(store, replace(OPEN, key=SURGE, told=Told(NOW, MONDAY, 5)))
    answered = Change(OPEN, Happening.ACKNOWLEDGED, line="c1.x")
    with store.changing_incidents() as ledger:
        assert ledger.load_cards([answered]) == []
        ledger.save_change(answered, BY_ERIN)
        ledger.save_change(replace(answered, incident=replace(OPEN, key=SURGE)), BY_ERIN)
        ledger.save_change(replace(answered, line=None), BY_ERIN)
    assert [one.number for one in store.load_lined("c1.x")] == [number, other]
    assert store.load_lined("c1") == []
    assert [event.line for event in store.load_events(number)] == [None, "c1.x", None]


@pytest.mark.parametrize(
    ("state", "is_told"),
    [
        (DeliveryState.PENDING, False),  # it will say so itself
        (DeliveryState.SENDING, True),
        (DeliveryState.SENT, True),
        (DeliveryState.DOUBTFUL, True),
        (DeliveryState.PARKED, False),
        (DeliveryState.UNKNOWN, False),
    ],
)
def test_only_below_a_card_that_was_sent_there_is_a_line(
    store: Store, state: DeliveryState, *, is_told: bool
) -> None:
    later = LATER + timedelta(days=1)
    store.save_orders(
        [Order(kind, "C0FIN", "c1", NOW, later, NOW, ALERT) for kind in ("alert", "alert_again")], NOW
    )
    with store.only_delivery(NOW) as outbox:
        while state is not DeliveryState.PENDING and (found := outbox.claim(NOW)):
            outbox.begin(found, found.order.kind, None, NOW)
            if state is DeliveryState.SENT:
                outbox.end(found, Posted("C0FIN", "1.2"), NOW)
            elif state is not DeliveryState.SENDING:
                outbox.set_aside(found, state, "", NOW)
    with store.changing_incidents() as ledger:
        cards = ledger.load_cards([Change(OPEN, Happening.CALMED, line="c1.x")])
        assert ledger.load_cards([Change(OPEN, Happening.CALMED)]) == []
    assert [(card.kind, card.period) for card in cards] == [("alert", "c1")] * is_told
