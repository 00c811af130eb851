"""Buttons. The name of one begins with ``ask.`` where it is a command already typed, which is its value then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack.blocks import Block, plain_text

OPEN_SETTINGS = "settings.open"
PAUSE = "settings.pause"
RESUME = "settings.resume"
SETTINGS_BLOCK = "settings"
"""The block that holds them in the answer about settings, which is renewed when one is pressed."""

CHANGE_ALERTS = "alerts.change"
RESET_ALERTS = "alerts.reset"
USE_SENSITIVITY = "alerts.use"
"""With the sensitivity and a dot at the end of the name, so that each button of a message has its own."""
ALERTS_BLOCK = "alerts"
"""The block that holds them in the answer about alerts, which is renewed like that of settings."""

ADD_BUDGET = "budget.add"
EDIT_BUDGET = "budget.edit"
REMOVE_BUDGET = "budget.remove"
BUDGETS_BLOCK = "budgets"
"""How the names of the blocks begin that hold them, in the answer about budgets, which is renewed like that."""

END_PLAN = "plan.end"
PLANS_BLOCK = "plans"
"""The same for planned bursts."""

MAX_BUTTONS = 25


def ask_button(name: str, label: str, command: str) -> dict[str, Any]:
    """A button that asks; ``command`` is the text after the slash command's name."""
    return {**button(f"ask.{name}", label), "value": command}


def button(action_id: str, label: str, *, is_primary: bool = False) -> dict[str, Any]:
    """Any button."""
    made = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label),
    }
    return {**made, "style": "primary"} if is_primary else made


def with_confirm(button: dict[str, Any], title: str, text: str, yes: str, no: str) -> dict[str, Any]:
    """A button that does harm, and asks once more before."""
    words = {"title": title, "text": text, "confirm": yes, "deny": no}
    return {
        **button,
        "confirm": {name: plain_text(said) for name, said in words.items()} | {"style": "danger"},
    }


def is_renewed(block_id: str) -> bool:
    """True for a block of an answer that shows what holds, and is replaced where a button changes that."""
    return block_id.partition(".")[0] in {SETTINGS_BLOCK, ALERTS_BLOCK, BUDGETS_BLOCK, PLANS_BLOCK}


def actions(buttons: Sequence[dict[str, Any]], block_id: str = "") -> Block:
    """Buttons side by side, at most 25."""
    made: Block = {"type": "actions", "elements": list(buttons[:MAX_BUTTONS])}
    return {**made, "block_id": block_id} if block_id else made
