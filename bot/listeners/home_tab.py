"""The Home tab: put in place when somebody opens it, and after they changed something in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.errors import DeliveryError
from bot.listeners.faults import fault_sentence, report_fault
from bot.listeners.metrics import Metrics
from bot.listeners.places import Viewing
from bot.listeners.seen import Seen
from bot.listeners.workers import Workers
from bot.ports import Clock
from bot.slack.home import home_with
from bot.slack.messages import sentence
from bot.slack.views import View

EVENT = "app_home_opened"
THREADS = 2
WAIT_AT_MOST = 1_000
REMEMBER_SECONDS = 20 * 60  # Slack's last retry comes six minutes after the first delivery
REMEMBER_AT_MOST = 50_000

ComposeHome = Callable[[str, datetime], View]
"""(slack_id, now) to what that person's tab shows."""

log = logging.getLogger(__name__)


class HomeTab:
    """Publishes Home tabs, to nobody who does not look."""

    def __init__(self, compose: ComposeHome, views: Viewing, metrics: Metrics, clock: Clock) -> None:
        self._compose = compose
        self._views = views
        self._metrics = metrics
        self._clock = clock
        self._seen = Seen(REMEMBER_SECONDS, REMEMBER_AT_MOST)
        self._workers = Workers("home-tab", threads=THREADS, limit=WAIT_AT_MOST)

    def on_opened(self, event_id: str, event: Mapping[str, Any]) -> bool:
        """Takes the event; False when too much waits, so that Slack should send it again."""
        slack_id = event.get("user")
        if event.get("tab") != "home" or not isinstance(slack_id, str) or not slack_id:
            return True
        if event_id and not self._seen.is_new(event_id, self._clock().timestamp()):
            self._count("duplicate")
            return True
        if self._workers.submit(lambda: self._open(slack_id, _hash_of(event))):
            return True
        self._seen.forget(event_id)
        self._count("busy")
        return False

    def publish(self, slack_id: str, view_hash: str | None = None) -> None:
        """Puts the tab in place as it is now. Raises `StoreError` and `DeliveryError`.

        Where it has changed since ``view_hash`` was seen, somebody else published meanwhile: what is composed
        after that is newer in any case.
        """
        try:
            self._views.publish_home(slack_id, self._compose(slack_id, self._clock()), view_hash)
        except DeliveryError as error:
            if error.word != "hash_conflict":
                raise
            self._views.publish_home(slack_id, self._compose(slack_id, self._clock()))

    def close(self, timeout: float) -> None:
        """Finishes what was opened within ``timeout`` seconds."""
        self._workers.close(timeout)

    def _open(self, slack_id: str, view_hash: str | None) -> None:
        try:
            self._count(self._try_to_publish(slack_id, view_hash))
        except DeliveryError as error:
            log.warning("A Home tab was not shown: %s", error.reason)
            self._count("undelivered")

    def _try_to_publish(self, slack_id: str, view_hash: str | None) -> str:
        try:
            self.publish(slack_id, view_hash)
        except DeliveryError:
            raise
        except Exception as error:  # noqa: BLE001 - the listener border: it becomes an id
            fault_id = report_fault(log, "making a Home tab", error)
            self._views.publish_home(slack_id, home_with(sentence(fault_sentence(fault_id))))
            return "fault"
        return "published"

    def _count(self, outcome: str) -> None:
        self._metrics.events.labels(EVENT, outcome).inc()


def _hash_of(event: Mapping[str, Any]) -> str | None:
    view = event.get("view")
    seen = view.get("hash") if isinstance(view, Mapping) else None
    return seen if isinstance(seen, str) and seen else None
