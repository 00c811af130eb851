"""The outbox, as every store must keep it: one row a message, and steps that only one process may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.deliveries import ALERT, Delivery, DeliveryState, Order, Posted, Standstill
from bot.errors import DeliveryRunningError, StoreError
from bot.ports import Outbox, Store

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WEEK = "2026-W46"
KIND = "manager_digest"
SENT = Posted("D1", "1.2")


def order(name: str, minutes: int = 0, *, priority: int = 1, kind: str = KIND) -> Order:
    due = NOW + timedelta(minutes=minutes)
    return Order(
        kind, f"{name}@example.com", WEEK, due, due + timedelta(days=7), NOW - timedelta(days=1), priority
    )


def states(store: Store) -> dict[str, DeliveryState]:
    return {one.order.recipient.partition("@")[0]: one.state for one in store.load_deliveries(WEEK)}


def claim(outbox: Outbox, now: datetime = NOW) -> Delivery:
    found = outbox.claim(now)
    assert found is not None
    return found


def claim_all(outbox: Outbox, now: datetime = LATER) -> list[str]:
    names = []
    while found := outbox.claim(now):
        names.append(found.order.recipient.partition("@")[0])
    return names


def send(outbox: Outbox, destination: str = "U1", said: str | None = None) -> Delivery:
    found = claim(outbox)
    assert outbox.begin(found, destination, said, NOW)
    return found


def test_an_order_is_kept_once_whoever_brings_it(store: Store) -> None:
    assert store.save_orders([order("ana"), order("bob", kind="other")], NOW) == 2
    assert store.save_orders([order("ana", 5), order("ana", kind="other")], LATER) == 1
    first = store.load_deliveries(WEEK)[0]
    assert (first.order, first.state, first.attempts, first.reason) == (order("ana"), "pending", 0, None)
    assert first.is_to_a_person
    assert store.load_deliveries("2026-W45") == []


def test_alerts_go_first_then_what_was_due_first(store: Store) -> None:
    late = [order("late", 30), order("soon", 10), order("first"), order("alert", 40, priority=ALERT)]
    store.save_orders([*late, order("not yet", 61)], NOW)
    with store.only_delivery(NOW) as outbox:
        assert claim_all(outbox) == ["alert", "first", "soon", "late"]
    assert states(store)["not yet"] == "pending"


def test_a_message_goes_from_step_to_step(store: Store) -> None:
    store.save_orders([order("ana")], NOW)
    with store.only_delivery(NOW) as outbox:
        found = send(outbox, "U1", '{"a":1}')
        assert states(store) == {"ana": "sending"}
        outbox.end(found, SENT, LATER)
        assert outbox.find_conversation("U1") == "D1"
        assert outbox.find_conversation("U2") is None
        assert outbox.claim(LATER) is None
    (sent,) = store.load_deliveries(WEEK)
    assert (sent.state, sent.attempts, sent.destination) == ("sent", 1, "U1")
    assert sent.state.is_final
    assert store.load_said(KIND, "ana@example.com", WEEK) == '{"a":1}'
    assert store.load_said(KIND, "bob@example.com", WEEK) is None


def test_what_was_certainly_not_sent_is_tried_again_later(store: Store) -> None:
    store.save_orders([order("ana")], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.put_back(send(outbox, said="{}"), LATER, "refused", NOW)
        assert outbox.claim(LATER - timedelta(seconds=1)) is None
        again = claim(outbox, LATER)
    assert (again.attempts, again.reason, again.destination) == (0, "refused", None)
    assert store.load_said(KIND, "ana@example.com", WEEK) is None


def test_a_digest_whose_time_has_passed_is_dropped_and_does_not_hold_up_the_next(store: Store) -> None:
    store.save_orders([order("ana"), order("bob"), order("carol", 10)], NOW)
    with store.only_delivery(NOW) as outbox:
        assert claim_all(outbox, NOW + timedelta(days=7)) == ["carol"]
    assert states(store) == {"ana": "dropped", "bob": "dropped", "carol": "claimed"}


def test_one_person_with_two_addresses_gets_it_once(store: Store) -> None:
    store.save_orders([order("ana"), order("ana.new", 1)], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox, "U1"), SENT, NOW)
        assert not outbox.begin(claim(outbox, LATER), "U1", None, LATER)
    assert states(store) == {"ana": "sent", "ana.new": "dropped"}


def test_a_parked_message_leaves_its_place_free(store: Store) -> None:
    store.save_orders([order("ana"), order("ana.new", 1)], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.set_aside(send(outbox, "U1"), DeliveryState.PARKED, "user_disabled", NOW)
        assert outbox.begin(claim(outbox, LATER), "U1", None, LATER)
    parked = store.load_troubles(NOW, 10)
    assert [(one.order.recipient, one.reason) for one in parked] == [("ana@example.com", "user_disabled")]


def test_parked_and_dropped_messages_can_be_renewed_and_no_others(store: Store) -> None:
    store.save_orders(
        [order(name, n) for n, name in enumerate(("sent", "parked", "dropped", "unknown"))], NOW
    )
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox), SENT, NOW)
        for state in (DeliveryState.PARKED, DeliveryState.DROPPED, DeliveryState.UNKNOWN):
            outbox.set_aside(claim(outbox, LATER), state, "so", NOW)
    everything = [one.number for one in store.load_deliveries(WEEK)]
    expires = NOW + timedelta(days=8)
    assert store.renew_deliveries(everything, LATER, expires) == 2
    assert max(one.order.expires_at for one in store.load_deliveries(WEEK)) == expires
    assert states(store) == {"sent": "sent", "parked": "pending", "dropped": "pending", "unknown": "unknown"}


def test_what_was_under_way_is_in_doubt_for_whoever_takes_over(store: Store) -> None:
    store.save_orders([order("sending"), order("claimed", 1), order("pending", 2)], NOW)
    with store.only_delivery(NOW) as outbox:
        send(outbox)
        claim(outbox, LATER)
    with store.only_delivery(LATER) as outbox:
        assert states(store) == {"sending": "doubtful", "claimed": "pending", "pending": "pending"}
        doubtful = outbox.find_doubtful([])
        assert doubtful is not None
        assert doubtful.destination == "U1"
        assert outbox.find_doubtful([doubtful.number]) is None
        outbox.end(doubtful, SENT, LATER)
    assert states(store)["sending"] == "sent"


def test_two_cannot_deliver_at_once(store: Store) -> None:
    with store.only_delivery(NOW), pytest.raises(DeliveryRunningError), store.only_delivery(NOW):
        pass
    with store.only_delivery(NOW):
        pass


def test_a_step_that_does_not_follow_is_an_error(store: Store) -> None:
    store.save_orders([order("ana")], NOW)
    with store.only_delivery(NOW) as outbox:
        found = claim(outbox)
        with pytest.raises(StoreError, match="not sending or doubtful any more"):
            outbox.end(found, SENT, NOW)
        outbox.set_aside(found, DeliveryState.DROPPED, "gone", NOW)
        for step in (
            lambda: outbox.begin(found, "U1", None, NOW),
            lambda: outbox.put_back(found, NOW, "", NOW),
            lambda: outbox.set_aside(found, DeliveryState.PARKED, "", NOW),
        ):
            with pytest.raises(StoreError, match="any more"):
                step()
    assert states(store) == {"ana": "dropped"}


def test_what_is_open_is_counted(store: Store) -> None:
    assert store.count_open_deliveries(NOW) == {}
    store.save_orders([order(name) for name in "abcdef"], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox), SENT, NOW)
        outbox.set_aside(claim(outbox), DeliveryState.PARKED, "no", NOW)
        outbox.set_aside(claim(outbox), DeliveryState.UNKNOWN, "perhaps", LATER)
        outbox.set_aside(claim(outbox), DeliveryState.DOUBTFUL, "perhaps", NOW)
        outbox.set_aside(claim(outbox), DeliveryState.DROPPED, "gone", NOW)
    assert store.count_open_deliveries(NOW) == {"pending": 1, "parked": 1, "unknown": 1, "doubtful": 1}
    assert store.count_open_deliveries(LATER) == {"pending": 1, "unknown": 1, "doubtful": 1}
    assert [one.state for one in store.load_troubles(NOW, 9)] == ["unknown", "parked"]
    assert len(store.load_troubles(NOW, 1)) == 1


def test_a_standstill_is_known_until_it_is_over(store: Store) -> None:
    assert store.load_standstill() is None
    with store.only_delivery(NOW) as outbox:
        outbox.save_standstill("token_revoked", NOW)
        outbox.save_standstill("invalid_auth", LATER)
        assert store.load_standstill() == Standstill(NOW, "invalid_auth")
        outbox.save_standstill(None, LATER)
    assert store.load_standstill() is None


def test_final_messages_are_forgotten_after_a_while(store: Store) -> None:
    store.save_orders([order("old"), order("open", 1)], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox), SENT, NOW)
    assert store.prune_deliveries(NOW) == 0
    assert store.prune_deliveries(LATER) == 1
    assert states(store) == {"open": "pending"}


def test_the_company_goes_in_at_once(store: Store) -> None:
    many: Sequence[Order] = [replace(order("x"), recipient=f"{n}@example.com") for n in range(2000)]
    assert store.save_orders(many, NOW) == 2000
    assert store.save_orders(many, NOW) == 0
