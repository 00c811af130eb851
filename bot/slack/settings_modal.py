"""The modal in which people set their digests, and what they filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.core.answers import SettingsAnswer
from bot.core.digest_times import WeekMoment
from bot.slack.answers.settings import WEEKDAYS, clock_text
from bot.slack.blocks import Block, section
from bot.slack.templates import render_words
from bot.slack.views import View

CALLBACK = "settings"
WEEKDAY, TIME, PERSONAL = "weekday", "time", "personal"
STEP_MINUTES = 30

CHOOSE_A_DAY = "Please choose a day of the week."
CHOOSE_A_TIME = "Please choose a time of day."
WHOLE_STEPS = "Please choose a full or a half hour, such as 09:00 or 09:30: digests go out then."

_CHOICE = "choice"
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
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": metadata,
        "title": _plain("Your digests"),
        "submit": _plain("Save"),
        "close": _plain("Cancel"),
        "blocks": [
            section(words),
            _input(WEEKDAY, "Day", _weekday_select(at.weekday)),
            _input(
                TIME,
                "Time",
                {"type": "timepicker", "action_id": _CHOICE, "initial_time": clock_text(at.minute)},
                hint=f"A full or a half hour on your own clock{f' ({answer.zone})' if answer else ''}.",
            ),
            _input(
                PERSONAL,
                "Own usage",
                _personal_box(is_ticked=answer is not None and answer.choice.wants_personal),
                optional=True,
            ),
        ],
    }


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
    return WeekMoment(weekday, minute), bool(_element(values, PERSONAL).get("selected_options"))


def _weekday_in(values: Mapping[str, Any]) -> int | None:
    option = _element(values, WEEKDAY).get("selected_option")
    chosen = option.get("value") if isinstance(option, Mapping) else None
    return next((number for number in range(len(WEEKDAYS)) if chosen == str(number)), None)


def _minute_in(values: Mapping[str, Any]) -> int | None:
    time = _element(values, TIME).get("selected_time")
    read = _CLOCK.fullmatch(time) if isinstance(time, str) else None
    return 60 * int(read[1]) + int(read[2]) if read else None


def _element(values: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    held = values.get(block)
    element = held.get(_CHOICE) if isinstance(held, Mapping) else None
    return element if isinstance(element, Mapping) else {}


def _weekday_select(weekday: int) -> dict[str, Any]:
    options = [{"text": _plain(name), "value": str(number)} for number, name in enumerate(WEEKDAYS)]
    return {
        "type": "static_select",
        "action_id": _CHOICE,
        "options": options,
        "initial_option": options[weekday],
    }


def _personal_box(*, is_ticked: bool) -> dict[str, Any]:
    option = {"text": _plain("Send me a weekly digest of my own usage, too"), "value": PERSONAL}
    box = {"type": "checkboxes", "action_id": _CHOICE, "options": [option]}
    return {**box, "initial_options": [option]} if is_ticked else box


def _input(
    name: str, label: str, element: dict[str, Any], *, hint: str = "", optional: bool = False
) -> Block:
    made = {
        "type": "input",
        "block_id": name,
        "label": _plain(label),
        "element": element,
        "optional": optional,
    }
    return {**made, "hint": _plain(hint)} if hint else made


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
