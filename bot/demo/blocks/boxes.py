"""Checkboxes, radio buttons: every option in sight, each with its description."""

from __future__ import annotations

from markupsafe import Markup

from bot.demo.blocks.markup import Json, tag
from bot.demo.blocks.spot import Spot, chosen_all, control
from bot.demo.blocks.text_objects import draw_label


def draw_checkboxes(element: Json, spot: Spot) -> Markup:
    """Any number of the options."""
    return _draw_boxes(element, spot, "checkbox")


def draw_radio_buttons(element: Json, spot: Spot) -> Markup:
    """One of the options."""
    return _draw_boxes(element, spot, "radio")


def _draw_boxes(element: Json, spot: Spot, kind: str) -> Markup:
    values = chosen_all(element, spot)
    name = f"{spot.mark}-{element.get('action_id', '')}"
    boxes = (
        tag(
            "label",
            tag("input", type=kind, name=name, value=option["value"], checked=option["value"] in values),
            tag("span", *_words(option, spot)),
            class_="bk-choice",
        )
        for option in element["options"]
    )
    role = "radiogroup" if kind == "radio" else None
    return tag("fieldset", *boxes, class_="bk-boxes", role=role, **control(element, spot))


def _words(option: Json, spot: Spot) -> list[Markup]:
    words = [draw_label(option["text"], spot.reader)]
    if "description" in option:
        words.append(tag("small", draw_label(option["description"], spot.reader)))
    return words
