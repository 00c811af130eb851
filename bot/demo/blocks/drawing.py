"""Which function draws which block."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.demo.blocks import cards, charts, inputs, layout, pictures, tables
from bot.demo.blocks.markdown import draw_markdown
from bot.demo.blocks.markup import Json, encodable, tag
from bot.demo.blocks.mrkdwn import draw_mrkdwn
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.rich_text import draw_rich_text
from bot.demo.blocks.spot import Spot
from bot.demo.blocks.text_objects import plain_words
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
    return BLOCKS.get(block.get("type", ""), _strange)(block, spot)


def _rich_text(block: Json, spot: Spot) -> Markup:
    return tag("div", draw_rich_text(block["elements"], spot.reader))


def _markdown(block: Json, _spot: Spot) -> Markup:
    return tag("div", draw_markdown(block["text"]), class_="bk-markdown")


def _container(block: Json, spot: Spot) -> Markup:
    """Blocks in a frame, folded where the app wants it so; titles of Slack are text objects or bare strings."""
    title = block.get("title", "")
    name = plain_words(title) if isinstance(title, dict) else title
    children = (
        draw_block(
            child,
            dataclasses.replace(
                spot, block_id=child.get("block_id", spot.block_id), mark=f"{spot.mark}-{place}"
            ),
        )
        for place, child in enumerate(block.get("child_blocks", ()))
    )
    if not block.get("is_collapsible"):
        return tag("div", tag("strong", name), *children, class_="bk-card")
    summary = tag("summary", tag("strong", name))
    return tag("details", summary, *children, class_="bk-card", open=not block.get("default_collapsed"))


def _strange(block: Json, _spot: Spot) -> Markup:
    return draw_unknown("block", block)


BLOCKS: dict[str, Callable[[Json, Spot], Markup]] = {
    "actions": layout.draw_actions,
    "alert": layout.draw_alert,
    "card": cards.draw_card,
    "carousel": cards.draw_carousel,
    "container": _container,
    "context": layout.draw_context,
    "context_actions": layout.draw_actions,
    "data_table": tables.draw_data_table,
    "data_visualization": charts.draw_chart,
    "divider": layout.draw_divider,
    "file": cards.draw_file,
    "header": layout.draw_header,
    "image": pictures.draw_picture,
    "input": inputs.draw_input,
    "markdown": _markdown,
    "plan": cards.draw_plan,
    "rich_text": _rich_text,
    "section": layout.draw_section,
    "table": tables.draw_table,
    "task_card": cards.draw_task,
    "video": cards.draw_video,
}
