"""The slash command: taken at once, answered a little later."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.errors import DeliveryError, UserError
from bot.listeners.faults import fault_sentence, report_fault
from bot.listeners.metrics import Metrics, command_label
from bot.listeners.places import ByResponseUrl, Place, Responding
from bot.listeners.workers import Workers
from bot.ports import Clock
from bot.slack.messages import Message, sentence

BUSY = "Many people are asking at this moment. Please try again in a minute."
INCOMPLETE = "Slack sent this command incompletely. Please try again."

THREADS = 4
WAIT_AT_MOST = 500

LONG_THREADS = 1
LONG_WAIT_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that takes its time: ``first`` is told at once, and what ``work`` returns when it is done.

    ``takes_minutes`` where the others that take their time are not to wait for it.
    """

    first: Message
    work: Callable[[], Message]
    takes_minutes: bool = False


Answering = Callable[[str, str, datetime], Message | Later]
"""(slack_id, text as Slack sent it, now) to the answer. A `UserError` is shown to the person as written."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """One slash command, typed or pressed. ``started`` is on the monotonic clock."""

    slack_id: str
    text: str
    place: Place
    at: datetime
    started: float


class SlashCommands:
    """Takes slash commands and answers each once, where it belongs."""

    def __init__(self, answer: Answering, responder: Responding, metrics: Metrics, clock: Clock) -> None:
        self._answer = answer
        self._responder = responder
        self._metrics = metrics
        self._clock = clock
        self._workers = Workers("answering", threads=THREADS, limit=WAIT_AT_MOST)
        self._long = Workers("long-answers", threads=LONG_THREADS, limit=LONG_WAIT_AT_MOST)
        self._longest = Workers("longest-answers", threads=LONG_THREADS, limit=LONG_WAIT_AT_MOST)

    def on_command(self, payload: Mapping[str, object]) -> str | None:
        """Queues the answer and returns what to say at once: nothing, or why there will be no answer."""
        slack_id, text, url = (payload.get(key, "") for key in ("user_id", "text", "response_url"))
        if not (isinstance(slack_id, str) and isinstance(text, str) and isinstance(url, str)):
            return INCOMPLETE
        if not slack_id or not url:
            return INCOMPLETE
        return None if self.take(slack_id, text, ByResponseUrl(self._responder, url)) else BUSY

    def take(self, slack_id: str, text: str, place: Place) -> bool:
        """Queues the answer to a text, which is told at its place; False when too many wait."""
        asked = Asked(slack_id, text, place, self._clock(), time.monotonic())
        if self._workers.submit(lambda: self._reply(asked)):
            return True
        self._count(asked, "busy")
        return False

    def close(self, timeout: float) -> None:
        """Finishes queued answers within ``timeout`` seconds; what is not finished by then is never sent."""
        deadline = time.monotonic() + timeout
        dropped = self._workers.close(timeout)
        for workers in (self._long, self._longest):
            dropped += workers.close(max(0.0, deadline - time.monotonic()))
        if dropped:
            log.warning("%d answers were not given before the end", dropped)

    def _reply(self, asked: Asked) -> None:
        self._give(asked, self._workers, lambda: self._answer(asked.slack_id, asked.text, asked.at))

    def _give(self, asked: Asked, workers: Workers, make: Callable[[], Message | Later]) -> None:
        """Makes an answer and tells it; one that takes its time is counted when it has come."""
        found, outcome = _made(make)
        outcome = _tell(asked, workers, found.first if isinstance(found, Later) else found) or outcome
        if isinstance(found, Later) and outcome == "answered":
            later = self._longest if found.takes_minutes else self._long
            if later.submit(lambda: self._give(asked, later, found.work)):
                return
            outcome = _tell(asked, workers, sentence(BUSY)) or "busy"
        self._metrics.command_seconds.observe(time.monotonic() - asked.started)
        self._count(asked, outcome)

    def _count(self, asked: Asked, outcome: str) -> None:
        self._metrics.commands.labels(command_label(asked.text), outcome).inc()


def _made(make: Callable[[], Message | Later]) -> tuple[Message | Later, str]:
    try:
        return make(), "answered"
    except UserError as error:
        return sentence(str(error)), "user_error"
    except Exception as error:  # noqa: BLE001 - the listener border: it becomes an id
        return sentence(fault_sentence(report_fault(log, "answering a command", error))), "fault"


def _tell(asked: Asked, workers: Workers, message: Message) -> str | None:
    """Tells an answer; why it was not told, else None."""
    if workers.is_over:
        return "dropped"
    try:
        asked.place.tell(message)
    except DeliveryError as error:
        log.warning("An answer did not reach Slack: %s", error.reason)
        return "undelivered"
    return None
