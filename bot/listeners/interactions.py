"""What people do in the app beside typing, as one thing to hand on and to end."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.listeners.alert_settings import AlertSettingsDesk
from bot.listeners.alerts import AlertDesk
from bot.listeners.budgets import BudgetDesk
from bot.listeners.home_tab import HomeTab
from bot.listeners.own_answers import OwnDesk
from bot.listeners.presses import Presses
from bot.listeners.settings import SettingsDesk


@dataclass(frozen=True, slots=True)
class Interactions:
    """Buttons, the forms for settings, alerts and budgets, the Home tab."""

    presses: Presses
    settings: SettingsDesk
    alerts: AlertDesk
    budgets: BudgetDesk
    alert_settings: AlertSettingsDesk
    home_tab: HomeTab
    own: OwnDesk

    def close(self, timeout: float) -> None:
        """Finishes what was begun within ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        self.presses.close(timeout)
        self.home_tab.close(max(0.0, deadline - time.monotonic()))
