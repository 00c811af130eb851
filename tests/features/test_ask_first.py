"""Whoever spends much is asked before others hear: they wait for the answer, for the grace, and not a moment longer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.alerts.ask_first import ASK, OwnKind, OwnReply, alarm, ask_first, planned_days
from bot.core.alerts.ask_notices import AskNotice
from bot.core.alerts.cards import AlertCard, AlertItem, OwnAnswer
from bot.core.alerts.incidents import FiringDay, Happening, Incident, IncidentKey, IncidentState, Sighting
from bot.core.alerts.orders import orders_of
from bot.core.alerts.rounds import evaluate as evaluate_round
from bot.core.deliveries import Delivery, DeliveryState, Letter, Posted
from bot.core.models import MICRO, UsagePage
from bot.core.periods import Period
from bot.core.spikes.findings import SpikeSettings
from bot.errors import UserError
from bot.features.alerts.answer import NOT_FOR_YOU, OVER
from bot.features.alerts.answer_own import ANSWERED, OwnAnswers
from bot.features.alerts.evaluate import Alerts, AlertSettings, Round
from bot.features.alerts.write import GONE, pseudonym
from bot.features.alerts.write import OVER as CORRECTED
from bot.features.deliveries.write_any import CardWriter
from bot.ports import Authorship
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, answer, cast_of_everyone, email, everyone_in_slack, hire, used
from tests.features.rig import NOW, TODAY, ago, keep_day
from tests.features.test_alerts import CHANNEL, STAFF
from tests.features.test_write_alert import asks, writer

GRACE = timedelta(hours=2)
ASKING = AlertSettings(SpikeSettings(), CHANNEL, GRACE)
ASK_SETTINGS = replace(SETTINGS, finance_channel=CHANNEL)
USUAL, MUCH, CRITICAL = 100, 600, 3000
READERS = {("alert", CHANNEL), ("manager_alert", email("bob"))}
LATER = NOW + timedelta(minutes=10)
PLANNED = OwnReply(OwnKind.PLANNED, "load test", 3)
STOPPED, NOT_ME = OwnReply(OwnKind.STOPPED), OwnReply(OwnKind.NOT_ME)


def keep(store: SqliteStore, day: date, spent: Mapping[str, float]) -> None:
    """A day on which everybody used what they usually do, but for whom it is said."""
    rows = [used(name, day, spent.get(name, USUAL)) for name in STAFF]
    keep_day(
        store, day, rows, datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=13)
    )


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company with a quiet past of twelve days up to the day before yesterday."""
    made = SqliteStore(tmp_path_factory.mktemp("company") / "usage.db")
    made.migrate()
    past = [ago(days) for days in range(13, 1, -1)]
    rows = [used(name, day, USUAL + day.day % 5) for day in past for name in STAFF]
    with made.staging() as staged:
        staged.add(UsagePage(rows, []))
        staged.replace_days(past, NOW - timedelta(days=1))
    hire(made, cast_of_everyone(), everyone_in_slack())
    made.checkpoint()
    made.close()
    return made.engine.path


@pytest.fixture
def store(company: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(Path(shutil.copy(company, tmp_path)))
    yield made
    made.close()


def evaluate(store: SqliteStore, now: datetime = NOW, settings: AlertSettings = ASKING) -> Round:
    found = Alerts(store, settings).evaluate(now)
    assert found is not None
    return found


def begin(store: SqliteStore, spent: float = MUCH, *more: str) -> Round:
    """Carol, and whoever else, used that much yesterday."""
    keep(store, ago(1), dict.fromkeys(("carol", *more), spent))
    return evaluate(store)


def due(store: SqliteStore, now: datetime) -> set[tuple[str, str]]:
    """What would go out now; it is recorded as sent."""
    found = set()
    with store.only_delivery(now) as outbox:
        while one := outbox.claim(now):
            found.add((one.order.kind, one.order.recipient))
            assert outbox.begin(one, f"U{one.number}", None, now)
            outbox.end(one, Posted(f"D{one.number}", f"{one.number}.0"), now)
    return found


def send(store: SqliteStore, now: datetime, state: DeliveryState | None = None) -> Delivery:
    """The next message is taken by Slack, or ends in a state."""
    with store.only_delivery(now) as outbox:
        one = outbox.claim(now)
        assert one is not None
        if state is None:
            assert outbox.begin(one, f"U{one.number}", None, now)
            outbox.end(one, Posted(f"D{one.number}", f"{one.number}.0"), now)
        else:
            outbox.set_aside(one, state, "refused", now)
    return one


def numbers(store: SqliteStore) -> dict[str, int]:
    with store.engine.reading() as connection:
        rows = connection.execute("SELECT subject, id FROM incident").fetchall()
    return {str(subject).partition("@")[0]: int(number) for subject, number in rows}


def say(store: SqliteStore, reply: OwnReply, who: str = "carol", now: datetime = LATER) -> None:
    OwnAnswers(store, ASK_SETTINGS).answer(f"U{who.upper()}", numbers(store)[who], reply, now)


def notice(store: SqliteStore, found: Round, who: str = "carol") -> AskNotice:
    order = next(one for one in found.orders if (one.kind, one.recipient) == (ASK, email(who)))
    letter = asks(store).rewrite(order, LATER)
    assert isinstance(letter, Letter)
    made = letter.forms[0]
    assert isinstance(made, AskNotice)
    return made


def item(store: SqliteStore, found: Round, *, is_private: bool = True, kind: str = "alert") -> AlertItem:
    order = next(one for one in found.orders if one.kind == kind)
    card = writer(store, is_private=is_private).build(order, LATER)
    assert isinstance(card, AlertCard)
    return card.items[0]


def test_the_person_is_asked_at_once_and_others_hear_after_the_grace(store: SqliteStore) -> None:
    found = begin(store)
    assert [(one.kind, one.recipient, one.not_before) for one in found.orders] == [
        (ASK, email("carol"), None),
        ("alert", CHANNEL, NOW + GRACE),
        ("manager_alert", email("bob"), NOW + GRACE),
    ]
    send(store, NOW)
    assert due(store, NOW + GRACE - timedelta(seconds=1)) == set()
    assert due(store, NOW + GRACE) == READERS
    assert notice(store, found).tells_at == NOW + GRACE


def test_nobody_is_asked_unless_it_is_wanted(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": MUCH})
    found = evaluate(store, settings=replace(ASKING, grace=None))
    assert {(one.kind, one.recipient) for one in found.orders} == READERS
    assert due(store, NOW) == READERS


def test_what_is_critical_waits_for_nobody(store: SqliteStore) -> None:
    found = begin(store, CRITICAL)
    assert {one.kind for one in found.orders} == {"alert", "manager_alert"}
    assert due(store, NOW) == READERS


def test_nobody_is_asked_where_nobody_would_hear(store: SqliteStore) -> None:
    keep(store, ago(1), {"gail": MUCH})
    assert evaluate(store, settings=replace(ASKING, finance_channel=None)).orders == ()


@pytest.mark.parametrize("gone", ["no account", "deactivated"])
def test_of_whoever_cannot_be_asked_others_hear_at_once(store: SqliteStore, gone: str) -> None:
    in_slack = [one for one in everyone_in_slack() if one.slack_id != "UCAROL"]
    if gone == "deactivated":
        in_slack = [replace(one, deleted=one.slack_id == "UCAROL") for one in everyone_in_slack()]
    hire(store, cast_of_everyone(), in_slack)
    assert begin(store).orders[0].kind != ASK
    assert due(store, NOW) == READERS


@pytest.mark.parametrize("state", [DeliveryState.PARKED, DeliveryState.DROPPED, DeliveryState.UNKNOWN])
def test_a_question_that_does_not_arrive_holds_nothing_up(store: SqliteStore, state: DeliveryState) -> None:
    begin(store)
    assert send(store, LATER, state).order.kind == ASK
    assert due(store, LATER) == READERS


def test_a_question_that_waits_forever_is_dropped_when_others_hear(store: SqliteStore) -> None:
    begin(store)
    assert due(store, NOW + GRACE) == READERS


@pytest.mark.parametrize("reply", [PLANNED, STOPPED, NOT_ME])
def test_an_answer_lets_others_hear_at_once_and_stands_on_the_card(
    store: SqliteStore, reply: OwnReply
) -> None:
    found = begin(store)
    send(store, NOW)
    say(store, reply)
    assert due(store, LATER) == READERS
    until = LATER.date() + timedelta(days=2) if reply is PLANNED else None
    expected = OwnAnswer(reply.kind, LATER, reply.reason, until)
    for kind in ("alert", "manager_alert"):
        assert item(store, found, kind=kind).own_answer == expected
    assert notice(store, found).items[0].own_answer == expected
    nameless = item(store, found, is_private=False)
    assert nameless.own_answer == replace(expected, reason=None)
    assert nameless.subject.pseudonym == pseudonym("secret", email("carol"))
    event = store.load_events(numbers(store)["carol"])[-1]
    assert (event.what, event.authorship.by, event.authorship.reason) == (
        reply.kind,
        email("carol"),
        reply.reason,
    )
    assert item(store, found).move.what == Happening.OPENED


def test_one_who_was_asked_and_is_silent_is_said_to_be(store: SqliteStore) -> None:
    found = begin(store)
    assert not item(store, found).is_asked
    send(store, NOW)
    assert item(store, found).is_asked


def test_nobody_answers_for_another(store: SqliteStore) -> None:
    begin(store)
    answers, number = OwnAnswers(store, ASK_SETTINGS), numbers(store)["carol"]
    for who in ("bob", "erin", "finn", "dan", "zoe", "sam", "ghost", "cfo"):
        with pytest.raises(UserError, match=NOT_FOR_YOU):
            answers.check(f"U{who.upper()}", number)
        with pytest.raises(UserError, match=NOT_FOR_YOU):
            answers.answer(f"U{who.upper()}", number, STOPPED, NOW)
    with pytest.raises(UserError, match=NOT_FOR_YOU):
        answers.check("UCAROL", 4711)
    assert due(store, LATER) == {(ASK, email("carol"))}


def test_one_answer_counts(store: SqliteStore) -> None:
    begin(store)
    OwnAnswers(store, ASK_SETTINGS).check("UCAROL", numbers(store)["carol"])
    say(store, STOPPED)
    with pytest.raises(UserError, match=ANSWERED):
        say(store, NOT_ME)


def test_an_answer_after_others_have_heard_still_counts(store: SqliteStore) -> None:
    found = begin(store)
    due(store, NOW + GRACE)
    say(store, STOPPED, now=NOW + 2 * GRACE)
    assert item(store, found).own_answer == OwnAnswer("stopped", NOW + 2 * GRACE)
    assert due(store, NOW + 2 * GRACE) == set()


def test_that_it_was_somebody_else_is_told_once_more_where_the_card_stands_already(
    store: SqliteStore,
) -> None:
    begin(store)
    due(store, NOW + GRACE)
    say(store, NOT_ME, now=NOW + 2 * GRACE)
    assert due(store, NOW + 2 * GRACE) == {
        ("alert_again", CHANNEL),
        ("manager_alert_again", email("bob")),
    }
    with pytest.raises(UserError, match=ANSWERED):
        say(store, NOT_ME, now=NOW + 2 * GRACE)


def test_what_turns_critical_meanwhile_is_told_at_once_and_only_once(store: SqliteStore) -> None:
    found = begin(store)
    send(store, NOW)
    keep(store, ago(1), {"carol": CRITICAL})
    assert evaluate(store, LATER).orders == ()
    assert due(store, LATER) == READERS
    assert notice(store, found).tells_at is None
    assert evaluate(store, LATER).orders == ()


def test_what_grows_without_turning_critical_goes_on_waiting(store: SqliteStore) -> None:
    found = begin(store)
    send(store, NOW)
    keep(store, ago(1), {"carol": MUCH + 50})
    evaluate(store, LATER)
    assert due(store, LATER) == set()
    assert notice(store, found).tells_at == NOW + GRACE


def test_a_corrected_figure_is_told_to_the_person_alone(store: SqliteStore) -> None:
    found = begin(store)
    send(store, NOW)
    keep(store, ago(1), {})
    evaluate(store, LATER)
    for order in found.orders:
        composed = (asks(store) if order.kind == ASK else writer(store)).compose(order, LATER)
        assert composed == CORRECTED
    told = notice(store, found).items[0]
    assert (told.move.what, told.is_live) == (Happening.CORRECTED, False)
    answers, number = OwnAnswers(store, ASK_SETTINGS), numbers(store)["carol"]
    with pytest.raises(UserError, match=OVER):
        answers.check("UCAROL", number)
    with pytest.raises(UserError, match=OVER):
        say(store, STOPPED)


def test_a_question_about_what_was_told_anew_is_left_as_it_is(store: SqliteStore) -> None:
    order = replace(begin(store).orders[0], period="alert-of-before")
    assert asks(store).rewrite(order, LATER) == asks(store).compose(order, LATER) == GONE


def test_a_question_goes_out_with_the_facts_and_is_edited_by_the_same_hand(store: SqliteStore) -> None:
    both = CardWriter(writer(store), asks(store))
    for order, kind in zip(begin(store).orders, (AskNotice, AlertCard, AlertCard), strict=True):
        for letter in (both.compose(order, NOW), both.rewrite(order, NOW)):
            assert isinstance(letter, Letter)
            assert isinstance(letter.forms[0], kind)
            assert letter.said == str(store.load_newest_event())


def test_what_was_planned_goes_on_without_an_alarm_and_is_seen_by_those_above(store: SqliteStore) -> None:
    begin(store)
    say(store, PLANNED)
    with store.changing_incidents() as ledger:
        (plan,) = ledger.load_expectations(TODAY)
    assert (plan.subject, plan.factor, plan.reason) == (email("carol"), 6, "load test")
    assert plan.period.until == TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("said", "days", "factor"),
    [("14d 5x move", 14, 6), ("2d 20x move", 3, 20), ("14d 20x move", 14, 20), ("1d 2x move", 3, 6)],
)
def test_an_answer_takes_nothing_away_from_a_plan(
    store: SqliteStore, said: str, days: int, factor: int
) -> None:
    begin(store)
    answer(store, "carol", f"expect {said}", NOW)
    say(store, PLANNED)
    with store.changing_incidents() as ledger:
        (plan,) = ledger.load_expectations(TODAY)
    assert (plan.period.length, plan.factor) == (days, factor)


def test_many_who_are_asked_share_a_card_that_waits_for_all(store: SqliteStore) -> None:
    """Four of six at once would be everybody's day, so these are as the round labels them."""
    staff = ("carol", "dan", "bob", "erin")
    made = [_asked(name) for name in staff]
    with store.changing_incidents() as ledger:
        seen = [Sighting(one.key, Period(ago(2), TODAY), one.days) for one in made]
        reachable = {email(name) for name in staff}
        changes = evaluate_round({}, seen, (), NOW, reachable)
        orders = ask_first(orders_of(changes, CHANNEL, {}, NOW), changes, reachable, GRACE, NOW)
        for change in changes:
            ledger.save_change(change, Authorship(NOW))
        ledger.save_orders(orders, NOW)
    assert due(store, NOW) == {(ASK, email(name)) for name in staff}
    for name in staff:
        assert due(store, LATER) == set()
        say(store, STOPPED, name)
    assert due(store, LATER) == {("alert", CHANNEL)}


def _asked(name: str) -> Incident:
    day = FiringDay(ago(1), "warning", MUCH * MICRO, USUAL * MICRO, 400 * MICRO)
    return Incident(IncidentKey(email(name), "spike"), IncidentState.OPEN, (day,))


@pytest.mark.parametrize(
    ("spent", "expected", "factor"),
    [(600, 100, 6), (601, 100, 7), (110, 100, 5), (9000, 100, 20), (9, 0, 20)],
)
def test_a_plan_goes_as_far_as_the_largest_day(spent: int, expected: int, factor: int) -> None:
    day = FiringDay(TODAY, "warning", spent * MICRO, expected * MICRO, 0)
    incident = replace(_asked("carol"), days=(day,))
    plan = planned_days(incident, OwnReply(OwnKind.PLANNED), None, NOW)
    assert plan is not None
    assert (plan.factor, plan.reason, plan.period.length) == (factor, "planned", 1)
    assert planned_days(incident, STOPPED, None, NOW) is None
    assert planned_days(replace(incident, key=IncidentKey(None, "org_surge")), PLANNED, None, NOW) is None


def test_an_alarm_about_what_was_never_told_tells_nobody() -> None:
    change, orders = alarm(_asked("carol"), NOW, CHANNEL, None)
    assert (change.what, change.telling, orders) == (Happening.NOT_ME, None, [])
