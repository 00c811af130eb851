"""Cards, rows of them, tasks, files and videos: the blocks of newer Slacks, simply."""

from __future__ import annotations

import dataclasses

from markupsafe import Markup

from bot.demo.blocks.elements import draw_element
from bot.demo.blocks.markup import Json, joined, link, tag
from bot.demo.blocks.pictures import draw_small_picture
from bot.demo.blocks.rich_text import draw_rich_text
from bot.demo.blocks.spot import Spot
from bot.demo.blocks.text_objects import draw_label, draw_plain

_STATUS = {
    "pending": ("\u25cb", "Pending"),
    "in_progress": ("\u25d4", "In progress"),
    "complete": ("\u2714", "Done"),
    "error": ("\u2716", "Failed"),
}
_TEXTS = (("title", "bk-card-title"), ("subtitle", "bk-soft"), ("body", None), ("subtext", "bk-soft"))


def draw_card(block: Json, spot: Spot) -> Markup:
    """Its icon, its texts from the title down, its buttons."""
    icon = draw_small_picture(block["icon"], spot) if "icon" in block else ""
    texts = (
        tag("div", draw_label(block[name], spot.reader), class_=style)
        for name, style in _TEXTS
        if name in block
    )
    buttons = (
        draw_element(one, dataclasses.replace(spot, mark=f"{spot.mark}-{place}"))
        for place, one in enumerate(block.get("actions", ()))
    )
    row = tag("div", *buttons, class_="bk-actions") if block.get("actions") else ""
    return tag("div", icon, *texts, row, class_="bk-card")


def draw_carousel(block: Json, spot: Spot) -> Markup:
    """Cards side by side, scrolled where there are too many."""
    cards = (
        draw_card(card, dataclasses.replace(spot, mark=f"{spot.mark}-{place}"))
        for place, card in enumerate(block["elements"])
    )
    return tag("div", *cards, class_="bk-carousel", role="region", aria_label="Cards", tabindex=0)


def draw_plan(block: Json, spot: Spot) -> Markup:
    """A heading with its tasks."""
    tasks = (draw_task(task, spot) for task in block.get("tasks", ()))
    return tag("div", tag("strong", block["title"]), *tasks, class_="bk-card")


def draw_task(block: Json, spot: Spot) -> Markup:
    """A task, how far it is, and what it says about itself."""
    sign, word = _STATUS.get(block.get("status", ""), ("\u2022", "Task"))
    told = (
        draw_rich_text(block[name]["elements"], spot.reader)
        for name in ("details", "output")
        if name in block
    )
    line = tag("div", tag("span", sign, role="img", aria_label=word), " ", tag("strong", block["title"]))
    return tag("div", line, joined(told), class_="bk-task")


def draw_file(block: Json, _spot: Spot) -> Markup:
    """A file that lies elsewhere, by its name."""
    return tag("div", f"\U0001f4c4 A file kept elsewhere: {block.get('external_id', '')}", class_="bk-card")


def draw_video(block: Json, _spot: Spot) -> Markup:
    """Nothing is played here: a frame with the title."""
    title = link(block.get("title_url", ""), draw_plain(block["title"]))
    return tag(
        "div",
        tag("span", "\u25b6", aria_hidden="true", class_="bk-frame-sign"),
        title,
        tag("small", "Video not fetched: ", block["alt_text"]),
        class_="bk-frame",
    )
