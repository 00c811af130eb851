"""The slash command: taken at once, answered a little later."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import DeliveryError, UserError
from bot.listeners.faults import fault_sentence, report_fault
from bot.listeners.metrics import Metrics, command_label
from bot.listeners.workers import Workers
from bot.ports import Clock
from bot.slack.messages import TEXT_LIMIT, Message
from bot.slack.text import cut, entities

BUSY = "Many people are asking at this moment. Please try again in a minute."
INCOMPLETE = "Slack sent this command incompletely. Please try again."

THREADS = 4
WAIT_AT_MOST = 500

Answering = Callable[[str, str, datetime], Message]
"""(slack_id, text as Slack sent it, now) to the answer. A `UserError` is shown to the person as written."""

log = logging.getLogger(__name__)


class Responding(Protocol):
    """Sends an answer to where Slack said that it belongs."""

    def respond(self, response_url: str, message: Message) -> None:
        """One attempt. Raises `DeliveryError`."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One slash command. ``started`` is on the monotonic clock."""

    slack_id: str
    text: str
    response_url: str
    at: datetime
    started: float


class SlashCommands:
    """Takes slash commands and answers each once, by its ``response_url``."""

    def __init__(self, answer: Answering, responder: Responding, metrics: Metrics, clock: Clock) -> None:
        self._answer = answer
        self._responder = responder
        self._metrics = metrics
        self._clock = clock
        self._workers = Workers("answering", threads=THREADS, limit=WAIT_AT_MOST)

    def on_command(self, payload: Mapping[str, object]) -> str | None:
        """Queues the answer and returns what to say at once: nothing, or why there will be no answer."""
        asked = self._read(payload)
        if asked is None:
            return INCOMPLETE
        if not self._workers.submit(lambda: self._reply(asked)):
            self._count(asked, "busy")
            return BUSY
        return None

    def close(self, timeout: float) -> None:
        """Finishes queued answers within ``timeout`` seconds; what is not finished by then is never sent."""
        dropped = self._workers.close(timeout)
        if dropped:
            log.warning("%d answers were not given before the end", dropped)

    def _read(self, payload: Mapping[str, object]) -> Asked | None:
        slack_id, text, url = (payload.get(key, "") for key in ("user_id", "text", "response_url"))
        if not (isinstance(slack_id, str) and isinstance(text, str) and isinstance(url, str)):
            return None
        if not slack_id or not url:
            return None
        return Asked(slack_id, text, url, self._clock(), time.monotonic())

    def _reply(self, asked: Asked) -> None:
        message, outcome = self._compose(asked)
        if self._workers.is_over:
            outcome = "dropped"
        else:
            try:
                self._responder.respond(asked.response_url, message)
            except DeliveryError as error:
                log.warning("An answer did not reach Slack: %s", error.reason)
                outcome = "undelivered"
        self._metrics.command_seconds.observe(time.monotonic() - asked.started)
        self._count(asked, outcome)

    def _compose(self, asked: Asked) -> tuple[Message, str]:
        try:
            return self._answer(asked.slack_id, asked.text, asked.at), "answered"
        except UserError as error:
            return _sentence(str(error)), "user_error"
        except Exception as error:  # noqa: BLE001 - the listener border: it becomes an id
            return _sentence(fault_sentence(report_fault(log, "answering a command", error))), "fault"

    def _count(self, asked: Asked, outcome: str) -> None:
        self._metrics.commands.labels(command_label(asked.text), outcome).inc()


def _sentence(text: str) -> Message:
    return Message(text=entities(cut(text, TEXT_LIMIT)), blocks=[])
