"""The modal in which people set their digests, and what they filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.core.answers import SettingsAnswer
from bot.core.digests.times import WeekMoment
from bot.slack.answers.settings import WEEKDAYS, clock_text
from bot.slack.blocks import plain_text, section
from bot.slack.forms import Element, chosen_in, element_in, field, form, select
from bot.slack.templates import render_words
from bot.slack.views import View

CALLBACK = "settings"
WEEKDAY, TIME, PERSONAL = "weekday", "time", "personal"
STEP_MINUTES = 30

CHOOSE_A_DAY = "Please choose a day of the week."
CHOOSE_A_TIME = "Please choose a time of day."
WHOLE_STEPS = "Please choose a full or a half hour, such as 09:00 or 09:30: digests go out then."

_WEEKDAY_OPTIONS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def settings_modal(answer: SettingsAnswer | None, usual: WeekMoment, metadata: str) -> View:
    """Filled in with what holds now; with the usual time where that could not be read (None)."""
    at = WeekMoment(answer.weekday, answer.minute) if answer else usual
    words = render_words(
        "settings_modal",
        is_unknown=answer is None,
        is_paused=answer is not None and answer.choice.is_paused,
        has_reports=answer is not None and answer.has_reports,
    )
    return form(
        CALLBACK,
        "Your digests",
        metadata,
        [
            section(words),
            field(WEEKDAY, "Day", select(_WEEKDAY_OPTIONS, str(at.weekday))),
            field(
                TIME,
                "Time",
                {"type": "timepicker", "initial_time": clock_text(at.minute)},
                hint=f"A full or a half hour on your own clock{f' ({answer.zone})' if answer else ''}.",
            ),
            field(
                PERSONAL,
                "Own usage",
                _personal_box(is_ticked=answer is not None and answer.choice.wants_personal),
                optional=True,
            ),
        ],
    )


def read_settings(values: Mapping[str, Any], usual: WeekMoment) -> tuple[WeekMoment, bool] | dict[str, str]:
    """The time and whether a personal digest is wanted; or what is wrong, by the field where it is said.

    The usual time of day can always be chosen, whatever the company made it.
    """
    weekday, minute = _weekday_in(values), _minute_in(values)
    problems = {}
    if weekday is None:
        problems[WEEKDAY] = CHOOSE_A_DAY
    if minute is None:
        problems[TIME] = CHOOSE_A_TIME
    elif minute % STEP_MINUTES and minute != usual.minute:
        problems[TIME] = WHOLE_STEPS
    if weekday is None or minute is None or problems:
        return problems
    return WeekMoment(weekday, minute), bool(element_in(values, PERSONAL).get("selected_options"))


def _weekday_in(values: Mapping[str, Any]) -> int | None:
    chosen = chosen_in(values, WEEKDAY)
    return next((number for number in range(len(WEEKDAYS)) if chosen == str(number)), None)


def _minute_in(values: Mapping[str, Any]) -> int | None:
    time = element_in(values, TIME).get("selected_time")
    read = _CLOCK.fullmatch(time) if isinstance(time, str) else None
    return 60 * int(read[1]) + int(read[2]) if read else None


def _personal_box(*, is_ticked: bool) -> Element:
    option = {"text": plain_text("Send me a weekly digest of my own usage, too"), "value": PERSONAL}
    box: Element = {"type": "checkboxes", "options": [option]}
    return {**box, "initial_options": [option]} if is_ticked else box
