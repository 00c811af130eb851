"""Whom an alert is about, and everything that has happened, for one person's eyes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.alerts.incidents import FiringDay, Incident
from bot.core.formats import credits_text, day_text, instant_text
from bot.ports import IncidentEvent
from bot.slack.alerts.buttons import answer_buttons
from bot.slack.blocks import section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import plain

_WORDS = {
    "opened": "found",
    "changed": "the figures changed",
    "woke": "no longer put off",
    "calmed": "over: two normal active days followed",
    "corrected": "over: the vendor corrected the figure",
    "retuned": "over: the settings were changed",
    "forgotten": "over: nothing was used for six weeks",
    "told_again": "told again",
    "acknowledged": "acknowledged",
    "snoozed": "put off",
    "expected": "expected",
    "new_normal": "over: the new normal",
    "planned": "planned, as the person says,",
    "stopped": "stopped, as the person says,",
    "not_me": "not the person, as they say,",
    "joined": "over: it goes on as one with the person's other alert",
}


def render_details(number: int, who: str, incident: Incident, events: Sequence[IncidentEvent]) -> Message:
    """The days, then the history, oldest first; and the answers, where it is not over."""
    lines = [*map(_day, incident.days), *map(_event, events)]
    words = render_words("alert_details", who=plain(who), lines=lines)
    answers = [answer_buttons(number)] if incident.is_live else []
    return Message(words, [section(words), *answers])


def _day(one: FiringDay) -> str:
    usual = f"expected {credits_text(one.expected_micro)}"
    return f"{day_text(one.day)}: {credits_text(one.credits_micro)} credits, {usual}, {one.severity}"


def _event(event: IncidentEvent) -> str:
    by = f" by {plain(event.authorship.by)}" if event.authorship.by else ""
    until = f" until {instant_text(event.until)}" if event.until else ""
    reason = f": {plain(event.authorship.reason, 300)}" if event.authorship.reason else ""
    return f"{instant_text(event.authorship.at)}: {_WORDS.get(event.what, event.what)}{by}{until}{reason}"
