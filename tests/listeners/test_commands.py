"""Slash commands, from what Slack posts to what arrives at the response address."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

import pytest
from inline_snapshot import snapshot
from prometheus_client import CollectorRegistry

from bot.errors import DeliveryError, UserError
from bot.listeners import commands as module
from bot.listeners.commands import INCOMPLETE, Later, SlashCommands
from bot.listeners.metrics import Metrics
from bot.slack.messages import Message
from tests.listeners.rig import NOON, Rig, command_form


def test_the_answer_comes_after_an_empty_acknowledgement() -> None:
    with Rig() as rig:
        reply = rig.ask("team last week")

        assert (reply.status_code, reply.content) == (200, b"")
        assert [answer["text"] for answer in rig.catcher.wait_for(1)] == [
            "U0CAROL asked 'team last week' at 2026-11-18"
        ]
        assert rig.catcher.answers[0]["response_type"] == "ephemeral"


def test_each_command_is_answered_once() -> None:
    with Rig() as rig:
        for number in range(20):
            rig.ask(f"me {number}")
        rig.catcher.wait_for(20)
        rig.commands.close(10)

        assert len(rig.catcher.answers) == 20
        assert rig.count("commands_total", command="me", outcome="answered") == 20
        assert rig.count("command_seconds_count") == 20


def test_what_the_person_can_mend_is_shown_as_written() -> None:
    """Also where it holds signs that mean something to Slack."""

    def refuse(slack_id: str, text: str, now: datetime) -> Message:
        raise UserError("Days look like 2026-10-01, not <2026> & <!channel>.")

    with Rig(answer=refuse) as rig:
        rig.ask("me <2026>")

        assert rig.catcher.wait_for(1)[0]["text"] == snapshot(
            "Days look like 2026-10-01, not &lt;2026&gt; &amp; &lt;!channel&gt;."
        )
        rig.commands.close(5)
        assert rig.count("commands_total", command="me", outcome="user_error") == 1


def test_a_fault_becomes_an_id_that_the_log_explains(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(slack_id: str, text: str, now: datetime) -> Message:
        raise ZeroDivisionError("inner secret")

    monkeypatch.setattr("bot.listeners.faults.secrets.token_hex", lambda _: "0a1b2c3d")
    with Rig(answer=fail) as rig:
        rig.ask("org")

        assert rig.catcher.wait_for(1)[0]["text"] == snapshot(
            "Something went wrong on our side. Please tell whoever runs this bot the fault id `0a1b2c3d`."
        )
        rig.commands.close(5)
        assert rig.count("commands_total", command="org", outcome="fault") == 1
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "0a1b2c3d" in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


def test_an_answer_that_slack_does_not_take_is_not_sent_again(caplog: pytest.LogCaptureFixture) -> None:
    with Rig() as rig:
        rig.catcher.status = 500
        rig.ask("me")
        rig.catcher.wait_for(1)
        rig.commands.close(5)

        assert len(rig.catcher.answers) == 1
        assert rig.count("commands_total", command="me", outcome="undelivered") == 1
    assert "did not reach Slack" in caplog.text
    assert rig.catcher.url not in caplog.text


def test_when_too_many_wait_the_person_hears_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "THREADS", 1)
    monkeypatch.setattr(module, "WAIT_AT_MOST", 2)
    gate, started = threading.Event(), threading.Event()

    def slow(slack_id: str, text: str, now: datetime) -> Message:
        started.set()
        gate.wait(20)
        return Message(text, [])

    with Rig(answer=slow) as rig:
        rig.ask("first")
        assert started.wait(10)
        replies = [rig.ask(f"me {number}") for number in range(3)]
        gate.set()

        assert [reply.content for reply in replies[:2]] == [b"", b""]
        assert replies[2].status_code == 200
        assert replies[2].json() == snapshot(
            {
                "text": "Many people are asking at this moment. Please try again in a minute.",
                "response_type": "ephemeral",
            }
        )
        assert len(rig.catcher.wait_for(3)) == 3
        assert rig.count("commands_total", command="me", outcome="busy") == 1


@pytest.mark.parametrize("missing", ["user_id", "response_url"])
def test_a_command_without_asker_or_address_is_not_answered(missing: str) -> None:
    with Rig() as rig:
        fields = {"user_id": "U0CAROL", "response_url": rig.catcher.url, missing: ""}
        reply = rig.post(command_form("me", **fields))
        rig.commands.close(5)

        assert reply.status_code == 200
        assert reply.json()["text"] == INCOMPLETE
        assert rig.catcher.answers == []


def test_fields_that_are_no_text_are_no_command() -> None:
    with Rig() as rig:
        payload = {"user_id": "U0CAROL", "text": 5, "response_url": rig.catcher.url}

        assert rig.commands.on_command(payload) == INCOMPLETE


def test_the_end_finishes_what_was_asked() -> None:
    with Rig() as rig:
        for number in range(10):
            rig.ask(f"me {number}")

        rig.commands.close(10)

        assert len(rig.catcher.answers) == 10
        assert rig.ask("me").json()["text"].startswith("Many people")


def test_after_the_end_nothing_more_is_said(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that is still being computed when the time is up stays unsaid."""
    monkeypatch.setattr(module, "THREADS", 1)
    gate, started = threading.Event(), threading.Event()

    def slow(slack_id: str, text: str, now: datetime) -> Message:
        started.set()
        gate.wait(20)
        return Message(text, [])

    with Rig(answer=slow) as rig:
        rig.ask("me")
        assert started.wait(10)
        rig.ask("team")

        rig.commands.close(0.1)
        gate.set()
        for thread in rig.commands._workers._threads:
            thread.join(10)

        assert rig.catcher.answers == []
        assert rig.count("commands_total", command="me", outcome="dropped") == 1
    assert "1 answers were not given" in caplog.text


def test_an_answer_that_takes_its_time_is_announced_and_then_given() -> None:
    gate = threading.Event()

    def work() -> Message:
        gate.wait(20)
        return Message("The file is there.", [])

    with Rig(answer=lambda *_: Later(Message("I am making it.", []), work)) as rig:
        rig.ask("export csv")
        assert rig.catcher.wait_for(1)[0]["text"] == "I am making it."
        assert rig.count("commands_total", command="export", outcome="answered") == 0
        gate.set()

        assert rig.catcher.wait_for(2)[1]["text"] == "The file is there."
        rig.commands.close(5)
        assert rig.count("commands_total", command="export", outcome="answered") == 1


def test_what_takes_its_time_keeps_nobody_else_waiting() -> None:
    gate = threading.Event()

    def answer(slack_id: str, text: str, now: datetime) -> Message | Later:
        done = Message(f"{text} done", [])

        def work() -> Message:
            gate.wait(20)
            return done

        return Later(Message("", []), work) if text == "export" else done

    with Rig(answer=answer) as rig:
        for _ in range(10):
            rig.ask("export")
        for number in range(10):
            rig.ask(f"me {number}")
        texts = {answer["text"] for answer in rig.catcher.wait_for(20)}
        assert texts == {"", *(f"me {number} done" for number in range(10))}
        gate.set()
        rig.catcher.wait_for(30)


def test_what_takes_minutes_keeps_nothing_else_waiting_that_takes_its_time() -> None:
    gate = threading.Event()

    def look() -> Message:
        gate.wait(20)
        return Message("looked", [])

    def answer(slack_id: str, text: str, now: datetime) -> Later:
        if text == "export":
            return Later(Message("", []), lambda: Message("exported", []))
        return Later(Message("", []), look, takes_minutes=True)

    with Rig(answer=answer) as rig:
        rig.ask("alerts backtest")
        rig.catcher.wait_for(1)
        rig.ask("export")
        assert [one["text"] for one in rig.catcher.wait_for(3)] == ["", "", "exported"]
        gate.set()
        assert rig.catcher.wait_for(4)[3]["text"] == "looked"


def test_a_fault_in_what_takes_its_time_is_told_too() -> None:
    def fail() -> Message:
        raise ZeroDivisionError

    with Rig(answer=lambda *_: Later(Message("I am making it.", []), fail)) as rig:
        rig.ask("export")
        assert "fault id" in rig.catcher.wait_for(2)[1]["text"]
        rig.commands.close(5)
        assert rig.count("commands_total", command="export", outcome="fault") == 1


def test_what_cannot_be_announced_is_not_begun() -> None:
    begun: list[str] = []

    def work() -> Message:
        begun.append("it")
        return Message("", [])

    with Rig(answer=lambda *_: Later(Message("", []), work)) as rig:
        rig.catcher.status = 404
        rig.ask("export")
        rig.catcher.wait_for(1)
        rig.commands.close(5)

        assert begun == []
        assert rig.count("commands_total", command="export", outcome="undelivered") == 1


def test_when_too_much_takes_its_time_the_person_hears_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONG_WAIT_AT_MOST", 0)

    with Rig(answer=lambda *_: Later(Message("I am making it.", []), lambda: Message("", []))) as rig:
        rig.ask("export")

        assert rig.catcher.wait_for(2)[1]["text"].startswith("Many people")
        rig.commands.close(5)
        assert rig.count("commands_total", command="export", outcome="busy") == 1


def test_no_listener_pool_is_shared_with_slow_answers() -> None:
    """With every answering thread busy, the next command is still acknowledged."""
    gate = threading.Event()

    def slow(slack_id: str, text: str, now: datetime) -> Message:
        gate.wait(20)
        return Message(text, [])

    with Rig(answer=slow) as rig:
        replies = [rig.ask(f"me {number}") for number in range(30)]
        gate.set()

        assert {reply.status_code for reply in replies} == {200}
        assert max(reply.elapsed.total_seconds() for reply in replies) < 1
        assert len(rig.catcher.wait_for(30)) == 30


def test_the_responder_is_any_object_that_can_respond() -> None:
    """A refused address counts like any answer that did not arrive."""

    class Refusing:
        def respond(self, response_url: str, message: Message, *, replace_original: bool = False) -> None:
            raise DeliveryError("the response address is not Slack's", permanent=True)

    registry = CollectorRegistry()
    commands = SlashCommands(lambda *_: Message("x", []), Refusing(), Metrics(registry, "1"), lambda: NOON)
    commands.on_command({"user_id": "U0CAROL", "text": "top", "response_url": "https://evil.example/"})
    commands.close(5)

    labels = {"command": "top", "outcome": "undelivered"}
    assert registry.get_sample_value("codex_usage_commands_total", labels) == 1
