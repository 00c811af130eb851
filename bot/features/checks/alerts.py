"""What an operator has to know about alerts: which settings are in force, and who chose them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.alerts.choice import credits_typed, in_force
from bot.core.checks import Check, Grade
from bot.core.spikes.findings import SpikeSettings
from bot.ports import Store


def look_at_alerts(store: Store, configured: SpikeSettings) -> Iterator[Check]:
    """One line."""
    chosen = in_force(configured, store.load_alert_choice())
    settings = chosen.settings
    cap = credits_typed(settings.hard_cap_micro)
    by = f"chosen in Slack by {chosen.newest.by}" if chosen.newest and chosen.is_chosen else "as configured"
    sentence = (
        f"{settings.sensitivity} sensitivity, nothing below {credits_typed(settings.floor_micro)} credits, "
        f"{f'a cap of {cap}' if cap else 'no cap'}; {by}"
    )
    yield Check("alerts", Grade.OK, sentence)
