"""How somebody's digests are set, as a message with buttons to change it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.core.answers import SettingsAnswer
from bot.core.formats import day_text
from bot.slack.answers.message import message
from bot.slack.blocks import header, section
from bot.slack.buttons import OPEN_SETTINGS, PAUSE, RESUME, SETTINGS_BLOCK, actions, button
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

TITLE = "Your digest settings"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def render_settings(answer: SettingsAnswer) -> Message:
    """What holds now, and how to change it."""
    words = settings_words(answer)
    return message(
        [Mrkdwn(f"{TITLE}:"), words],
        [header(TITLE), section(words), actions(settings_buttons(answer), SETTINGS_BLOCK)],
    )


def settings_words(answer: SettingsAnswer) -> Mrkdwn:
    """When which digests come."""
    return render_words(
        "settings",
        change=answer.change.value if answer.change else "",
        has_reports=answer.has_reports,
        comes=answer.next_digest is not None,
        paused=answer.choice.is_paused,
        personal=answer.choice.wants_personal,
        weekday=WEEKDAYS[answer.weekday],
        time=clock_text(answer.minute),
        zone=answer.zone,
        is_usual=answer.choice.weekday is None and answer.choice.minute is None,
        next=_next_text(answer.next_digest),
    )


def settings_buttons(answer: SettingsAnswer) -> list[dict[str, Any]]:
    """Pausing only where there is something to pause."""
    change = button(OPEN_SETTINGS, "Change\u2026")
    if answer.choice.is_paused:
        return [button(RESUME, "Resume", is_primary=True), change]
    return [button(PAUSE, "Pause"), change] if answer.next_digest else [change]


def clock_text(minute: int) -> str:
    """A minute of the day on a 24-hour clock, as Slack's time picker has it, too."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _next_text(instant: datetime | None) -> str:
    return f"{day_text(instant.date())}, {instant:%H:%M}" if instant else ""
