"""The blocks that arrange words and elements: header, section, context, actions, divider, alert."""

from __future__ import annotations

import dataclasses

from markupsafe import Markup

from bot.demo.blocks.elements import draw_element
from bot.demo.blocks.markup import Json, hidden, tag
from bot.demo.blocks.pictures import draw_small_picture
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.spot import Spot
from bot.demo.blocks.text_objects import draw_label, draw_plain, draw_text_object

_TOP_HEADING = 2  # a page has its own h1 and h2, so that level 1 is h3
_ALERTS = {
    "default": ("\u2139", "Note"),
    "info": ("\u2139", "Note"),
    "warning": ("\u26a0", "Warning"),
    "error": ("\u2716", "Error"),
    "success": ("\u2714", "Done"),
}


def draw_header(block: Json, _spot: Spot) -> Markup:
    """A heading of level 1 to 4."""
    level = block.get("level", 1)
    return tag(f"h{level + _TOP_HEADING}", draw_plain(block["text"]), class_=f"bk-header bk-level-{level}")


def draw_divider(_block: Json, _spot: Spot) -> Markup:
    """A line."""
    return tag("hr", class_="bk-divider")


def draw_section(block: Json, spot: Spot) -> Markup:
    """Text and fields, with an element beside them."""
    text = tag("div", draw_text_object(block["text"], spot.reader)) if "text" in block else ""
    fields = (tag("div", draw_text_object(one, spot.reader)) for one in block.get("fields", ()))
    grid = tag("div", *fields, class_="bk-fields") if "fields" in block else ""
    body = tag("div", text, grid, class_="bk-body")
    if "accessory" not in block:
        return tag("div", body, class_="bk-section")
    beside = draw_element(
        block["accessory"], dataclasses.replace(spot, label=_name_beside(block, spot.reader))
    )
    return tag("div", body, tag("div", beside, class_="bk-accessory"), class_="bk-section")


def draw_context(block: Json, spot: Spot) -> Markup:
    """Small print and small pictures in a row."""
    pieces = (
        draw_small_picture(element, spot)
        if element["type"] == "image"
        else tag("div", draw_text_object(element, spot.reader))
        for element in block["elements"]
    )
    return tag("div", *pieces, class_="bk-context")


def draw_actions(block: Json, spot: Spot) -> Markup:
    """Elements in a row."""
    elements = (
        draw_element(element, dataclasses.replace(spot, mark=f"{spot.mark}-{place}"))
        for place, element in enumerate(block["elements"])
    )
    return tag("div", *elements, class_="bk-actions")


def draw_alert(block: Json, spot: Spot) -> Markup:
    """A sentence that stands out, by a sign and a word as well as by its colour."""
    level = block.get("level", "default")
    sign, word = _ALERTS[level]
    return tag(
        "div",
        tag("span", sign, aria_hidden="true"),
        hidden(f"{word}: "),
        tag("span", draw_label(block["text"], spot.reader)),
        class_=f"bk-alert bk-alert-{level}",
        role="note",
    )


def _name_beside(block: Json, reader: Reader) -> str:
    """A name for an element that asks nothing itself: the first line of the text beside it."""
    if "placeholder" in block["accessory"] or "text" not in block:
        return ""
    first = block["text"]["text"].split("\n")[0]
    return draw_label({**block["text"], "text": first}, reader).striptags()
