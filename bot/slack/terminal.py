"""A Slack message as text in a terminal: nothing of mrkdwn left, long lines wrapped, figures in columns."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.slack.drawing import chart_lines, columns_of, left, table_lines
from bot.slack.messages import Message
from bot.slack.text import as_typed

WIDTH = 78
_WIDEST_COLUMN = 40
_HANGING = "    "
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_LABELLED = re.compile(r"<[^<>|]*\|([^<>]*)>")
_BARE = re.compile(r"<([^<>|]*)>")
_FORMATTED = re.compile(r"(?<!\w)([*_~`])(?=\S)([^\n]*?\S)\1(?!\w)")


def as_text(message: Message) -> str:
    """What the message says, tables and charts drawn with characters."""
    if not message.blocks:
        return "\n".join(_paragraph(message.text))
    groups = [list(_lines(block)) for block in message.blocks]
    return "\n\n".join("\n".join(lines) for lines in groups if lines)


def plain_text(mrkdwn: str) -> str:
    """The words of mrkdwn as they were before they were formatted and escaped."""
    text = _BARE.sub(r"\1", _LABELLED.sub(r"\1", _DATE.sub(r"\1", mrkdwn)))
    while (unformatted := _FORMATTED.sub(r"\2", text)) != text:
        text = unformatted
    return as_typed(html.unescape(text))


def _lines(block: Mapping[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "header":
            title = block["text"]["text"]
            yield from (title, "=" * columns_of(title))
        case "section":
            yield from _paragraph(block["text"]["text"]) if "text" in block else ()
            yield from _fields([field["text"] for field in block.get("fields", ())])
        case "context":
            for element in block["elements"]:
                yield from _paragraph(element.get("text", ""))
        case "divider":
            yield "-" * WIDTH
        case _:
            yield from _drawn(block)


def _drawn(block: Mapping[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "data_table":
            yield from _titled(block["caption"], table_lines(block["rows"], _WIDEST_COLUMN))
        case "data_visualization":
            yield from _titled(block["title"], chart_lines(block["chart"]))
        case "rich_text":
            yield from _rich(block)


def _paragraph(mrkdwn: str) -> Iterator[str]:
    """Fenced lines as they are, every other line wrapped; what explains a command hangs below it."""
    for at, part in enumerate(_FENCE.split(mrkdwn)):
        if at % 2:
            yield from html.unescape(part).split("\n")
        else:
            for line in part.split("\n"):
                indent = _HANGING if line.startswith("`") else ""
                yield from textwrap.wrap(
                    plain_text(line), WIDTH, subsequent_indent=indent, break_long_words=False
                )


def _fields(texts: Sequence[str]) -> Iterator[str]:
    """Label and figure side by side, the figures below each other."""
    parts = [[plain_text(line) for line in text.split("\n")] for text in texts]
    width = max((columns_of(label) for label, *_ in parts), default=0)
    for label, *values in parts:
        for at, value in enumerate(values or [""]):
            yield f"{left('' if at else label, width)}  {value}".rstrip()


def _titled(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield from (title, "-" * columns_of(title), *lines)


def _rich(block: Mapping[str, Any]) -> Iterator[str]:
    for element in block["elements"]:
        text = "".join(piece.get("text", "") for piece in element.get("elements", ()))
        yield from text.split("\n")
