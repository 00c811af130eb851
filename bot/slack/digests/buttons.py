"""The buttons below a digest; one that begins with ``ask.`` is a command already typed."""

from __future__ import annotations

from bot.core.periods import Period
from bot.slack.blocks import Block

SETTINGS = "settings.open"


def digest_buttons(command: str, week: Period, *, has_settings: bool = True) -> Block:
    """The whole answer for the week, the week before, a file, and, for one's own digest, its settings."""
    this, before = week_name(week), week_name(week.before())
    asked = [
        _button("ask.details", "Details", f"{command} {this}"),
        _button("ask.before", "Week before", f"{command} {before}"),
        _button("ask.csv", "CSV", f"export {command} csv {this}"),
    ]
    settings = [_button(SETTINGS, "Settings", this)] if has_settings else []
    return {"type": "actions", "block_id": "digest", "elements": [*asked, *settings]}


def week_name(week: Period) -> str:
    """As a command takes it: ``2026-W47``."""
    year, number, _ = week.since.isocalendar()
    return f"{year}-W{number:02}"


def _button(action: str, text: str, value: str) -> Block:
    label = {"type": "plain_text", "text": text, "emoji": False}
    return {"type": "button", "action_id": action, "text": label, "value": value}
