"""Buttons: each press is acknowledged at once and acted upon once.

A button whose name begins with ``ask.`` is a command already typed: its value is answered for whoever pressed
it, like any text, because a message can be forwarded and a value be anything.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import DeliveryError, UserError
from bot.listeners.commands import BUSY, SlashCommands
from bot.listeners.faults import fault_sentence, report_fault
from bot.listeners.gestures import Press, read_press
from bot.listeners.metrics import Metrics, action_label
from bot.listeners.places import ByResponseUrl, InModal, Place, Responding, Viewing
from bot.listeners.seen import Seen
from bot.listeners.workers import Workers
from bot.ports import Clock
from bot.slack.messages import sentence
from bot.slack.modals import waiting_modal

ASK = "ask."
THREADS = 2
WAIT_AT_MOST = 300
REMEMBER_SECONDS = 20 * 60
REMEMBER_AT_MOST = 50_000

Handler = Callable[[Press], str]
"""Acts upon a press and returns the outcome that is counted. Raises `DeliveryError`."""

log = logging.getLogger(__name__)


class Presses:
    """Takes presses in messages and views.

    What opens a modal has three seconds for it, so that whatever may be slow has threads of its own.
    """

    def __init__(
        self,
        commands: SlashCommands,
        responder: Responding,
        views: Viewing,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._commands = commands
        self._responder = responder
        self._views = views
        self._metrics = metrics
        self._clock = clock
        self._quick: dict[str, Handler] = {}
        self._slow: dict[str, Handler] = {}
        self._seen = Seen(REMEMBER_SECONDS, REMEMBER_AT_MOST)
        self._opening = Workers("opening", threads=THREADS, limit=WAIT_AT_MOST)
        self._acting = Workers("acting", threads=THREADS, limit=WAIT_AT_MOST)

    def handle(self, action_id: str, handler: Handler, *, opens_modal: bool = False) -> None:
        """Have presses of an element acted upon; before the first one comes."""
        (self._quick if opens_modal else self._slow)[action_id] = handler

    def on_press(self, body: Mapping[str, Any]) -> bool:
        """Takes a press; False when too much waits, so that Slack shows that nothing happened."""
        press = read_press(body)
        if press is None:
            return True
        if press.action_id.startswith(ASK):
            return self._take(press, self._ask, self._opening)
        if handler := self._quick.get(press.action_id):
            return self._take(press, handler, self._opening)
        if handler := self._slow.get(press.action_id):
            return self.take(press, handler)
        return True  # a button that only opens a link sends its press, too

    def take(self, press: Press, handler: Handler) -> bool:
        """Has ``handler`` act once upon what may be slow; False when too much waits."""
        return self._take(press, handler, self._acting)

    def count(self, action_id: str, outcome: str) -> None:
        """Counts what became of something pressed."""
        self._metrics.presses.labels(action_label(action_id), outcome).inc()

    def refuse(self, body: Mapping[str, Any], words: str) -> None:
        """Tells whoever pressed why nothing is done, where there is a place for it."""
        press = read_press(body)
        if press is not None and press.response_url:
            self._acting.submit(lambda: self._act(press, lambda _: self._say(press, words, "refused")))

    def close(self, timeout: float) -> None:
        """Finishes what was pressed within ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        for workers in (self._opening, self._acting):
            workers.close(max(0.0, deadline - time.monotonic()))

    def _take(self, press: Press, handler: Handler, workers: Workers) -> bool:
        if not self._seen.is_new(press.key, self._clock().timestamp()):
            self.count(press.action_id, "duplicate")
            return True
        if workers.submit(lambda: self._act(press, handler)):
            return True
        self._seen.forget(press.key)
        self.count(press.action_id, "busy")
        return False

    def _act(self, press: Press, handler: Handler) -> None:
        try:
            outcome = self._outcome(press, handler)
        except DeliveryError as error:
            log.warning("A press had no visible effect: %s", error.reason)
            outcome = "undelivered"
        self.count(press.action_id, outcome)

    def _outcome(self, press: Press, handler: Handler) -> str:
        try:
            return handler(press)
        except DeliveryError:
            raise
        except UserError as error:
            return self._say(press, str(error), "user_error")
        except Exception as error:  # noqa: BLE001 - the listener border: it becomes an id
            fault_id = report_fault(log, "acting upon a press", error)
            return self._say(press, fault_sentence(fault_id), "fault")

    def _say(self, press: Press, words: str, outcome: str) -> str:
        self._place_of(press).tell(sentence(words))
        return outcome

    def _place_of(self, press: Press) -> Place:
        """Without an address to answer, as in the Home tab, a modal shows the answer."""
        if press.response_url:
            return ByResponseUrl(self._responder, press.response_url)
        return InModal(self._views, self._views.open_modal(press.trigger_id, waiting_modal()))

    def _ask(self, press: Press) -> str:
        place = self._place_of(press)
        if self._commands.take(press.slack_id, press.value, place):
            return "taken"
        place.tell(sentence(BUSY))
        return "busy"
