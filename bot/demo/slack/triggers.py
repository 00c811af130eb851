"""Trigger ids, which open one modal within three seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.slack.values import RefusedError

TRIGGER_SECONDS = 3.0


@dataclass(slots=True)
class _Trigger:
    user_id: str
    issued_at: float
    used: bool = False


class Triggers:
    """Every trigger id that was given out, on the workspace's clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user_id: str) -> str:
        """A new one for something that the person just did."""
        name = f"{len(self._issued) + 1}.{int(self._now())}.{'0123456789abcdef' * 2}"
        self._issued[name] = _Trigger(user_id, self._now())
        return name

    def exchange(self, name: str) -> str:
        """The person it belongs to. Raises `RefusedError` when it is unknown, used or too old."""
        trigger = self._issued.get(name)
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if trigger.used:
            raise RefusedError("exchanged_trigger_id")
        if self._now() - trigger.issued_at > TRIGGER_SECONDS:
            raise RefusedError("expired_trigger_id")
        trigger.used = True
        return trigger.user_id
