"""What happens to an incident is said once in the thread of its card, to whoever reads that, and by the same names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.alerts.cards import Subject
from bot.core.alerts.incidents import IncidentState
from bot.core.alerts.orders import LINES
from bot.core.alerts.replies import Reply, ReplyKind
from bot.core.deliveries import Delivery, Order
from bot.features.alerts.answer import AlertAnswers
from bot.features.alerts.evaluate import Alerts
from bot.features.alerts.write import NO_CARD, NOT_THEIRS, pseudonym
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS as ASK_SETTINGS
from tests.features.cast import cast_of_everyone, email, everyone_in_slack, hire
from tests.features.rig import NOW, TODAY, ago
from tests.features.test_alerts import CHANNEL, SETTINGS, STAFF, evaluate, keep
from tests.features.test_alerts import store as store  # noqa: PLC0414 - a fixture
from tests.features.test_write_alert import orders as orders  # noqa: PLC0414 - a fixture
from tests.features.test_write_alert import send, write, writer

LATER = NOW + timedelta(days=2, hours=6)


@pytest.fixture
def sent(store: SqliteStore, orders: dict[str, Order]) -> dict[str, Order]:
    """Both of Carol's cards stand in Slack."""
    for order in orders.values():
        send(store, order)
    return orders


def answer(store: SqliteStore, card: Order, kind: ReplyKind, who: str = "UERIN", at: int = 0) -> None:
    (number,) = [one.number for one in store.load_card(card.period)]
    now = NOW + timedelta(minutes=at)
    AlertAnswers(store, ASK_SETTINGS).answer(who, number, Reply(kind, "load test"), now)


def lines(store: SqliteStore, card: Order) -> list[Delivery]:
    """Every line that was ordered for the card, the oldest first."""
    with store.engine.reading() as connection:
        periods = connection.execute(
            "SELECT DISTINCT period FROM delivery WHERE period LIKE ? ORDER BY id", (f"{card.period}.%",)
        ).fetchall()
    found = [one for (period,) in periods for one in store.load_deliveries(period)]
    return [one for one in found if one.order.kind in LINES]


def said(store: SqliteStore, card: Order) -> list[tuple[str, str, str | None, str | None]]:
    """To whom, what, by whom and why."""
    found = []
    for one in lines(store, card):
        (item,) = write(store, one.order).items
        found.append((one.order.recipient, item.move.what, item.move.by, item.move.reason))
    return found


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (ReplyKind.ACKNOWLEDGE, "acknowledged"),
        (ReplyKind.SNOOZE, "snoozed"),
        (ReplyKind.EXPECTED, "expected"),
        (ReplyKind.NORMAL, "new_normal"),
    ],
)
def test_an_answer_is_said_below_both_cards_with_who_and_why(
    store: SqliteStore, sent: dict[str, Order], kind: ReplyKind, what: str
) -> None:
    answer(store, sent["alert"], kind)
    assert sorted(said(store, sent["alert"])) == [
        (CHANNEL, what, "Erin", "load test"),
        (email("bob"), what, "Erin", "load test"),
    ]
    (line, _) = lines(store, sent["alert"])
    assert write(store, line.order).thread == "1.2"


def test_each_answer_is_said_as_it_was_given_and_once(store: SqliteStore, sent: dict[str, Order]) -> None:
    answer(store, sent["alert"], ReplyKind.ACKNOWLEDGE)
    answer(store, sent["alert"], ReplyKind.SNOOZE, "UBOB", 1)
    told = [one for one in said(store, sent["alert"]) if one[0] == CHANNEL]
    assert [(what, by) for _, what, by, _ in told] == [("acknowledged", "Erin"), ("snoozed", "Bob")]


def corrected(store: SqliteStore) -> None:
    keep(store, ago(1), {}, NOW)
    evaluate(store)


def calmed(store: SqliteStore) -> None:
    for days in range(2):
        keep(store, TODAY + timedelta(days=days), {})
    evaluate(store, LATER)


def forgotten(store: SqliteStore) -> None:
    for days in range(43):
        keep(store, TODAY + timedelta(days=days), {"carol": 0})
    evaluate(store, NOW + timedelta(days=43))


@pytest.mark.parametrize("end", [corrected, calmed, forgotten])
def test_that_it_is_over_is_said_once(
    store: SqliteStore, sent: dict[str, Order], end: Callable[[SqliteStore], None]
) -> None:
    end(store)
    found = [(CHANNEL, end.__name__, None, None), (email("bob"), end.__name__, None, None)]
    assert said(store, sent["alert"]) == found
    evaluate(store, NOW + timedelta(days=44))
    assert said(store, sent["alert"]) == found


def test_figures_that_change_and_what_comes_back_are_shown_by_the_card_alone(
    store: SqliteStore, sent: dict[str, Order]
) -> None:
    keep(store, ago(1), {"carol": 3001}, NOW)
    assert [one.what for one in evaluate(store).changes] == ["changed"]
    assert lines(store, sent["alert"]) == []
    answer(store, sent["alert"], ReplyKind.SNOOZE)
    assert [one.what for one in evaluate(store, NOW + timedelta(days=4)).changes] == ["woke"]
    assert len(lines(store, sent["alert"])) == 2


def test_below_a_card_that_was_never_sent_nothing_is_said(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    send(store, orders["manager_alert"])
    answer(store, orders["alert"], ReplyKind.ACKNOWLEDGE)
    (line,) = lines(store, orders["alert"])
    assert (line.order.kind, line.order.recipient) == ("manager_alert_line", email("bob"))


def test_a_card_whose_fate_is_unknown_has_its_line_where_it_stands_after_all(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    with store.only_delivery(NOW) as outbox:
        found = outbox.claim(NOW)
        assert found is not None
        outbox.begin(found, CHANNEL, None, NOW)
    answer(store, orders["alert"], ReplyKind.ACKNOWLEDGE)
    (line,) = lines(store, orders["alert"])
    assert writer(store).compose(line.order, NOW) == NO_CARD
    with store.engine.writing() as connection:
        connection.execute(
            "UPDATE delivery SET state = 'sent', channel = ?, ts = '9.9' WHERE kind = 'alert'", (CHANNEL,)
        )
    assert write(store, line.order).thread == "9.9"


@pytest.mark.parametrize("is_private", [False, None])
def test_names_are_those_of_the_card(
    store: SqliteStore, sent: dict[str, Order], *, is_private: bool | None
) -> None:
    answer(store, sent["alert"], ReplyKind.ACKNOWLEDGE)
    of_channel, of_manager = lines(store, sent["alert"])
    (item,) = write(store, of_channel.order, is_private=is_private).items
    assert item.subject == Subject(pseudonym=pseudonym("secret", email("carol")))
    (item,) = write(store, of_manager.order, is_private=is_private).items
    assert item.subject == Subject(name="Carol")


def test_a_manager_who_lost_the_person_reads_no_line(store: SqliteStore, sent: dict[str, Order]) -> None:
    answer(store, sent["alert"], ReplyKind.ACKNOWLEDGE)
    staff = [
        replace(one, manager_email=email("gail")) if one.name == "Carol" else one
        for one in cast_of_everyone()
    ]
    hire(store, staff, everyone_in_slack())
    _, line = lines(store, sent["alert"])
    assert writer(store).compose(line.order, NOW) == NOT_THEIRS


def test_on_a_card_of_many_each_has_a_line_and_what_happens_at_once_is_one_message(
    store: SqliteStore,
) -> None:
    keep(store, ago(1), dict.fromkeys(STAFF[:4], 3000))
    orders = evaluate(store).orders
    (card,) = [one for one in orders if one.recipient == CHANNEL and len(store.load_card(one.period)) > 1]
    of_gail = next(one for one in orders if one.recipient == email("gail"))
    for order in (card, of_gail):
        send(store, order)
    for days in range(2):
        keep(store, TODAY + timedelta(days=days), {})
    evaluate(store, LATER)
    told = {one.order.recipient: write(store, one.order) for one in lines(store, card)}
    names = {who: [item.subject.name for item in line.items] for who, line in told.items()}
    assert {*names[CHANNEL]} == {"Alice", "Bob", "Carol", "Dan"}
    assert names[email("gail")] == ["Dan"]
    assert {item.state for item in told[CHANNEL].items} == {IncidentState.RESOLVED}


def test_a_preview_tells_of_the_lines_and_keeps_none(store: SqliteStore, sent: dict[str, Order]) -> None:
    keep(store, ago(1), {}, NOW)
    found = Alerts(store, SETTINGS).preview(NOW)
    assert found is not None
    assert sorted(one.kind for one in found.orders) == ["alert_line", "manager_alert_line"]
    assert lines(store, sent["alert"]) == []
