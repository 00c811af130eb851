"""The two ways in which Slack reaches an app, as one protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.demo.slack.journal import Route
from bot.demo.slack.values import Ack, Json

Kind = Literal["slash_commands", "interactive", "events_api"]
TIMEOUT_WORD = "operation_timeout"
FAILED_WORD = "dispatch_failed"


@dataclass(frozen=True, slots=True)
class Retry:
    """The number of a repeated delivery, from 1, and Slack's word for why the one before failed."""

    attempt: int
    reason: str


class Transport(Protocol):
    """Hands one payload to the app and waits for its acknowledgement. ``route`` is what people call it."""

    route: Route

    def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Ack:
        """What the app answered within the time limit; never raises for what the app does."""
        ...
