"""Alerts are answered where they stand: by a button, a modal and a reason, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.core.alerts.incidents import FiringDay, Incident, IncidentKey, IncidentState
from bot.core.alerts.replies import Reply
from bot.core.models import MICRO
from bot.demo.slack.values import Json
from bot.errors import UserError
from bot.features.alerts.answer import NOT_FOR_YOU, OVER, AlertDetails
from bot.ports import Authorship, IncidentEvent
from bot.slack.alerts.buttons import number_in
from bot.slack.alerts.modal import read_answer
from bot.slack.buttons import actions, button
from tests.listeners.rig import CAROL, NOON, submission_json
from tests.listeners.test_interactions import Scene, scene

DAY = FiringDay(NOON.date(), "critical", 3120 * MICRO, 240 * MICRO, 960 * MICRO)
INCIDENT = Incident(IncidentKey("dan@example.com", "spike"), IncidentState.OPEN, (DAY,))
EVENT = IncidentEvent("opened", Authorship(NOON), DAY.day, DAY.excess_micro)


class Answered:
    """Alerts in memory; ``failure`` is raised in place of doing anything."""

    def __init__(self) -> None:
        self.replies: list[tuple[str, int, Reply]] = []
        self.failure: Exception | None = None

    def look(self, slack_id: str, number: int) -> AlertDetails:
        del slack_id
        if self.failure or number != 7:
            raise self.failure or UserError(NOT_FOR_YOU)
        answers = [
            IncidentEvent(
                "snoozed",
                Authorship(NOON, "carol@example.com", reply.reason),
                DAY.day,
                0,
                NOON + timedelta(days=1),
            )
            for *_, reply in self.replies
        ]
        return AlertDetails("Dan <@U1>", INCIDENT, (EVENT, *answers))

    def answer(self, slack_id: str, number: int, reply: Reply, now: datetime) -> AlertDetails:
        assert now == NOON
        self.look(slack_id, number)
        self.replies.append((slack_id, number, reply))
        return self.look(slack_id, number)


@pytest.fixture
def alerts() -> Answered:
    return Answered()


@pytest.fixture
def carol(alerts: Answered) -> Iterator[Scene]:
    with scene(alerts=alerts) as made:
        yield made


def card(carol: Scene, value: str = "7") -> Json:
    names = ["acknowledge", "snooze", "expected", "normal", "who", "details"]
    buttons = [{**button(f"alert.{name}", name), "value": value} for name in names]
    channel = carol.slack.workspace.open_dm(CAROL).id
    return carol.slack.workspace.post(channel, {"text": "Alert", "blocks": [actions(buttons, "alert")]}).body


@pytest.mark.parametrize("name", ["who", "details"])
def test_details_are_for_whoever_pressed(carol: Scene, name: str) -> None:
    carol.press(f"alert.{name}", card(carol))
    reply = carol.reply()
    assert reply["text"] == (
        "*Dan &lt;@U1&gt;*\n"
        "• Wed 18 Nov: 3,120 credits, expected 240, critical\n"
        "• 18 Nov 2026 12:00 UTC: found"
    )
    assert carol.counted(f"alert.{name}", "done") == 1


@pytest.mark.parametrize("name", ["acknowledge", "snooze", "expected", "normal"])
def test_an_answer_is_given_in_a_modal_with_a_reason(carol: Scene, alerts: Answered, name: str) -> None:
    carol.press(f"alert.{name}", card(carol))
    modal = carol.modal()
    has_days = name in {"snooze", "expected"}
    assert ("For how long" in json.dumps(modal)) is has_days
    values = {"reason": "load test"} | ({"days": "14"} if has_days else {})
    assert carol.submit(**values) == {}
    assert "put off by carol@example.com until 19 Nov 2026 12:00 UTC: load test" in carol.reply()["text"]
    ((who, number, reply),) = alerts.replies
    assert (who, number, reply.kind, reply.reason) == (CAROL, 7, name, "load test")
    assert reply.days == (14 if has_days else 3)
    assert carol.counted("alert.answer", "done") == 1


def test_a_reason_may_be_left_out(carol: Scene, alerts: Answered) -> None:
    carol.press("alert.acknowledge", card(carol))
    carol.modal()
    assert carol.submit() == {}
    carol.reply()
    assert alerts.replies[0][2].reason is None


@pytest.mark.parametrize("value", ["8", "", "x", "9" * 30, "\N{SUPERSCRIPT TWO}"])
@pytest.mark.parametrize("name", ["acknowledge", "details"])
def test_whoever_may_not_reads_one_sentence(carol: Scene, value: str, name: str) -> None:
    carol.press(f"alert.{name}", card(carol, value))
    assert carol.reply()["text"] == NOT_FOR_YOU
    assert carol.slack.workspace.modals_of(CAROL) == []


def test_what_ended_while_the_modal_was_open_is_said(carol: Scene, alerts: Answered) -> None:
    carol.press("alert.normal", card(carol))
    carol.modal()
    alerts.failure = UserError(OVER)
    assert carol.submit() == {}
    assert carol.reply()["text"] == OVER


@pytest.mark.parametrize(
    "metadata", ["", "[]", "{}", '{"number": "7", "kind": "burn"}', '{"number": 1.5, "kind": "snooze"}']
)
def test_what_no_modal_of_ours_holds_is_passed_over(metadata: str) -> None:
    assert read_answer({}, metadata) is None


def test_odd_values_fall_back_to_the_usual(carol: Scene, alerts: Answered) -> None:
    opened = json.dumps({"number": "7", "kind": "snooze", "url": ""})
    odd: Json = {"days": {"choice": {"selected_option": {"value": "99"}}}, "reason": {"choice": {"value": 5}}}
    found = read_answer(odd, opened)
    assert found is not None
    assert (found.reply.days, found.reply.reason) == (3, None)
    assert read_answer({"days": 1, "reason": []}, opened) == found
    assert number_in("7") == 7


def test_an_answer_without_an_address_still_counts(carol: Scene, alerts: Answered) -> None:
    body = submission_json("V1", {}, json.dumps({"number": "7", "kind": "acknowledge"}))
    assert carol.rig.interactions.alerts.on_submission(body) is None
    assert carol.counted("alert.answer", "done") == 1
    assert carol.rig.interactions.alerts.on_submission({}) is None
    assert len(alerts.replies) == 1
