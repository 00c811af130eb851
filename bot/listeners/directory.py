"""What Slack tells about its people: someone joined, or changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.core.people import SlackPerson
from bot.listeners.faults import report_fault
from bot.listeners.metrics import Metrics
from bot.listeners.seen import Seen
from bot.listeners.workers import Workers
from bot.ports import Clock
from bot.slack.directory import person_of

EVENTS = ("user_change", "team_join")
REMEMBER_SECONDS = 20 * 60  # Slack's last retry comes six minutes after the first delivery
REMEMBER_AT_MOST = 50_000
WAIT_AT_MOST = 5_000  # a provisioning run can change everyone at once

PeopleChanged = Callable[[SlackPerson], None]

log = logging.getLogger(__name__)


class DirectoryEvents:
    """Hands on every change of a person once, in order, after Slack was answered.

    Whether an event is a repetition is told by its id alone: a retry of one that never arrived is news.
    """

    def __init__(self, people_changed: PeopleChanged, metrics: Metrics, clock: Clock) -> None:
        self._people_changed = people_changed
        self._metrics = metrics
        self._clock = clock
        self._seen = Seen(REMEMBER_SECONDS, REMEMBER_AT_MOST)
        self._workers = Workers("directory", threads=1, limit=WAIT_AT_MOST)

    def on_change(self, event: str, event_id: str, member: Mapping[str, Any]) -> bool:
        """Takes one of `EVENTS`; False when too much waits, so that Slack should send it again."""
        if event_id and not self._seen.is_new(event_id, self._clock().timestamp()):
            self._count(event, "duplicate")
            return True
        if self._workers.submit(partial(self._apply, event, member)):
            return True
        self._seen.forget(event_id)
        self._count(event, "busy")
        return False

    def close(self, timeout: float) -> None:
        """Finishes what waits within ``timeout`` seconds; the next reading of everybody heals the rest."""
        self._workers.close(timeout)

    def _apply(self, event: str, member: Mapping[str, Any]) -> None:
        try:
            self._people_changed(person_of(member))
        except Exception as error:  # noqa: BLE001 - the listener border: the next reading heals it
            report_fault(log, "taking over a change of a person", error)
            self._count(event, "fault")
        else:
            self._count(event, "applied")

    def _count(self, event: str, outcome: str) -> None:
        self._metrics.events.labels(event, outcome).inc()
