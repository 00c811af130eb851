"""What finance and admins chose about alerts, as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.core.alerts.choice import AlertChoice
from bot.core.alerts.quality import Moved
from bot.core.spikes.findings import SpikeSettings


class AlertReads(Protocol):
    """What is read about alerts and their settings, all of one moment."""

    def load_alert_choice(self) -> AlertChoice | None:
        """The newest choice; None where nobody has ever chosen."""
        ...

    def load_alert_moves(self, since: datetime) -> list[Moved]:
        """Everything that happened to incidents of which anything happened since then, oldest first."""
        ...


class AlertChoices(Protocol):
    """The part of a store that keeps choices. Every method is one transaction and raises `StoreError`."""

    def load_alert_choice(self) -> AlertChoice | None:
        """The newest choice; None where nobody has ever chosen."""
        ...

    def load_alert_choices(self) -> list[AlertChoice]:
        """Every choice ever made, oldest first."""
        ...

    def save_alert_choice(
        self, settings: SpikeSettings | None, by: str, now: datetime, *, after: int
    ) -> bool:
        """Keep a choice, None for going back to the configuration.

        False, and nothing done, where the newest is not the one numbered ``after`` (0 for none) any more.
        """
        ...
