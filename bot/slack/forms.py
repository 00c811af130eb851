"""Modals with fields: how one is built, and what somebody filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.slack.blocks import Block, plain_text
from bot.slack.views import View

Element = dict[str, Any]

_CHOICE = "choice"
"""The name of the only element in each field."""


def form(callback: str, title: str, metadata: str, blocks: list[Block], *, submit: str = "Save") -> View:
    """A modal to fill in; ``metadata`` comes back with what was filled in."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": plain_text(title),
        "submit": plain_text(submit),
        "close": plain_text("Cancel"),
        "blocks": blocks,
    }


def field(name: str, label: str, element: Element, *, hint: str = "", optional: bool = False) -> Block:
    """An element with its label; ``name`` is that of the block, by which problems are said."""
    made = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label),
        "element": {**element, "action_id": _CHOICE},
        "optional": optional,
    }
    return {**made, "hint": plain_text(hint)} if hint else made


def select(options: Iterable[tuple[str, str]], chosen: str | None) -> Element:
    """A menu of values and their labels; None where nothing is chosen yet."""
    made = [{"text": plain_text(label), "value": value} for value, label in options]
    initial = next((option for option in made if option["value"] == chosen), None)
    element: Element = {"type": "static_select", "options": made}
    return {**element, "initial_option": initial} if initial else element


def text_input(typed: str) -> Element:
    """A line to type in, with what stands there already."""
    element: Element = {"type": "plain_text_input"}
    return {**element, "initial_value": typed} if typed else element


def chosen_in(values: Mapping[str, Any], name: str) -> str | None:
    """The value that was chosen in a menu."""
    option = element_in(values, name).get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else None
    return value if isinstance(value, str) else None


def typed_in(values: Mapping[str, Any], name: str) -> str:
    """What was typed, without halves of characters; empty where nothing was."""
    value = element_in(values, name).get("value")
    return value.encode(errors="ignore").decode() if isinstance(value, str) else ""


def element_in(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The state of a field's element, whatever shape the rest has."""
    held = values.get(name)
    element = held.get(_CHOICE) if isinstance(held, Mapping) else None
    return element if isinstance(element, Mapping) else {}
