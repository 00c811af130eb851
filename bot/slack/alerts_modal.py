"""The form in which finance and admins set what is worth an alert, and what they filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.alerts.choice import CAP, FLOOR, Draft, credits_typed
from bot.core.spikes.findings import Sensitivity, SpikeSettings
from bot.slack.blocks import section
from bot.slack.forms import chosen_in, field, form, select, text_input, typed_in
from bot.slack.templates import render_words
from bot.slack.views import View

CALLBACK = "alerts"
SENSITIVITY = "sensitivity"
CHOOSE_ONE = "Please choose one of these."

_LABELS = {
    Sensitivity.LOW: "Low: fewer alerts, some runaways are missed",
    Sensitivity.NORMAL: "Normal",
    Sensitivity.HIGH: "High: more alerts, more of them in vain",
}


def alerts_modal(settings: SpikeSettings, metadata: str) -> View:
    """Filled in with what holds now."""
    return form(
        CALLBACK,
        "Alerts",
        metadata,
        [
            section(render_words("alerts_modal")),
            field(SENSITIVITY, "Sensitivity", select(_LABELS.items(), settings.sensitivity)),
            field(
                FLOOR,
                "Floor in credits a day",
                text_input(credits_typed(settings.floor_micro)),
                hint="An excess below it is never told.",
            ),
            field(
                CAP,
                "Cap in credits a day",
                text_input(credits_typed(settings.hard_cap_micro)),
                hint="From so much on everybody is told of, whatever is usual. Empty: no cap.",
                optional=True,
            ),
        ],
    )


def read_alerts(values: Mapping[str, Any]) -> Draft | dict[str, str]:
    """What was typed, not judged yet; or where nothing was chosen."""
    chosen = chosen_in(values, SENSITIVITY)
    sensitivity = next((one for one in Sensitivity if one == chosen), None)
    if sensitivity is None:
        return {SENSITIVITY: CHOOSE_ONE}
    return Draft(sensitivity, typed_in(values, FLOOR), typed_in(values, CAP))
