"""Text objects, of the two kinds that Slack has: ``plain_text``, and ``mrkdwn``."""

from __future__ import annotations

from markupsafe import Markup

from bot.demo.blocks.emoji import draw_emoji_text, emoji_words
from bot.demo.blocks.markup import Json, lines
from bot.demo.blocks.mrkdwn import draw_line, draw_mrkdwn
from bot.demo.blocks.reader import Reader


def draw_text_object(text: Json, reader: Reader) -> Markup:
    """The text, with paragraphs where it has some."""
    if text["type"] == "mrkdwn":
        return draw_mrkdwn(text["text"], reader, verbatim=bool(text.get("verbatim")))
    return draw_plain(text)


def draw_label(text: Json, reader: Reader) -> Markup:
    """The text as words only, for a label or a button."""
    if text["type"] == "mrkdwn":
        return draw_line(text["text"], reader, verbatim=bool(text.get("verbatim")))
    return draw_plain(text)


def draw_plain(text: Json) -> Markup:
    """``plain_text``: nothing in it has a meaning but newlines and, unless forbidden, names of emoji."""
    return draw_emoji_text(text["text"]) if text.get("emoji", True) else lines(text["text"])


def plain_words(text: Json | None, otherwise: str = "") -> str:
    """The words alone, for attributes and menus; ``otherwise`` where there is no text."""
    if text is None:
        return otherwise
    return emoji_words(text["text"]) if text.get("emoji", True) else str(text["text"])
