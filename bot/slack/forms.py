"""The fields of a modal: how they are built, and what was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.blocks import Block

CHOICE = "choice"
"""The one element of a field."""


def plain_object(text: str) -> dict[str, Any]:
    """A text that is taken literally."""
    return {"type": "plain_text", "text": text, "emoji": False}


def input_block(
    name: str, label: str, element: dict[str, Any], *, hint: str = "", optional: bool = False
) -> Block:
    """A field with its label; what is filled in comes back under ``name``."""
    made = {
        "type": "input",
        "block_id": name,
        "label": plain_object(label),
        "element": {"action_id": CHOICE, **element},
        "optional": optional,
    }
    return {**made, "hint": plain_object(hint)} if hint else made


def filled_in(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What a field holds; nothing where it has another shape."""
    held = values.get(name)
    element = held.get(CHOICE) if isinstance(held, Mapping) else None
    return element if isinstance(element, Mapping) else {}
