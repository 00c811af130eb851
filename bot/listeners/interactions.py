"""What people do in the app beside typing, as one thing to start and to end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.listeners.commands import Clock, SlashCommands, utc_now
from bot.listeners.metrics import Metrics
from bot.listeners.places import Responding, Viewing
from bot.listeners.presses import Presses
from bot.listeners.settings import SettingsDesk, Settling


class Interactions:
    """Buttons and modals."""

    def __init__(
        self,
        commands: SlashCommands,
        settings: Settling,
        responder: Responding,
        views: Viewing,
        metrics: Metrics,
        clock: Clock = utc_now,
    ) -> None:
        self._presses = Presses(commands, responder, views, metrics, clock)
        self._settings = SettingsDesk(settings, self._presses, responder, views, clock)

    def on_press(self, body: Mapping[str, Any]) -> bool:
        """Takes a press; False when too much waits, so that Slack shows that nothing happened."""
        return self._presses.on_press(body)

    def on_settings(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Takes submitted settings, or returns what to say at once, by field."""
        return self._settings.on_submission(body)

    def refuse(self, body: Mapping[str, Any], words: str) -> None:
        """Tells whoever pressed why nothing is done, where there is a place for it."""
        self._presses.refuse(body, words)

    def close(self, timeout: float) -> None:
        """Finishes what was pressed within ``timeout`` seconds."""
        self._presses.close(timeout)
