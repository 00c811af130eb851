"""Which function draws which block."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.demo.blocks import inputs, layout, pictures, tables
from bot.demo.blocks.markup import Json, encodable, tag
from bot.demo.blocks.mrkdwn import draw_mrkdwn
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.rich_text import draw_rich_text
from bot.demo.blocks.spot import Spot
from bot.demo.blocks.unknown import draw_unknown

_DRAWINGS = itertools.count(1)


def draw_blocks(
    blocks: Sequence[Json],
    reader: Reader,
    *,
    state: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    mark: str | None = None,
) -> Markup:
    """The blocks of a message, a modal or a Home tab.

    ``state`` is ``view.state.values``, what the inputs hold already; ``errors`` are sentences by block id.
    Ids in the HTML begin with ``mark``, which nothing else on the page may have; without one it is invented.
    """
    prefix = mark or f"bk{next(_DRAWINGS)}"
    drawn = []
    for place, block in enumerate(blocks):
        name = block.get("block_id") or f"block{place}"
        spot = Spot(
            reader, name, f"{prefix}-{place}", (state or {}).get(name, {}), error=(errors or {}).get(name, "")
        )
        drawn.append(draw_block(block, spot))
    return encodable(tag("div", *drawn, class_="bk-blocks"))


def draw_text(mrkdwn: str, reader: Reader) -> Markup:
    """Slack's mrkdwn as HTML, as in the text of a message."""
    return encodable(tag("div", draw_mrkdwn(mrkdwn, reader), class_="bk-blocks"))


def draw_block(block: Json, spot: Spot) -> Markup:
    """One block; a labelled box for one that nobody knows."""
    return BLOCKS.get(block["type"], _strange)(block, spot)


def _rich_text(block: Json, spot: Spot) -> Markup:
    return tag("div", draw_rich_text(block["elements"], spot.reader), class_="bk-rich-text")


def _strange(block: Json, _spot: Spot) -> Markup:
    return draw_unknown("block", block)


BLOCKS: dict[str, Callable[[Json, Spot], Markup]] = {
    "actions": layout.draw_actions,
    "alert": layout.draw_alert,
    "context": layout.draw_context,
    "context_actions": layout.draw_actions,
    "data_table": tables.draw_data_table,
    "divider": layout.draw_divider,
    "header": layout.draw_header,
    "image": pictures.draw_picture,
    "input": inputs.draw_input,
    "rich_text": _rich_text,
    "section": layout.draw_section,
    "table": tables.draw_table,
}
