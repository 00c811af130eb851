"""The buttons below a digest."""

from __future__ import annotations

from bot.core.periods import Period
from bot.slack.blocks import Block
from bot.slack.buttons import OPEN_SETTINGS, actions, ask_button, button


def digest_buttons(command: str, week: Period, *, has_settings: bool = True) -> Block:
    """The whole answer for the week, the week before, a file, and, for one's own digest, its settings."""
    this, before = week_name(week), week_name(week.before())
    asked = [
        ask_button("details", "Details", f"{command} {this}"),
        ask_button("before", "Week before", f"{command} {before}"),
        ask_button("csv", "CSV", f"export {command} csv {this}"),
    ]
    settings = [{**button(OPEN_SETTINGS, "Settings"), "value": this}] if has_settings else []
    return actions([*asked, *settings], "digest")


def week_name(week: Period) -> str:
    """As a command takes it: ``2026-W47``."""
    year, number, _ = week.since.isocalendar()
    return f"{year}-W{number:02}"
