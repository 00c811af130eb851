"""A person answers where they are asked: by a button, or by one and a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.core.alerts.ask_first import OwnReply
from bot.core.alerts.ask_notices import AskNotice
from bot.demo.slack.values import Json
from bot.errors import UserError
from bot.features.alerts.answer import NOT_FOR_YOU
from bot.features.alerts.answer_own import ANSWERED
from bot.listeners.own_answers import SAY_WHY
from bot.slack.alerts.ask import render_ask
from tests.listeners.rig import CAROL, NOON
from tests.listeners.test_interactions import Scene, scene
from tests.slack.test_alerts import ITEM


@dataclass
class Own:
    """Incident 7 is the only one; ``failure`` is raised when it is answered."""

    replies: list[tuple[str, int, OwnReply]] = field(default_factory=list)
    failure: Exception | None = None

    def check(self, slack_id: str, number: int) -> None:
        del slack_id
        if number != 7:
            raise UserError(NOT_FOR_YOU)

    def answer(self, slack_id: str, number: int, reply: OwnReply, now: datetime) -> None:
        assert now == NOON
        self.check(slack_id, number)
        if self.failure:
            raise self.failure
        self.replies.append((slack_id, number, reply))


@pytest.fixture
def own() -> Own:
    return Own()


@pytest.fixture
def carol(own: Own) -> Iterator[Scene]:
    with scene(own=own) as made:
        yield made


def question(carol: Scene, value: str = "7") -> Json:
    message = render_ask(AskNotice((ITEM,), NOON))
    for element in message.blocks[-1]["elements"]:
        element["value"] = value
    channel = carol.slack.workspace.open_dm(CAROL).id
    return carol.slack.workspace.post(channel, {"text": message.text, "blocks": message.blocks}).body


@pytest.mark.parametrize("kind", ["stopped", "not_me"])
def test_a_button_is_an_answer(carol: Scene, own: Own, kind: str) -> None:
    carol.press(f"own.{kind}", question(carol))
    assert carol.counted(f"own.{kind}", "done") == 1
    ((who, number, reply),) = own.replies
    assert (who, number, reply.kind) == (CAROL, 7, kind)


def test_what_was_planned_is_explained_in_a_form(carol: Scene, own: Own) -> None:
    carol.press("own.planned", question(carol))
    carol.modal()
    assert carol.submit(reason=" ", days="3") == {"reason": SAY_WHY}
    assert carol.submit(reason="load test", days="3") == {}
    assert carol.counted("own.answer", "done") == 1
    ((_, number, reply),) = own.replies
    assert (number, reply.kind, reply.reason, reply.days) == (7, "planned", "load test", 3)


@pytest.mark.parametrize("value", ["8", "", "x"])
@pytest.mark.parametrize("kind", ["planned", "stopped", "not_me"])
def test_whoever_may_not_reads_one_sentence(carol: Scene, own: Own, kind: str, value: str) -> None:
    carol.press(f"own.{kind}", question(carol, value))
    assert carol.reply()["text"] == NOT_FOR_YOU
    assert own.replies == []


def test_a_second_answer_is_said_to_be_one(carol: Scene, own: Own) -> None:
    own.failure = UserError(ANSWERED)
    carol.press("own.stopped", question(carol))
    assert carol.reply()["text"] == ANSWERED


def test_what_no_form_of_ours_holds_is_passed_over(carol: Scene) -> None:
    assert carol.rig.interactions.own.on_submission({}) is None
