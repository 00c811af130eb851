"""Elements that are pressed: buttons, links that look like them, and the menu behind three dots."""

from __future__ import annotations

from markupsafe import Markup

from bot.demo.blocks.markup import Attribute, Json, is_harmless, link, tag
from bot.demo.blocks.spot import Spot, control
from bot.demo.blocks.text_objects import draw_plain, plain_words


def draw_button(element: Json, spot: Spot) -> Markup:
    """A button, or a link where it has an address."""
    attributes = control(element, spot)
    attributes["aria_label"] = element.get("accessibility_label")
    attributes["data_value"] = element.get("value")
    style = f"bk-button bk-{element['style']}" if "style" in element else "bk-button"
    return _pressable(draw_plain(element["text"]), element.get("url", ""), style, attributes)


def draw_overflow(element: Json, spot: Spot) -> Markup:
    """Three dots that open a list of choices."""
    dots = tag("summary", "\u22ef", class_="bk-button bk-dots", aria_label=spot.label or "More actions")
    choices = tag("div", *(_choice(option) for option in element["options"]), class_="bk-menu")
    return tag(
        "details", dots, choices, class_="bk-overflow", **{**control(element, spot), "aria_label": None}
    )


def draw_icon_button(element: Json, spot: Spot) -> Markup:
    """A small button whose icon is told in words."""
    return draw_button({**element, "style": "quiet"}, spot)


def draw_feedback_buttons(element: Json, spot: Spot) -> Markup:
    """Thumbs up and down."""
    pair = (("👍", element["positive_button"]), ("👎", element["negative_button"]))
    buttons = (
        tag(
            "button",
            sign,
            type="button",
            class_="bk-button bk-quiet",
            **{
                **control(element, spot),
                "data_value": one["value"],
                "aria_label": plain_words(one["text"]),
            },
        )
        for sign, one in pair
    )
    return tag("span", *buttons, class_="bk-feedback")


def _choice(option: Json) -> Markup:
    words = draw_plain(option["text"])
    if "description" in option:
        words += tag("small", draw_plain(option["description"]))
    return _pressable(words, option.get("url", ""), "bk-menu-item", {"data_value": option["value"]})


def _pressable(words: Markup, url: str, style: str, attributes: dict[str, Attribute]) -> Markup:
    if is_harmless(url):
        return link(url, words, class_=style, **attributes)
    return tag("button", words, type="button", class_=style, **attributes)
