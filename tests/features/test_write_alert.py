"""A message about incidents is written as of the moment of sending: with the names that may be told, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.alerts.cards import AlertCard, Part, Subject
from bot.core.alerts.incidents import Change, Happening, Incident, IncidentKey, IncidentState, acknowledge
from bot.core.alerts.orders import AlertKind
from bot.core.deliveries import Busy, InDoubt, Letter, Order, Posted, PostOutcome, Refused, Unfit
from bot.core.spikes.findings import SpikeSettings
from bot.features.alerts.edit_cards import LOOK_SECONDS, PAUSE_SECONDS, EditCards
from bot.features.alerts.write import GONE, NOT_THEIRS, OVER, RETUNED, AlertWriter, pseudonym
from bot.features.alerts.write_ask import AskWriter
from bot.features.deliveries.write_any import AnyWriter, CardWriter
from bot.ports import Authorship
from bot.store.sqlite import SqliteStore
from tests.features.cast import cast_of_everyone, email, everyone_in_slack, hire
from tests.features.delivery_rig import Writer
from tests.features.rig import NOW, TODAY, ago
from tests.features.test_alerts import CHANNEL, STAFF, evaluate, keep
from tests.features.test_alerts import store as store  # noqa: PLC0414 - a fixture

MICRO = 1_000_000


class Channels:
    """Knows of every channel what it is told."""

    def __init__(self, *, is_private: bool | None) -> None:
        self._is_private = is_private

    def is_private(self, channel: str) -> bool | None:
        assert channel == CHANNEL
        return self._is_private


def forms_of(card: AlertCard) -> Sequence[object]:
    return [card, "as text"]


def writer(store: SqliteStore, *, is_private: bool | None = True) -> AlertWriter:
    return AlertWriter(store, Channels(is_private=is_private), "secret", forms_of)


def asks(store: SqliteStore) -> AskWriter:
    return AskWriter(store, timedelta(hours=2), lambda notice: [notice])


def write(store: SqliteStore, order: Order, *, is_private: bool | None = True) -> AlertCard:
    letter = writer(store, is_private=is_private).compose(order, NOW)
    assert isinstance(letter, Letter)
    assert letter.said == str(store.load_newest_event())
    card = letter.forms[0]
    assert isinstance(card, AlertCard)
    return card


@pytest.fixture
def orders(store: SqliteStore) -> dict[str, Order]:
    """Carol had a runaway yesterday: the message for the channel, and that for Bob."""
    keep(store, ago(1), {"carol": 3000})
    return {order.kind: order for order in evaluate(store).orders}


def answer(store: SqliteStore, by: str, reason: str | None = None) -> None:
    (incident,) = live(store)
    change = acknowledge(incident)
    assert change is not None
    save(store, change, Authorship(NOW, email(by), reason))


def live(store: SqliteStore) -> list[Incident]:
    with store.snapshot() as seen:
        return seen.load_live_incidents()


def save(store: SqliteStore, change: Change, authorship: Authorship) -> None:
    with store.changing_incidents() as ledger:
        ledger.save_change(change, authorship)


def test_a_private_channel_reads_the_name_and_all_that_belongs_to_it(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    card = write(store, orders["alert"])
    (item,) = card.items
    assert (card.kind, card.thread) == (AlertKind.CARD, None)
    assert (item.subject, item.kind, item.state) == (Subject(name="Carol"), "spike", IncidentState.OPEN)
    assert (item.surface, item.model) == (Part("CLI", 3000 * MICRO), Part("gpt-5.5", 3000 * MICRO))
    assert [day for day, micro in item.weeks if micro == 3000 * MICRO] == [ago(1)]
    assert (len(item.weeks), item.weeks[-1]) == (20, (TODAY, 0))
    assert item.pace_micro == item.month_micro * 30 // 20
    assert item.ratio is not None
    assert item.ratio > 100


@pytest.mark.parametrize("is_private", [False, None])
def test_any_other_channel_reads_a_pseudonym_that_stays(
    store: SqliteStore, orders: dict[str, Order], *, is_private: bool | None
) -> None:
    (item,) = write(store, orders["alert"], is_private=is_private).items
    assert item.subject == Subject(pseudonym=pseudonym("secret", email("carol")))
    assert pseudonym("secret", email("carol")) != pseudonym("another", email("carol"))
    assert "carol" not in repr(item).lower()


def test_the_manager_reads_of_their_own_people_only(store: SqliteStore, orders: dict[str, Order]) -> None:
    (item,) = write(store, orders["manager_alert"], is_private=False).items
    assert item.subject.name == "Carol"
    moved = [
        replace(one, manager_email=email("gail")) if one.name == "Carol" else one
        for one in cast_of_everyone()
    ]
    hire(store, moved, everyone_in_slack())
    assert writer(store).compose(orders["manager_alert"], NOW) == NOT_THEIRS
    stranger = replace(orders["manager_alert"], recipient="nobody@example.com")
    assert writer(store).compose(stranger, NOW) == NOT_THEIRS


def test_of_a_shared_card_a_manager_reads_their_part(store: SqliteStore) -> None:
    keep(store, ago(1), dict.fromkeys(STAFF[:4], 3000))
    found = evaluate(store)
    by_manager = {one.recipient: one for one in found.orders}
    assert {item.subject.name for item in write(store, by_manager[email("gail")]).items} == {"Dan"}
    assert {item.subject.name for item in write(store, by_manager[email("alice")]).items} == {"Bob", "Carol"}
    assert {item.subject.name for item in write(store, by_manager[CHANNEL]).items} == {
        "Alice", "Bob", "Carol", "Dan",
    }  # fmt: skip


def test_what_was_corrected_before_it_was_sent_is_not_sent(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    keep(store, ago(1), {}, NOW)
    evaluate(store)
    assert writer(store).compose(orders["alert"], NOW) == OVER


def test_what_other_settings_keep_quiet_before_it_was_sent_is_not_sent(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    store.save_alert_choice(SpikeSettings(floor_micro=5000 * MICRO), email("finn"), NOW, after=0)
    evaluate(store)
    assert writer(store).compose(orders["alert"], NOW) == RETUNED
    letter = writer(store).rewrite(orders["alert"], NOW)
    assert isinstance(letter, Letter)
    assert writer(store).compose(replace(orders["alert"], period="nothing"), NOW) == GONE
    assert writer(store).rewrite(replace(orders["alert"], period="nothing"), NOW) == GONE


def test_an_answer_is_told_with_who_and_why(store: SqliteStore, orders: dict[str, Order]) -> None:
    answer(store, "erin", "load test")
    (item,) = write(store, orders["alert"]).items
    assert (item.move.what, item.move.by, item.move.reason) == ("acknowledged", "Erin", "load test")
    answer(store, "nobody")
    (item,) = write(store, orders["alert"]).items
    assert item.move.by == email("nobody")


def test_that_it_goes_on_is_said_below_the_card(store: SqliteStore, orders: dict[str, Order]) -> None:
    keep(store, TODAY, {"carol": 9000}, NOW)
    again = {order.kind: order for order in evaluate(store).orders}
    assert list(again) == ["alert_again", "manager_alert_again"]
    assert write(store, again["alert_again"]).thread is None
    send(store, orders["alert"])
    card = write(store, again["alert_again"])
    assert (card.kind, card.thread) == (AlertKind.AGAIN, "1.2")
    assert card.items[0].peak.day == TODAY


def test_whoever_is_not_in_the_roster_any_more_is_told_by_address(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    (incident,) = live(store)
    stranger = replace(incident, key=replace(incident.key, subject="gone@example.com"))
    save(store, Change(stranger, Happening.OPENED), Authorship(NOW))
    assert [item.subject.name for item in write(store, orders["alert"]).items] == [
        "Carol",
        "gone@example.com",
    ]


def test_each_message_has_its_writer(store: SqliteStore, orders: dict[str, Order]) -> None:
    both = AnyWriter(Writer(), Writer(), CardWriter(writer(store), asks(store)), Writer())
    letter = both.compose(orders["alert"], NOW)
    assert isinstance(letter, Letter)
    assert isinstance(letter.forms[0], AlertCard)
    digest = both.compose(replace(orders["alert"], kind="manager_digest", recipient=email("bob")), NOW)
    assert isinstance(digest, Letter)
    assert digest.forms[0] == "to bob"


# ── edits ─────────────────────────────────────────────────────────────────────────────────────────────


class Editor:
    """Takes every edit, or what is queued in its place."""

    def __init__(self) -> None:
        self.answers: list[PostOutcome] = []
        self.edits: list[tuple[object, str, str, str]] = []

    def edit(self, form: object, channel: str, ts: str, key: str) -> PostOutcome:
        self.edits.append((form, channel, ts, key))
        return self.answers.pop(0) if self.answers else Posted(channel, ts)


class Desk:
    """Somebody who edits, and their clock."""

    def __init__(self, store: SqliteStore) -> None:
        self.editor = Editor()
        self.ticked = 0.0
        self.cards = EditCards(
            store, writer(store), self.editor, "secret", clock=lambda: NOW, monotonic=lambda: self.ticked
        )

    def edit(self) -> int:
        """How many edits were tried."""
        before = len(self.editor.edits)
        self.cards.edit_stale()
        return len(self.editor.edits) - before


def send(store: SqliteStore, order: Order) -> None:
    with store.only_delivery(NOW) as outbox:
        while (found := outbox.claim(NOW)) and found.order != order:
            outbox.put_back(found, NOW + timedelta(days=1), "later", NOW)
        assert found is not None
        letter = writer(store).compose(order, NOW)
        assert isinstance(letter, Letter)
        outbox.begin(found, order.recipient, letter.said, NOW)
        outbox.end(found, Posted(CHANNEL, "1.2"), NOW)


@pytest.fixture
def desk(store: SqliteStore, orders: dict[str, Order]) -> Desk:
    send(store, orders["alert"])
    return Desk(store)


def test_a_card_is_edited_when_something_has_happened(store: SqliteStore, desk: Desk) -> None:
    assert desk.edit() == 0
    answer(store, "erin", "load test")
    assert desk.edit() == 1
    form, channel, ts, key = desk.editor.edits[0]
    assert isinstance(form, AlertCard)
    assert (channel, ts, len(key)) == (CHANNEL, "1.2", 32)
    assert form.items[0].move.by == "Erin"
    assert desk.edit() == 0


@pytest.mark.parametrize(("outcome", "pause"), [(Busy(7.0), 7.0), (InDoubt("no answer"), PAUSE_SECONDS)])
def test_an_edit_that_fails_is_tried_again_later(
    store: SqliteStore, desk: Desk, outcome: PostOutcome, pause: float
) -> None:
    answer(store, "erin")
    desk.editor.answers = [outcome]
    assert [desk.edit(), desk.edit()] == [1, 0]
    desk.ticked += pause
    assert [desk.edit(), desk.edit()] == [1, 0]


def test_a_plainer_form_is_tried_and_what_cannot_be_edited_is_left(store: SqliteStore, desk: Desk) -> None:
    answer(store, "erin")
    desk.editor.answers = [Unfit("invalid_blocks"), Refused("message_not_found")]
    assert desk.edit() == 2
    assert desk.editor.edits[1][0] == "as text"
    assert desk.edit() == 0


def test_a_card_of_nothing_is_left(store: SqliteStore, orders: dict[str, Order]) -> None:
    send(store, orders["manager_alert"])
    moved = [replace(one, manager_email=None) if one.name == "Carol" else one for one in cast_of_everyone()]
    hire(store, moved, everyone_in_slack())
    answer(store, "erin")
    desk = Desk(store)
    assert [desk.edit(), desk.edit()] == [0, 0]
    assert store.load_stale_cards(["manager_alert"]) == []


def test_what_happened_while_a_card_was_on_its_way_is_shown_soon(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    desk = Desk(store)
    letter = writer(store).compose(orders["alert"], NOW)
    assert isinstance(letter, Letter)
    answer(store, "erin")
    assert desk.edit() == 0
    with store.only_delivery(NOW) as outbox:
        found = outbox.claim(NOW)
        assert found is not None
        outbox.begin(found, CHANNEL, letter.said, NOW)
        outbox.end(found, Posted(CHANNEL, "1.2"), NOW)
    assert desk.edit() == 0
    desk.ticked += LOOK_SECONDS
    assert desk.edit() == 1


def test_of_the_whole_organisation_nobody_is_told_by_name(
    store: SqliteStore, orders: dict[str, Order]
) -> None:
    (incident,) = live(store)
    days = tuple(replace(one, kind="org_surge") for one in incident.days)
    surge = replace(incident, key=IncidentKey(None, "org_surge"), days=days, card="alert-surge")
    save(store, Change(surge, Happening.OPENED), Authorship(NOW))
    order = replace(orders["alert"], period="alert-surge")
    (item,) = write(store, order).items
    assert (item.subject, item.kind) == (Subject(), "org_surge")
    assert item.month_micro > 3000 * MICRO
    assert (
        writer(store).compose(replace(order, kind="manager_alert", recipient=email("bob")), NOW) == NOT_THEIRS
    )
