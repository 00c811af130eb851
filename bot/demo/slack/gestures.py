"""What a press, a choice or typing into a field becomes in the payload that the app gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.demo.slack.values import Json

_SINGLE = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_ONE_OPTION = frozenset({"static_select", "radio_buttons", "overflow", "external_select"})
_MANY_OPTIONS = frozenset({"multi_static_select", "checkboxes"})


def elements_of(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every interactive element with the id of its block, an invented one where the app gave none."""
    for place, block in enumerate(blocks):
        block_id = block.get("block_id") or f"block{place}"
        held = (block.get("accessory"), block.get("element"), *block.get("elements", ()))
        for element in held:
            if isinstance(element, dict) and "action_id" in element:
                yield block_id, element


def action(blocks: list[Json], action_id: str, choice: Any, action_ts: str) -> Json:
    """The action that using an element makes. Raises `LookupError` when there is no such element."""
    for block_id, element in elements_of(blocks):
        if element["action_id"] == action_id:
            base = {"action_id": action_id, "block_id": block_id, "action_ts": action_ts}
            return {**base, **_used(element, choice)}
    known = ", ".join(element["action_id"] for _block_id, element in elements_of(blocks))
    raise LookupError(f"nothing to press is called {action_id}; there is: {known or 'nothing'}")


def state_values(blocks: list[Json], given: Mapping[str, Any]) -> Json:
    """``state.values`` of a modal: what was typed or chosen, by block id, over what stood there already.

    Raises `ValueError` for a field that may not be left empty and `LookupError` for an unknown block.
    """
    values: Json = {}
    for block in blocks:
        element = block.get("element") or block.get("accessory")
        if block["type"] not in {"input", "section"} or not element or "action_id" not in element:
            continue
        name = block.get("block_id", "")
        state = _used(element, given[name]) if name in given else _initial(element)
        if not _is_filled(state) and block["type"] == "input" and not block.get("optional"):
            raise ValueError(f"Slack does not let the field {name} be empty")
        values[name] = {element["action_id"]: state}
    if unknown := set(given) - set(values):
        raise LookupError(f"no such fields: {', '.join(sorted(unknown))}")
    return values


def _used(element: Json, choice: Any) -> Json:
    kind = element["type"]
    if kind == "button":
        return {"type": kind, **{name: element[name] for name in ("text", "value", "url") if name in element}}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": _option(element, choice) if choice is not None else None}
    if kind in _MANY_OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one) for one in choice or ()]}
    return {"type": kind, _SINGLE.get(kind, "value"): choice}


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups", ())
    options: list[Json] = [
        *element.get("options", ()),
        *(one for group in groups for one in group["options"]),
    ]
    for option in options:
        if option["value"] == value:
            return option
    raise LookupError(f"{element['action_id']} does not offer {value}")


def _initial(element: Json) -> Json:
    state: Json = {"type": element["type"]}
    for name, value in element.items():
        if name.startswith("initial_"):
            bare = name.removeprefix("initial_")
            state["value" if bare == "value" else f"selected_{bare}"] = value
    return state if len(state) > 1 else _used(element, None)


def _is_filled(state: Json) -> bool:
    return any(value not in (None, "", []) for name, value in state.items() if name != "type")
