"""What stands within a line of standard Markdown: emphasis, code, links; pictures are links, as Slack has them."""

from __future__ import annotations

import html
import re

from markupsafe import Markup

from bot.demo.blocks.emoji import draw_emoji_text
from bot.demo.blocks.markup import joined, link, tag

_ADDRESS = r"\(<?(?P<{0}>[^\s()<>]+)>?(?:\s+\"[^\"]*\")?\)"
_PART = re.compile(
    "|".join(
        [
            r"\\(?P<escaped>[!-/:-@\[-`{-~])",
            r"(?P<ticks>`+)(?P<code>(?:[^`]|(?<!`)`(?!`))+?)(?P=ticks)(?!`)",
            r"!?\[(?P<words>[^\[\]\n]*)\]" + _ADDRESS.format("address"),
            r"<(?P<plain>https?://[^\s<>]+|mailto:[^\s<>]+)>",
            r"(?<![\w/])(?P<bare>https?://[^\s<>]*[^\s<>.,;:!?'\")\]*_~`])",
            r"\*{3}(?=\S)(?P<both>[^*]+?)(?<=\S)\*{3}",
            r"\*\*(?=\S)(?P<strong>(?:[^*]|\*(?!\*))+?)(?<=\S)\*\*",
            r"(?<!\w)__(?=\S)(?P<strong_>(?:[^_]|_(?!_))+?)(?<=\S)__(?!\w)",
            r"\*(?![\s*])(?P<em>(?:[^*]|\*\*[^*]+\*\*)+?)(?<!\s)\*",
            r"(?<!\w)_(?![\s_])(?P<em_>[^_]+?)(?<!\s)_(?!\w)",
            r"~~(?=\S)(?P<s>[^~]+?)(?<=\S)~~",
        ]
    )
)


def draw_markdown_words(text: str) -> Markup:
    """The words of one paragraph, heading, item or cell; HTML among them is only text."""
    pieces: list[Markup] = []
    end = 0
    for found in _PART.finditer(text):
        pieces.append(_plain(text[end : found.start()]))
        pieces.append(_part(found))
        end = found.end()
    return joined([*pieces, _plain(text[end:])])


def _plain(text: str) -> Markup:
    return draw_emoji_text(html.unescape(text))


def _part(found: re.Match[str]) -> Markup:
    kind = found.lastgroup or ""
    inside = found[kind]
    match kind:
        case "escaped":
            return Markup("{}").format(inside)
        case "code":
            return tag("code", inside.strip() or inside, class_="bk-code")
        case "address":
            return link(html.unescape(inside), draw_markdown_words(found["words"] or inside))
        case "plain" | "bare":
            return link(html.unescape(inside), inside.removeprefix("mailto:"))
        case "both":
            return tag("em", tag("strong", draw_markdown_words(inside)))
        case _:
            return tag(kind.removesuffix("_"), draw_markdown_words(inside))
