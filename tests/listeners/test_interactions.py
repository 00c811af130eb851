"""Buttons and modals, from what people press in the simulated Slack to what they see of it."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from inline_snapshot import snapshot
from slack_sdk import WebClient

from bot.core.answers import NotKnown
from bot.core.digests.choice import DigestChoice
from bot.demo.slack import SlackServer
from bot.demo.slack.installation import Installation
from bot.demo.slack.members import build_member
from bot.demo.slack.values import Json
from bot.errors import StoreError, UserError
from bot.listeners import presses as presses_module
from bot.listeners.home import Home
from bot.listeners.presses import Presses
from bot.slack.buttons import SETTINGS_BLOCK, actions, ask_button, button
from bot.slack.messages import Message
from bot.slack.settings_modal import CHOOSE_A_TIME, WHOLE_STEPS
from bot.slack.views import SlackViews
from tests.listeners.rig import CAROL, NOON, SECRET, Kept, Rig, echo, press_json, submission_json

BUTTONS = [
    ask_button("details", "Details", "team 2026-W47"),
    button("settings.open", "Settings"),
    button("settings.pause", "Pause"),
    button("settings.resume", "Resume"),
]


@dataclass
class Scene:
    """Carol, a Slack workspace, and a bot that hears of what she does there over signed HTTP."""

    slack: SlackServer
    rig: Rig

    @property
    def settings(self) -> Kept:
        assert isinstance(self.rig.settings, Kept)
        return self.rig.settings

    def message(self, *, only_for: str | None = None) -> Json:
        """A message of the bot's with buttons, in the direct messages."""
        channel = self.slack.workspace.open_dm(CAROL).id
        fields = {"text": "Digest", "blocks": [actions(BUTTONS, SETTINGS_BLOCK if only_for else "digest")]}
        return self.slack.workspace.post(channel, fields, only_for=only_for).body

    def home(self) -> Json:
        """Her Home tab with the same buttons."""
        with self.slack.workspace.changed:
            return self.slack.workspace.views.publish(
                CAROL, {"type": "home", "blocks": [actions(BUTTONS)]}, None
            )

    def press(self, action_id: str, shown: Json | None = None) -> None:
        ack = self.slack.press(CAROL, shown or self.message(), action_id)
        assert ack.ok, ack

    def reply(self, after: int = 0) -> Json:
        return self.slack.wait_for_reply(CAROL, after=after, timeout=10)

    def modal(self, showing: str = "") -> Json:
        """The modal on top, once it shows that."""
        workspace = self.slack.workspace
        workspace.wait_until(lambda: showing in json.dumps(workspace.modals_of(CAROL)[-1:]) > "[]", 10)
        return workspace.modals_of(CAROL)[-1]

    def open_settings(self) -> Json:
        self.press("settings.open")
        return self.modal()

    def submit(self, **values: Any) -> dict[str, str]:
        """Submits the modal; what is wrong, by field."""
        ack = self.slack.submit(CAROL, values)
        assert ack.ok, ack
        problems: dict[str, str] = (ack.payload or {}).get("errors", {})
        return problems

    def counted(self, action: str, outcome: str) -> float:
        self.rig.interactions.close(5)
        return self.rig.count("presses_total", action=action, outcome=outcome)


@contextmanager
def scene(**parts: Any) -> Iterator[Scene]:
    people = [build_member("Carol", slack_id=CAROL, email="carol@example.com")]
    with SlackServer(people, now=NOON.timestamp, installation=Installation(signing_secret=SECRET)) as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url, timeout=5, retry_handlers=[])
        views = SlackViews(client, sleep=lambda _: None)
        with Rig(views=views, api_url=slack.api_url, **parts) as rig:
            slack.deliver_to(f"http://127.0.0.1:{rig.server.port}/slack/events", clock=NOON.timestamp)
            yield Scene(slack, rig)


@pytest.fixture
def carol() -> Iterator[Scene]:
    with scene() as made:
        yield made


def test_a_button_is_a_command_already_typed(carol: Scene) -> None:
    shown = carol.message()
    carol.press("ask.details", shown)

    assert carol.reply()["text"] == "U0CAROL asked 'team 2026-W47' at 2026-11-18"
    assert carol.slack.dms_to(CAROL) == [shown]
    assert carol.counted("ask", "taken") == 1
    carol.rig.commands.close(5)
    assert carol.rig.count("commands_total", command="team", outcome="answered") == 1


def test_what_a_message_nobody_else_sees_asks_is_answered_beside_it(carol: Scene) -> None:
    carol.press("ask.details", carol.message(only_for=CAROL))

    assert carol.reply(after=1)["text"].startswith("U0CAROL asked")
    assert len(carol.slack.replies_to(CAROL)) == 2


def test_the_home_tab_is_answered_in_a_modal(carol: Scene) -> None:
    carol.press("ask.details", carol.home())

    assert carol.modal(showing="asked")["blocks"][0]["text"]["text"].startswith("U0CAROL asked")
    assert carol.slack.replies_to(CAROL) == []


def test_a_value_is_any_text_and_belongs_to_whoever_presses() -> None:
    """What is answered is decided anew for whoever presses, whoever the message was for."""
    told: list[tuple[str, str]] = []

    def hear(slack_id: str, text: str, now: datetime) -> Message:
        told.append((slack_id, text))
        return echo(slack_id, text, now)

    with scene(answer=hear) as carol:
        channel = carol.slack.workspace.open_dm(CAROL).id
        text = "<@U0BOB> <!channel> " + "x" * 900
        blocks = [actions([ask_button("details", "Details", text)])]
        carol.press("ask.details", carol.slack.workspace.post(channel, {"text": "", "blocks": blocks}).body)
        carol.reply()

    assert told == [(CAROL, text)]


def test_a_press_that_slack_delivers_twice_counts_once(carol: Scene) -> None:
    body = press_json("settings.pause", response_url=carol.rig.catcher.url)
    bodies = [urlencode({"payload": json.dumps(body | {"token": token})}).encode() for token in "ab"]

    assert [carol.rig.post(each).status_code for each in bodies] == [200, 200]
    assert carol.counted("settings.pause", "duplicate") == 1
    assert carol.settings.changes == ["U0CAROL paused"]


def test_two_presses_are_two(carol: Scene) -> None:
    shown = carol.message()
    for action_id in ("settings.pause", "settings.resume", "settings.pause"):
        after = len(carol.slack.workspace.shown_to(CAROL))
        carol.press(action_id, shown)
        carol.reply(after)

    assert carol.settings.changes == ["U0CAROL paused", "U0CAROL resumed", "U0CAROL paused"]


def test_pausing_says_what_holds_now_and_leaves_a_shared_message_alone(carol: Scene) -> None:
    shown = carol.message()
    carol.press("settings.pause", shown)

    assert "paused" in carol.reply()["text"]
    assert carol.slack.dms_to(CAROL) == [shown]
    assert carol.counted("settings.pause", "done") == 1


def test_settings_that_only_she_sees_are_renewed_in_place(carol: Scene) -> None:
    carol.press("settings.pause", carol.message(only_for=CAROL))
    carol.reply(after=1)

    (shown,) = carol.slack.replies_to(CAROL)
    assert "Done.\nYour digests are" in shown["text"]


def test_settings_are_changed_in_a_modal(carol: Scene) -> None:
    modal = carol.open_settings()
    assert [block["type"] for block in modal["blocks"]] == ["section", "input", "input", "input"]

    assert carol.submit(weekday="4", time="16:30", personal=["personal"]) == {}
    assert "Fridays at 16:30" in carol.reply()["text"]
    assert carol.settings.choices == {CAROL: DigestChoice(weekday=4, minute=990, wants_personal=True)}
    assert carol.slack.workspace.modals_of(CAROL) == []
    assert carol.counted("settings.save", "done") == 1


def test_the_modal_shows_what_holds(carol: Scene) -> None:
    carol.settings.choices[CAROL] = DigestChoice(weekday=6, minute=30, wants_personal=True)
    _, weekday, time, personal = carol.open_settings()["blocks"]

    assert weekday["element"]["initial_option"]["text"]["text"] == "Sunday"
    assert time["element"]["initial_time"] == "00:30"
    assert personal["element"]["initial_options"] == personal["element"]["options"]


def test_what_cannot_be_is_said_at_its_field_and_can_be_mended(carol: Scene) -> None:
    carol.open_settings()

    assert carol.submit(time="09:07") == {"time": WHOLE_STEPS}
    assert carol.settings.changes == []
    assert carol.submit(time="09:30") == {}
    carol.reply()
    assert carol.settings.choices[CAROL].minute == 570
    assert carol.counted("settings.save", "invalid") == 1


def test_a_time_that_was_taken_out_is_asked_for(carol: Scene) -> None:
    """Slack does not let the field be empty; another client may."""
    view = carol.open_settings()
    state = {"values": {"weekday": {"choice": {"selected_option": {"value": "9"}}}, "time": {"choice": None}}}
    reply = post(carol.rig, submission_json(view["id"], state, view["private_metadata"]))

    assert reply == {
        "response_action": "errors",
        "errors": {"weekday": "Please choose a day of the week.", "time": CHOOSE_A_TIME},
    }


def test_the_modal_opens_even_when_the_settings_cannot_be_read(carol: Scene) -> None:
    carol.settings.failure = StoreError("The database is locked.")
    modal = carol.open_settings()

    assert modal["blocks"][0]["text"]["text"] == snapshot(
        "I could not read how your digests are set at the moment, so this shows the usual time. "
        "Saving puts what you choose here in place."
    )
    assert modal["blocks"][2]["element"]["initial_time"] == "09:00"


def test_who_can_have_no_settings_is_told_so_where_they_pressed(carol: Scene) -> None:
    carol.settings.failure = UserError("There is nothing to set.")
    carol.press("settings.open")
    assert carol.reply()["text"] == "There is nothing to set."

    carol.press("settings.pause", carol.home())
    assert "There is nothing to set." in json.dumps(carol.modal(showing="nothing"))
    assert carol.counted("settings.open", "user_error") == 1


def test_a_fault_becomes_an_id_that_she_reads(carol: Scene, caplog: pytest.LogCaptureFixture) -> None:
    carol.settings.failure = ZeroDivisionError("inner secret")
    carol.press("settings.pause")

    text = carol.reply()["text"]
    assert "fault id" in text
    assert "inner secret" not in text
    assert carol.counted("settings.pause", "fault") == 1
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert text.split("`")[1] in record.getMessage()


def test_settings_that_cannot_be_saved_are_a_fault_too(carol: Scene) -> None:
    carol.open_settings()
    carol.settings.failure = StoreError("The database is locked.")
    assert carol.submit() == {}

    assert "fault id" in carol.reply()["text"]


def test_a_modal_left_open_for_long_confirms_in_another_one(carol: Scene) -> None:
    carol.open_settings()
    for _ in range(3):  # Slack takes an address no more
        carol.slack.faults.status("response_url", 404)
    assert carol.submit() == {}

    assert "Saved." in json.dumps(carol.modal(showing="Saved."))


def test_a_trigger_that_is_over_is_no_fault(carol: Scene, caplog: pytest.LogCaptureFixture) -> None:
    body = press_json("settings.open", trigger_id="1.2.3")

    assert post(carol.rig, body) is None
    assert carol.counted("settings.open", "undelivered") == 1
    assert "invalid_trigger_id" in caplog.text
    assert "Fault" not in caplog.text


@pytest.mark.parametrize(
    "elsewhere",
    [{"team": {"id": "T0999"}}, {"api_app_id": "A999"}, {"team": None, "team_id": "T0999"}],
    ids=["team", "app", "organisation"],
)
def test_a_press_from_elsewhere_learns_nothing_and_does_nothing(elsewhere: dict[str, Any]) -> None:
    with Rig(home=Home(team_id="T0001", api_app_id="A123456")) as rig:
        for action_id in ("ask.details", "settings.pause", "settings.open"):
            assert post(rig, press_json(action_id, response_url=rig.catcher.url, **elsewhere)) is None
        assert post(rig, submission_json("V1", {"values": {}}, "", **elsewhere)) is None
        answers = rig.catcher.wait_for(3)

        assert {answer["text"] for answer in answers} == {
            "This bot serves another workspace, so it has nothing to show here."
        }
        rig.interactions.close(5)
        assert rig.settings.changes == []  # type: ignore[attr-defined]  # it is the rig's own
        assert rig.count("presses_total", action="ask", outcome="refused") == 1


def test_a_press_from_elsewhere_without_a_place_to_answer_is_passed_over() -> None:
    with Rig(home=Home(team_id="T0999")) as rig:
        assert post(rig, press_json("settings.pause")) is None
        rig.interactions.close(5)
        assert rig.count("presses_total", action="settings.pause", outcome="refused") == 0


def test_who_is_not_known_reads_so_in_the_modal() -> None:
    class Strangers(Kept):
        def look(self, slack_id: str, now: datetime) -> Any:
            return NotKnown()

    with scene(settings=Strangers()) as carol:
        assert "I do not know you yet" in json.dumps(carol.open_settings())


def test_a_confirmation_of_unknown_fate_is_not_given_twice(carol: Scene) -> None:
    carol.open_settings()
    carol.slack.faults.status("response_url", 500, after_accept=True)
    assert carol.submit() == {}

    assert carol.counted("settings.save", "undelivered") == 1
    assert carol.slack.workspace.modals_of(CAROL) == []
    assert len(carol.slack.replies_to(CAROL)) == 1


def test_when_too_much_waits_slack_shows_that_nothing_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presses_module, "THREADS", 1)
    monkeypatch.setattr(presses_module, "WAIT_AT_MOST", 1)
    gate, started = threading.Event(), threading.Event()

    class Slow(Kept):
        def pause(self, slack_id: str, now: datetime) -> Any:
            started.set()
            gate.wait(20)
            return super().pause(slack_id, now)

    with Rig(settings=Slow()) as rig:
        bodies = [press_json("settings.pause", action_ts=str(number)) for number in range(3)]
        assert send(rig, bodies[0]) == 200
        assert started.wait(10)
        assert [send(rig, body) for body in bodies[1:]] == [200, 503]
        gate.set()
        rig.interactions.close(10)

        assert rig.count("presses_total", action="settings.pause", outcome="busy") == 1
        assert send(rig, bodies[2] | {"token": "again"}) == 503  # it is over, and the press was not taken


def test_opening_waits_for_nothing_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presses_module, "THREADS", 1)
    gate = threading.Event()

    class Slow(Kept):
        def pause(self, slack_id: str, now: datetime) -> Any:
            gate.wait(20)
            return super().pause(slack_id, now)

    with scene(settings=Slow()) as carol:
        carol.press("settings.pause")
        assert carol.open_settings()
        gate.set()


def test_asking_while_many_ask_says_so(carol: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carol.rig.commands, "take", lambda *_: False)
    carol.press("ask.details")

    assert carol.reply()["text"].startswith("Many people are asking")
    assert carol.counted("ask", "busy") == 1


def test_closing_a_modal_is_acknowledged(carol: Scene) -> None:
    body = submission_json("V1", {"values": {}}, "") | {"type": "view_closed"}

    assert post(carol.rig, body) is None


@pytest.mark.parametrize("metadata", ["", "[]", "{", '{"url": 5, "replace": "yes"}'])
def test_a_modal_that_does_not_say_where_it_came_from_is_saved_all_the_same(metadata: str) -> None:
    with Rig() as rig:
        option = {"selected_option": {"value": "1"}}
        values = {"weekday": {"choice": option}, "time": {"choice": {"selected_time": "10:00"}}}
        assert post(rig, submission_json("V1", {"values": values}, metadata)) is None
        rig.interactions.close(5)

        assert rig.settings.changes == ["U0CAROL saved"]  # type: ignore[attr-defined]  # it is the rig's own


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": []},
        {"actions": {}},
        {"actions": None},
        {"actions": [None]},
        {"actions": [{"value": "me"}]},
        {"actions": [{"action_id": 5}]},
        {"view": "V1"},
        {"view": None, "type": "view_submission"},
        {"view": {"callback_id": ["settings"]}, "type": "view_submission"},
        {"user": 5},
        {"team": 5},
        {"type": 5},
    ],
    ids=str,
)
def test_another_shape_is_refused(changes: dict[str, object]) -> None:
    with Rig() as rig:
        assert send(rig, press_json("settings.pause") | changes) == 400
        rig.interactions.close(5)
        assert rig.settings.changes == []  # type: ignore[attr-defined]  # it is the rig's own


@pytest.mark.parametrize("changes", [{"user": {}}, {"user": {"id": 5}}, {"user": None}], ids=str)
def test_what_nobody_did_is_passed_over(changes: dict[str, object]) -> None:
    with Rig() as rig:
        assert send(rig, press_json("settings.pause") | changes) == 200
        assert send(rig, submission_json("V1", {}, "") | changes) == 200
        rig.interactions.close(5)
        assert rig.settings.changes == []  # type: ignore[attr-defined]  # it is the rig's own


def test_a_press_needs_a_signature_and_is_good_once() -> None:
    body = urlencode({"payload": json.dumps(press_json("settings.pause"))}).encode()
    with Rig() as rig:
        assert rig.post(body, {"Content-Type": "application/x-www-form-urlencoded"}).status_code == 401
        assert [rig.post(body).status_code for _ in range(2)] == [200, 200]
        rig.interactions.close(5)

        assert rig.count("replays_ignored_total") == 1
        assert rig.settings.changes == ["U0CAROL paused"]  # type: ignore[attr-defined]  # it is the rig's own


def test_the_quick_and_the_slow_end_together() -> None:
    with Rig() as rig:
        presses: Presses = rig.interactions.presses
        presses.close(5)
        assert send(rig, press_json("settings.open")) == 503


def send(rig: Rig, body: Mapping[str, object]) -> int:
    return rig.post(urlencode({"payload": json.dumps(body)}).encode()).status_code


def post(rig: Rig, body: Mapping[str, object]) -> Any:
    """The JSON that acknowledges it, None where that is empty."""
    reply = rig.post(urlencode({"payload": json.dumps(body)}).encode())
    assert reply.status_code == 200
    return reply.json() if reply.content else None
