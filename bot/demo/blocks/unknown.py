"""What nobody here knows how to draw: a box that says so, with the JSON inside."""

from __future__ import annotations

import json

from markupsafe import Markup

from bot.demo.blocks.markup import Json, tag


def draw_unknown(what: str, thing: Json) -> Markup:
    """``what`` is the kind of thing, such as ``block``."""
    words = f"This page cannot draw the {what} \u201c{thing.get('type', 'without a type')}\u201d."
    written = tag(
        "pre", json.dumps(thing, indent=2, ensure_ascii=False, default=str), class_="bk-pre", tabindex=0
    )
    return tag(
        "div",
        tag("p", words),
        tag("details", tag("summary", "Its JSON"), written),
        class_="bk-unknown",
    )
