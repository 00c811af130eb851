"""Answers to alerts come from those who may give them, count once, and say who gave them and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.alerts.incidents import Change, FiringDay, Happening, Incident, IncidentKey, IncidentState
from bot.core.alerts.replies import Reply, ReplyKind
from bot.core.models import MICRO
from bot.errors import UserError
from bot.features.alerts.answer import EVERYBODY, NOT_FOR_YOU, OVER, AlertAnswers
from bot.ports import Authorship
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, email
from tests.features.rig import NOW, TODAY, ago
from tests.features.test_alerts import evaluate, keep
from tests.features.test_alerts import store as store  # noqa: PLC0414 - a fixture

ACK = Reply(ReplyKind.ACKNOWLEDGE, "load test")
DAY = FiringDay(ago(1), "warning", 900 * MICRO, 100 * MICRO, 300 * MICRO)


def open_incident(store: SqliteStore, subject: str | None) -> int:
    incident = Incident(IncidentKey(subject, "spike"), IncidentState.OPEN, (DAY,))
    with store.changing_incidents() as ledger:
        return ledger.save_change(Change(incident, Happening.OPENED), Authorship(NOW))


@pytest.mark.parametrize(
    ("viewer", "may"),
    [
        ("alice", True),  # above Carol's manager
        ("bob", True),  # her manager
        ("carol", False),  # herself
        ("dan", False),  # a peer
        ("gail", False),  # a manager elsewhere
        ("erin", True),  # an admin
        ("root", True),  # an admin who is not in the roster
        ("finn", True),  # finance
        ("cfo", True),
        ("sam", False),  # in Slack and nowhere else
        ("zoe", False),  # has left
    ],
)
def test_who_may_know_and_answer(store: SqliteStore, viewer: str, *, may: bool) -> None:
    number = open_incident(store, email("carol"))
    answers, slack_id = AlertAnswers(store, SETTINGS), f"U{viewer.upper()}"
    if may:
        assert answers.look(slack_id, number).who == "Carol"
        details = answers.answer(slack_id, number, ACK, NOW)
        assert details.incident.state is IncidentState.ACKNOWLEDGED
        assert details.events[-1].authorship == Authorship(NOW, email(viewer), "load test")
        return
    with pytest.raises(UserError, match=NOT_FOR_YOU):
        answers.look(slack_id, number)
    with pytest.raises(UserError, match=NOT_FOR_YOU):
        answers.answer(slack_id, number, ACK, NOW)
    assert len(store.load_events(number)) == 1


@pytest.mark.parametrize(("viewer", "may"), [("alice", False), ("erin", True), ("finn", True)])
def test_of_everybody_only_admins_and_finance(store: SqliteStore, viewer: str, *, may: bool) -> None:
    number = open_incident(store, None)
    answers, slack_id = AlertAnswers(store, SETTINGS), f"U{viewer.upper()}"
    if may:
        assert answers.look(slack_id, number).who == EVERYBODY
    else:
        with pytest.raises(UserError, match=NOT_FOR_YOU):
            answers.look(slack_id, number)


def test_what_is_not_there_is_refused_in_the_same_words(store: SqliteStore) -> None:
    with pytest.raises(UserError, match=NOT_FOR_YOU):
        AlertAnswers(store, SETTINGS).look("UERIN", 4711)


def test_whoever_is_gone_is_named_by_address(store: SqliteStore) -> None:
    number = open_incident(store, "gone@example.com")
    assert AlertAnswers(store, SETTINGS).look("UERIN", number).who == "gone@example.com"


def test_a_second_new_normal_is_told_that_it_is_over(store: SqliteStore) -> None:
    keep(store, ago(1), {"carol": 3000})
    evaluate(store)
    (number,) = [one.number for one in store.load_card(_card(store))]
    answers = AlertAnswers(store, SETTINGS)
    answers.answer("UBOB", number, Reply(ReplyKind.NORMAL), NOW)
    with pytest.raises(UserError, match=OVER):
        answers.answer("UERIN", number, Reply(ReplyKind.NORMAL), NOW)
    keep(store, TODAY, {"carol": 3700})
    assert evaluate(store, NOW + timedelta(days=4)).changes == ()
    keep(store, TODAY, {"carol": 3800}, NOW + timedelta(days=4))
    assert len(evaluate(store, NOW + timedelta(days=4)).changes) == 1


def _card(store: SqliteStore) -> str:
    with store.snapshot() as seen:
        (incident,) = seen.load_live_incidents()
    return incident.card or ""
