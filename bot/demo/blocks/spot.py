"""Where an element stands: in which block, for whom, what it holds already, and by what it is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.blocks.markup import Attribute, Json
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.text_objects import plain_words

_NAMES = {
    "channels_select": "Channel",
    "conversations_select": "Conversation",
    "datepicker": "Date",
    "datetimepicker": "Date and time",
    "timepicker": "Time",
    "users_select": "Person",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """``mark`` is an id that nothing else on the page has; ``held`` is the block's part of ``state.values``.

    ``label`` is what to call an element that has no words of its own. An element of an input is named by the
    label above it instead and described by the hint and the error below, whose ids these are.
    """

    reader: Reader
    block_id: str
    mark: str
    held: Mapping[str, Any]
    error: str = ""
    label: str = ""
    labelled_by: str | None = None
    described_by: str | None = None
    is_required: bool = False


def control(element: Json, spot: Spot) -> dict[str, Attribute]:
    """What every interactive element carries: who it is, for the script and for those who hear the page."""
    action_id = element.get("action_id")
    confirm = element.get("confirm")
    kind = element["type"]
    label = spot.label or plain_words(element.get("placeholder")) or _NAMES.get(kind.removeprefix("multi_"))
    return {
        "id": spot.mark if spot.labelled_by else None,
        "data_block_id": spot.block_id,
        "data_action_id": action_id,
        "data_type": kind,
        "data_confirm": json.dumps(confirm, ensure_ascii=False) if confirm else None,
        "aria_labelledby": spot.labelled_by,
        "aria_label": None if spot.labelled_by else label or "Choice",
        "aria_describedby": spot.described_by,
        "aria_invalid": "true" if spot.error else None,
    }


def chosen(element: Json, spot: Spot) -> Any:
    """What the element holds: a text, the value of an option, a list of those, or None.

    The state of a view says so where it knows the element, and what the app put there first where not.
    """
    state = spot.held.get(element.get("action_id", ""))
    if state is not None:
        return _bare(next((value for name, value in state.items() if name != "type"), None))
    return _bare(next((value for name, value in element.items() if name.startswith("initial_")), None))


def chosen_all(element: Json, spot: Spot) -> frozenset[str]:
    """The values that are chosen, for an element that takes one or many."""
    value = chosen(element, spot)
    return frozenset(value if isinstance(value, list) else () if value is None else (value,))


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return value.get("value") if isinstance(value, dict) else value
