"""A message as somebody would see it, for snapshots: one line or paragraph a block."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.block_rules import problems
from bot.slack.fallback import without_native_blocks
from bot.slack.messages import TEXT_LIMIT, Message


def checked(message: Message) -> Message:
    """The message, after making sure that Slack takes it, with and without native blocks."""
    assert problems(message.blocks, "message") == []
    assert problems(without_native_blocks(message).blocks, "message", native_blocks=False) == []
    assert 0 < len(message.text) <= TEXT_LIMIT
    return message


def shown(message: Message) -> str:
    """The blocks of a checked message."""
    return "\n".join(_block(block) for block in checked(message).blocks) + "\n"


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"# {block['text']['text']}"
        case "context":
            return "\n".join(f"({element['text']})" for element in block["elements"])
        case "section":
            objects = block.get("fields") or [block["text"]]
            return "\n".join(item["text"] for item in objects)
        case "data_table":
            rows = [" | ".join(cell["text"] for cell in row) for row in block["rows"]]
            return "\n".join([f"[table: {block['caption']}]", *rows])
        case "actions":
            return " ".join(
                f"[{e['text']['text']}: {e['action_id']} {e.get('value', '')}]" for e in block["elements"]
            )
        case _:
            axes = block["chart"]["axis_config"]
            note = f" ({axes['x_label']})" if "x_label" in axes else ""
            return f"[chart: {block['title']}: {_series(block['chart']['series'])} {axes['y_label']}{note}]"


def _series(series: list[dict[str, Any]]) -> str:
    several = len(series) > 1
    return "; ".join(
        (f"{one['name']}: " if several else "")
        + ", ".join(f"{point['label']} = {point['value']}" for point in one["data"])
        for one in series
    )


def chart_of(message: Message) -> dict[str, Any]:
    """The only chart of a message."""
    (chart,) = (block for block in message.blocks if block["type"] == "data_visualization")
    return chart
