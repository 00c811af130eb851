"""Pictures: nothing is fetched from elsewhere, so most are a frame with the words that describe them."""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup

from bot.demo.blocks.markup import Json, is_local_picture, link, tag
from bot.demo.blocks.spot import Spot
from bot.demo.blocks.text_objects import draw_plain


def draw_picture(block: Json, _spot: Spot) -> Markup:
    """A block of its own, with its title."""
    title = tag("figcaption", draw_plain(block["title"])) if "title" in block else ""
    return tag("figure", title, _local_or_frame(block), class_="bk-image")


def draw_small_picture(element: Json, _spot: Spot) -> Markup:
    """A picture beside text or among small print."""
    address, words = element.get("image_url", ""), element["alt_text"]
    if is_local_picture(address):
        return tag("img", src=address, alt=words, class_="bk-small-picture")
    return tag("span", "\U0001f5bc", role="img", aria_label=words, title=words, class_="bk-small-frame")


def _local_or_frame(block: Json) -> Markup:
    address, words = block.get("image_url", ""), block["alt_text"]
    if is_local_picture(address):
        return tag("img", src=address, alt=words, class_="bk-picture")
    source = link(address, f"on {urlsplit(address).hostname}") if address else "a file in Slack"
    return tag(
        "div",
        tag("span", "\U0001f5bc", aria_hidden="true", class_="bk-frame-sign"),
        tag("span", words),
        tag("small", "Picture not fetched: ", source),
        class_="bk-frame",
    )
