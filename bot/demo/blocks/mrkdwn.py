r"""Slack's mrkdwn: ``*bold*``, ``_italic_``, ``~strike~``, code, quotes, and references in angle brackets.

A mark opens where no word character and no same mark stands before it and no space after it, and closes
the other way round, on the same line; inside a word it is only a character. Nothing else is Markdown here:
``**bold**``, ``[text](url)`` and lists stay as they were written.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from markupsafe import Markup

from bot.demo.blocks.emoji import draw_emoji_text
from bot.demo.blocks.markup import joined, link, tag
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.references import decoded, draw_reference

_FENCE = re.compile(r"```\n?(.*?\S.*?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_QUOTE_ALL = re.compile(r"(?:>|&gt;){3} ?")


def _marked(name: str, mark: str) -> str:
    """One mark around a text of its own kind; inside, the mark may stand between two word characters."""
    inner = rf"(?>(?:<[^<>\n]+>|[^{mark}\n]|(?<=\w){mark}(?=\w)))+?"
    return rf"(?<![\w{mark}]){mark}(?![\s{mark}])(?P<{name}>{inner})(?<![\s{mark}]){mark}(?![\w{mark}])"


_STYLES = {"strong": r"\*", "em": "_", "s": "~"}
_PARTS = [
    r"<(?P<reference>[^<>\n]+)>",
    r"(?<![\w`])`(?P<code>[^`\n]+)`(?![\w`])",
    *(_marked(name, mark) for name, mark in _STYLES.items()),
]
_ADDRESS = r"(?<![\w/])(?P<address>https?://[^\s<>]*[^\s<>.,;:!?'\")\]*_~`])"
_REFERENCE = re.compile(_PARTS[0])
_VERBATIM = re.compile("|".join(_PARTS))
_PARSED = re.compile("|".join([*_PARTS, _ADDRESS]))


def draw_mrkdwn(text: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """The text with its paragraphs, quotes and code; bare web addresses become links, unless ``verbatim``."""
    return joined(_blocks(text, reader, _VERBATIM if verbatim else _PARSED))


def draw_line(text: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """The same for where only words may stand, such as a label: neither quotes nor blocks of code."""
    pattern = _VERBATIM if verbatim else _PARSED
    return Markup("<br>").join(_inline(line, reader, pattern) for line in text.split("\n"))


def _blocks(text: str, reader: Reader, pattern: re.Pattern[str]) -> Iterator[Markup]:
    pieces = _FENCE.split(text)
    for place, piece in enumerate(pieces):
        if place % 2:
            yield tag("pre", _literal(piece, reader), class_="bk-pre")
        elif shown := _between_fences(piece, is_first=place == 0, is_last=place == len(pieces) - 1):
            yield from _paragraphs(shown, reader, pattern)


def _between_fences(text: str, *, is_first: bool, is_last: bool) -> str:
    """A block of code ends the line before it and begins the line after it by itself."""
    after = text if is_first else text.removeprefix("\n")
    return after if is_last else after.removesuffix("\n")


def _paragraphs(text: str, reader: Reader, pattern: re.Pattern[str]) -> Iterator[Markup]:
    for is_quote, group in itertools.groupby(_quoted(text.split("\n")), key=lambda pair: pair[0]):
        body = Markup("<br>").join(_inline(line, reader, pattern) for _, line in group)
        yield tag("blockquote", body, class_="bk-quote") if is_quote else tag("div", body)


def _quoted(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """Every line with whether it is quoted: ``>`` quotes one line, ``>>>`` all that follow."""
    is_rest_quoted = False
    for line in lines:
        if not is_rest_quoted and (found := _QUOTE_ALL.match(line)):
            is_rest_quoted = True
            yield True, line[found.end() :]
        elif not is_rest_quoted and (found := _QUOTE.match(line)):
            yield True, line[found.end() :]
        else:
            yield is_rest_quoted, line


def _inline(text: str, reader: Reader, pattern: re.Pattern[str]) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for found in pattern.finditer(text):
        pieces.append(draw_emoji_text(decoded(text[end : found.start()])))
        pieces.append(_part(found, reader, pattern))
        end = found.end()
    return joined([*pieces, draw_emoji_text(decoded(text[end:]))])


def _part(found: re.Match[str], reader: Reader, pattern: re.Pattern[str]) -> Markup:
    kind = found.lastgroup or ""
    inside = found[kind]
    match kind:
        case "reference":
            return draw_reference(inside, reader)
        case "code":
            return tag("code", _literal(inside, reader), class_="bk-code")
        case "address":
            return link(decoded(inside), decoded(inside))
        case _:
            return tag(kind, _inline(inside, reader, pattern))


def _literal(text: str, reader: Reader) -> Markup:
    """Inside code nothing has a meaning but references."""
    pieces = _REFERENCE.split(text)
    return joined(
        draw_reference(piece, reader) if place % 2 else Markup("{}").format(decoded(piece))
        for place, piece in enumerate(pieces)
    )
