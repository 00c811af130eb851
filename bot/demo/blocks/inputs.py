"""The input block: a label, one element, a hint, and what was wrong with the last answer."""

from __future__ import annotations

import dataclasses

from markupsafe import Markup

from bot.demo.blocks.elements import GROUPS, draw_element
from bot.demo.blocks.markup import Json, tag
from bot.demo.blocks.spot import Spot
from bot.demo.blocks.text_objects import draw_plain

_WHEN = {"on_enter_pressed": "enter", "on_character_entered": "character"}


def draw_input(block: Json, spot: Spot) -> Markup:
    """The element tells its use at once where the block asks for that; else it waits for the whole form."""
    element = block["element"]
    notes = _notes(block, spot)
    own = dataclasses.replace(
        spot,
        labelled_by=f"{spot.mark}-label",
        described_by=" ".join(notes) or None,
        is_required=not block.get("optional"),
    )
    return tag(
        "div",
        _label(block, own),
        draw_element(element, own),
        *notes.values(),
        class_="bk-input bk-wrong" if spot.error else "bk-input",
        data_dispatch=_dispatch(element) if block.get("dispatch_action") else None,
    )


def _label(block: Json, spot: Spot) -> Markup:
    optional = tag("span", " (optional)", class_="bk-optional") if block.get("optional") else ""
    words = Markup("{}{}").format(draw_plain(block["label"]), optional)
    if block["element"]["type"] in GROUPS:
        return tag("span", words, class_="bk-label", id=spot.labelled_by)
    return tag("label", words, class_="bk-label", id=spot.labelled_by, for_=spot.mark)


def _notes(block: Json, spot: Spot) -> dict[str, Markup]:
    """The error and the hint by the ids that the element names them with."""
    notes = {}
    if spot.error:
        name = f"{spot.mark}-error"
        notes[name] = tag("p", spot.error, class_="bk-error", id=name)
    if "hint" in block:
        name = f"{spot.mark}-hint"
        notes[name] = tag("p", draw_plain(block["hint"]), class_="bk-hint", id=name)
    return notes


def _dispatch(element: Json) -> str:
    wanted = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
    return " ".join(_WHEN[one] for one in wanted if one in _WHEN)
