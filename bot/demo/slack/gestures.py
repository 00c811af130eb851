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
_STATELESS = frozenset({"button", "overflow", "workflow_button"})
_NOTHING = object()


def elements_of(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every interactive element with the id of its block, an invented one where the app gave none."""
    for block_id, block in _named(blocks):
        held = (block.get("accessory"), block.get("element"), *block.get("elements", ()))
        for element in held:
            if isinstance(element, dict) and "action_id" in element:
                yield block_id, element


class EmptyFieldsError(ValueError):
    """Fields that may not be left empty are; ``block_ids`` says which."""

    def __init__(self, block_ids: list[str]) -> None:
        self.block_ids = block_ids
        super().__init__(f"Slack does not let the field {', '.join(block_ids)} be empty")


def action(
    blocks: list[Json], action_id: str, choice: Any, action_ts: str, *, block_id: str | None = None
) -> Json:
    """The action that using an element makes. Raises `LookupError` when there is no such element."""
    for held_in, element in elements_of(blocks):
        if element["action_id"] == action_id and block_id in (None, held_in):
            base = {"action_id": action_id, "block_id": held_in, "action_ts": action_ts}
            return {**base, **_used(element, choice)}
    known = ", ".join(element["action_id"] for _block_id, element in elements_of(blocks))
    raise LookupError(f"nothing to press is called {action_id}; there is: {known or 'nothing'}")


def state_values(blocks: list[Json], given: Mapping[str, Any]) -> Json:
    """``state.values`` of a modal: what was typed or chosen, by block id, over what stood there already.

    Raises `EmptyFieldsError` for fields that may not be left empty and `LookupError` for an unknown block.
    """
    values = held_values(blocks, given)
    asked = {name for name, block in _named(blocks) if block["type"] == "input" and not block.get("optional")}
    empty = [name for name in values if name in asked and not any(map(_is_filled, values[name].values()))]
    if empty:
        raise EmptyFieldsError(empty)
    return values


def held_values(blocks: list[Json], given: Mapping[str, Any]) -> Json:
    """The same for blocks that are not submitted: nothing needs to be filled in.

    A block with several elements takes its values by action id.
    """
    values: Json = {}
    for name, element in elements_of(blocks):
        if element["type"] not in _STATELESS:
            choice = _given(given, name, element["action_id"])
            state = _initial(element) if choice is _NOTHING else _used(element, choice)
            values.setdefault(name, {})[element["action_id"]] = state
    if unknown := set(given) - set(values):
        raise LookupError(f"no such fields: {', '.join(sorted(unknown))}")
    return values


def _named(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    for place, block in enumerate(blocks):
        yield block.get("block_id") or f"block{place}", block


def _given(given: Mapping[str, Any], block_id: str, action_id: str) -> Any:
    choice = given.get(block_id, _NOTHING)
    return choice.get(action_id, _NOTHING) if isinstance(choice, Mapping) else choice


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
