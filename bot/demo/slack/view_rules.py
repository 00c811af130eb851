"""What Slack says about a modal or a Home tab: its frame, its size, the blocks in it."""

from __future__ import annotations

import json
from typing import Any

from bot.demo.slack.block_elements import PLAIN
from bot.demo.slack.block_language import (
    Rule,
    anything,
    array,
    boolean,
    complaint,
    record,
    string,
    text_object,
)
from bot.demo.slack.block_rules import Surface, problems

MAX_VIEW_BYTES = 250_000
_VIEW: dict[str, Rule] = {
    "private_metadata": string(0, 3000),
    "callback_id": string(0, 255),
    "external_id": string(0, 255),
}
_MODAL = record(
    {"title": text_object(24, PLAIN), "blocks": array(anything, 0, None)},
    {
        **_VIEW,
        "close": text_object(24, PLAIN),
        "submit": text_object(24, PLAIN),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = record({"blocks": array(anything, 0, None)}, _VIEW)


def view_problems(view: Any, *, native_blocks: bool = True) -> list[str]:
    """Every complaint about a modal or a Home tab, with pointers below ``/view``."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return complaint("must be a valid enum value", "/view/type")
    surface: Surface = "modal" if view["type"] == "modal" else "home"
    frame = (_MODAL if surface == "modal" else _HOME)(view, "/view")
    inside = problems(view.get("blocks", []), surface, native_blocks=native_blocks, pointer="/view/blocks")
    return [*frame, *inside] or _submit_when_asked(view)


def view_is_too_large(view: Any) -> bool:
    """More than 250 kB as JSON, which Slack answers with ``view_too_large``."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > MAX_VIEW_BYTES


def _submit_when_asked(view: Any) -> list[str]:
    asks = view["type"] == "modal" and any(block["type"] == "input" for block in view["blocks"])
    return complaint("missing required field: submit", "/view") if asks and "submit" not in view else []
