"""What Slack says about an array of blocks: types per surface, counts, unique ids, whole messages.

Complaints are sentences with a JSON pointer, as Slack sends them in ``errors``. Blocks that Slack knows
but that are not described here (card, carousel, container, plan, task_card, video, file, context_actions)
are refused too: this workspace may be stricter than Slack, never kinder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from bot.demo.slack.block_elements import (
    ACCESSORY,
    ACTIONS_ELEMENT,
    CONTEXT_ELEMENT,
    IDENTIFIER,
    INPUT_ELEMENT,
    PICTURE,
    PLAIN,
    has_picture,
)
from bot.demo.slack.block_language import (
    Rule,
    array,
    boolean,
    both,
    choice,
    complaint,
    integer,
    record,
    string,
    text_object,
)
from bot.demo.slack.native_blocks import (
    DATA_TABLE,
    DATA_VISUALIZATION,
    MAX_TABLE_CHARACTERS,
    TABLE,
    table_characters,
)
from bot.demo.slack.rich_text import RICH_TEXT_ELEMENTS

Surface = Literal["message", "modal", "home"]
MAX_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MAX_CHARTS = 2
MAX_MARKDOWN = 12_000
ONE_TABLE = "only_one_table_allowed"
NATIVE = frozenset({"data_visualization", "data_table"})

_ID: dict[str, Rule] = {"block_id": IDENTIFIER}


def _text_or_fields(block: Any, pointer: str) -> list[str]:
    if "text" in block or "fields" in block:
        return []
    return complaint("must define either `text` or `fields`", f"{pointer}/type")


SECTION = both(
    record(
        {},
        {
            **_ID,
            "text": text_object(3000),
            "fields": array(text_object(2000), 1, 10),
            "accessory": ACCESSORY,
            "expand": boolean,
        },
    ),
    _text_or_fields,
)
INPUT = record(
    {"label": text_object(2000, PLAIN), "element": INPUT_ELEMENT},
    {**_ID, "hint": text_object(2000, PLAIN), "optional": boolean, "dispatch_action": boolean},
)
ALERT = record(
    {"text": text_object(200)},
    {**_ID, "level": choice("default", "info", "warning", "error", "success")},
)
IMAGE = both(
    record({"alt_text": string(1, 2000)}, {**_ID, **PICTURE, "title": text_object(2000, PLAIN)}), has_picture
)
EVERYWHERE = frozenset({"message", "modal", "home"})
MESSAGE_HOME = frozenset({"message", "home"})
BLOCKS: dict[str, tuple[Rule, frozenset[str]]] = {
    "actions": (record({"elements": array(ACTIONS_ELEMENT, 1, 25)}, _ID), EVERYWHERE),
    "alert": (ALERT, frozenset({"modal"})),
    "context": (record({"elements": array(CONTEXT_ELEMENT, 1, 10)}, _ID), EVERYWHERE),
    "data_table": (DATA_TABLE, MESSAGE_HOME),
    "data_visualization": (DATA_VISUALIZATION, frozenset({"message"})),
    "divider": (record({}, _ID), EVERYWHERE),
    "header": (record({"text": text_object(150, PLAIN)}, {**_ID, "level": integer(1, 4)}), EVERYWHERE),
    "image": (IMAGE, EVERYWHERE),
    "input": (INPUT, EVERYWHERE),
    "markdown": (record({"text": string(1, MAX_MARKDOWN)}, _ID), frozenset({"message"})),
    "rich_text": (record({"elements": RICH_TEXT_ELEMENTS}, _ID), EVERYWHERE),
    "section": (SECTION, EVERYWHERE),
    "table": (TABLE, MESSAGE_HOME),
}


def problems(
    blocks: Any, surface: Surface, *, native_blocks: bool = True, pointer: str = "/blocks"
) -> list[str]:
    """Every complaint that Slack would have; an empty list means accepted.

    Without ``native_blocks`` the two data blocks are unknown, as where they have not been rolled out.
    """
    if not isinstance(blocks, list):
        return complaint("must be an array", pointer)
    if len(blocks) > MAX_BLOCKS[surface]:
        return complaint(f"no more than {MAX_BLOCKS[surface]} items allowed", pointer)
    allowed = {
        kind: rule
        for kind, (rule, surfaces) in BLOCKS.items()
        if surface in surfaces and (native_blocks or kind not in NATIVE)
    }
    found = [
        line for place, block in enumerate(blocks) for line in _one(block, f"{pointer}/{place}", allowed)
    ]
    return found or [line for rule in _WHOLE for line in rule(blocks, pointer)]


def _one(block: Any, pointer: str, allowed: dict[str, Rule]) -> list[str]:
    if not isinstance(block, dict):
        return complaint("must be an object", pointer)
    kind = block.get("type")
    if kind is None:
        return complaint("missing required field: type", pointer)
    if not isinstance(kind, str) or kind not in allowed:
        return complaint(f"unsupported type: {kind}", f"{pointer}/type")
    return allowed[kind](block, pointer)


def _unique_block_ids(blocks: list[Any], pointer: str) -> list[str]:
    seen: set[str] = set()
    found = []
    for place, block in enumerate(blocks):
        name = block.get("block_id")
        if name in seen:
            found += complaint(f'`block_id` "{name}" already exists', f"{pointer}/{place}/block_id")
        elif name is not None:
            seen.add(name)
    return found


def _unique_action_ids(blocks: list[Any], pointer: str) -> list[str]:
    found = []
    for place, block in enumerate(blocks):
        seen: set[str] = set()
        for spot, name in _action_ids(block):
            if name in seen:
                found += complaint(
                    f'`action_id` "{name}" already exists', f"{pointer}/{place}/elements/{spot}/action_id"
                )
            seen.add(name)
    return found


def _action_ids(block: Any) -> Iterator[tuple[int, str]]:
    if block["type"] == "actions":
        for spot, element in enumerate(block["elements"]):
            if "action_id" in element:
                yield spot, element["action_id"]


def _few_charts(blocks: list[Any], pointer: str) -> list[str]:
    charts = [place for place, block in enumerate(blocks) if block["type"] == "data_visualization"]
    what = f"no more than {MAX_CHARTS} data_visualization blocks allowed"
    return [line for place in charts[MAX_CHARTS:] for line in complaint(what, f"{pointer}/{place}")]


def _few_tables(blocks: list[Any], pointer: str) -> list[str]:
    tables = [block for block in blocks if block["type"] in {"table", "data_table"}]
    if len(tables) > 1:
        return complaint(ONE_TABLE, pointer)
    if sum(table_characters(block["rows"]) for block in tables) > MAX_TABLE_CHARACTERS:
        return complaint(f"cells must be less than {MAX_TABLE_CHARACTERS + 1} characters", pointer)
    return []


def _little_markdown(blocks: list[Any], pointer: str) -> list[str]:
    total = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    return (
        complaint(f"must be less than {MAX_MARKDOWN + 1} characters", pointer) if total > MAX_MARKDOWN else []
    )


_WHOLE: tuple[Callable[[list[Any], str], list[str]], ...] = (
    _unique_block_ids,
    _unique_action_ids,
    _few_charts,
    _few_tables,
    _little_markdown,
)
