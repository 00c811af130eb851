"""What is said below a card: worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.alerts.incidents import Change, FiringDay, Happening, Incident, IncidentKey, IncidentState
from bot.core.alerts.lines import SAID, line_orders, with_lines
from bot.core.alerts.orders import AlertKind, card_label
from bot.core.deliveries import ALERT, Order
from bot.core.models import MICRO

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = FiringDay(date(2026, 11, 17), "warning", 900 * MICRO, 100 * MICRO, 300 * MICRO)


def change(who: str, what: Happening, card: str | None = "alert-1") -> Change:
    incident = Incident(IncidentKey(f"{who}@example.com", "spike"), IncidentState.RESOLVED, (DAY,), card=card)
    return Change(incident, what)


def card(label: str, kind: AlertKind = AlertKind.CARD, recipient: str = "C0FIN") -> Order:
    return Order(kind, recipient, label, NOW, NOW + timedelta(days=7), NOW, ALERT)


def labels(changes: Sequence[Change], answered_at: datetime | None = None) -> list[str | None]:
    return [one.line for one in with_lines(changes, answered_at)]


@pytest.mark.parametrize("what", list(Happening))
def test_answers_and_ends_are_said_and_nothing_else(what: Happening) -> None:
    quiet = {Happening.OPENED, Happening.CHANGED, Happening.WOKE, Happening.TOLD_AGAIN, Happening.RETUNED}
    quiet |= {
        Happening.JOINED,
        Happening.PLANNED,
        Happening.STOPPED,
        Happening.NOT_ME,
    }  # the card comes with them
    assert (labels([change("ana", what)]) != [None]) is (what not in quiet) is (what in SAID)


def test_what_happens_at_once_is_one_message_a_card() -> None:
    ana, bob = change("ana", Happening.CALMED), change("bob", Happening.CORRECTED)
    carol = change("carol", Happening.CALMED, "alert-2")
    first, second, third, none = labels([ana, bob, carol, change("dan", Happening.CHANGED)])
    assert first == second != third
    assert first is not None
    assert first.startswith("alert-1.")
    assert none is None
    assert labels([change("ana", Happening.CALMED, None)]) == [None]


def test_what_is_found_again_is_the_same_and_an_answer_is_another_each_time() -> None:
    ana = change("ana", Happening.CALMED)
    assert labels([ana]) == labels([ana]) != labels([change("ana", Happening.CORRECTED)])
    later = replace(ana.incident, days=(DAY, replace(DAY, day=date(2026, 11, 18))))
    assert labels([ana]) != labels([replace(ana, incident=later)])
    answers = [labels([ana], NOW + timedelta(minutes=minutes)) for minutes in range(2)]
    assert answers[0] != answers[1]


def test_a_line_goes_wherever_its_card_stands() -> None:
    changes = with_lines([change("ana", Happening.CALMED), change("bob", Happening.CALMED, "alert-2")])
    cards = [card("alert-1"), card("alert-1", AlertKind.MANAGER_CARD, "gail@example.com"), card("alert-3")]
    orders = line_orders(changes, cards, NOW)
    assert [(order.kind, order.recipient) for order in orders] == [
        ("alert_line", "C0FIN"),
        ("manager_alert_line", "gail@example.com"),
    ]
    assert {card_label(order) for order in orders} == {"alert-1"}
    assert {order.period for order in orders} == {changes[0].line}
    assert orders[0].due_at == datetime(2026, 11, 18, tzinfo=UTC)
    assert (orders[0].traces_since, orders[0].priority) == (datetime(2026, 11, 17, tzinfo=UTC), ALERT)
    assert line_orders([change("ana", Happening.CHANGED)], cards, NOW) == []


def test_each_kind_belongs_to_a_card() -> None:
    assert [kind.line for kind in AlertKind] == [AlertKind.LINE] * 3 + [AlertKind.MANAGER_LINE] * 3
    assert [kind.card for kind in AlertKind] == [AlertKind.CARD] * 3 + [AlertKind.MANAGER_CARD] * 3
    assert [kind for kind in AlertKind if kind.is_card] == [AlertKind.CARD, AlertKind.MANAGER_CARD]
