"""The markdown block: headings, paragraphs, lists, quotes, code, rules and tables of standard Markdown.

A subset by hand: no link references, no underlined headings, no HTML (it is shown as it was written).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from bot.demo.blocks.markdown_table import draw_markdown_table, is_table
from bot.demo.blocks.markdown_words import draw_markdown_words
from bot.demo.blocks.markup import joined, tag

DEEPEST = 12
"""Lists and quotes inside each other; what lies deeper is drawn as paragraphs."""

Lines = Sequence[str]
Found = tuple[Markup, int]
Begins = Callable[[Lines, int], object]
Draw = Callable[[Lines, int, int], Found]

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_QUOTE = re.compile(r" {0,3}> ?")
_BULLET = re.compile(r"\s*[-*+](?:\s+|$)")
_NUMBER = re.compile(r"\s*(\d{1,9})[.)](?:\s+|$)")
_TASK = re.compile(r"\[([ xX])\]\s+")
_BOXES = {" ": "\u2610 ", "x": "\u2611 "}
_SMALLEST = 4  # of the headings


def draw_markdown(text: str) -> Markup:
    """The text, block by block."""
    return joined(_blocks(text.expandtabs(4).split("\n"), 0))


def _blocks(lines: Lines, depth: int) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        draw = _kind(lines, at, depth) or _paragraph
        drawn, at = draw(lines, at, depth)
        yield drawn


def _kind(lines: Lines, at: int, depth: int) -> Draw | None:
    """What draws the thing that begins at a line; none for a paragraph."""
    kinds = _KINDS if depth < DEEPEST else _LEAVES
    return next((draw for begins, draw in kinds if begins(lines, at)), None)


def _paragraph(lines: Lines, at: int, depth: int) -> Found:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _kind(lines, end, depth):
        end += 1
    words = (draw_markdown_words(line.strip()) for line in lines[at:end])
    return tag("p", Markup("<br>").join(words)), end


def _fence(lines: Lines, at: int, _depth: int) -> Found:
    """Up to the same mark again, or to the end."""
    mark = lines[at].lstrip()[:3]
    end = at + 1
    while end < len(lines) and not lines[end].lstrip().startswith(mark):
        end += 1
    return tag("pre", "\n".join(lines[at + 1 : end]), class_="bk-pre"), end + 1


def _heading(lines: Lines, at: int, _depth: int) -> Found:
    marks, words = _HEADING.sub(r"\1 \2", lines[at]).split(" ", 1)
    level = min(len(marks), _SMALLEST)
    return tag(f"h{level + 2}", draw_markdown_words(words), class_=f"bk-header bk-level-{level}"), at + 1


def _rule(_lines: Lines, at: int, _depth: int) -> Found:
    return tag("hr", class_="bk-divider"), at + 1


def _quote(lines: Lines, at: int, depth: int) -> Found:
    end = at
    while end < len(lines) and _QUOTE.match(lines[end]):
        end += 1
    inside = [_QUOTE.sub("", line, count=1) for line in lines[at:end]]
    return tag("blockquote", *_blocks(inside, depth + 1), class_="bk-quote"), end


def _bullets(lines: Lines, at: int, depth: int) -> Found:
    items, end = _items(lines, at, depth, _BULLET)
    return tag("ul", *items, class_="bk-list"), end


def _numbers(lines: Lines, at: int, depth: int) -> Found:
    start = int(_NUMBER.sub(r"\1 ", lines[at]).split(" ", 1)[0])
    items, end = _items(lines, at, depth, _NUMBER)
    return tag("ol", *items, class_="bk-list", start=start if start != 1 else None), end


def _items(lines: Lines, at: int, depth: int, marker: re.Pattern[str]) -> tuple[list[Markup], int]:
    """The items that follow each other; what is indented below an item belongs to it, and so do blank lines."""
    items: list[Markup] = []
    while at < len(lines) and (found := marker.match(lines[at])):
        indent = _indent(lines[at]) + 2
        inside = [lines[at][found.end() :]]
        at += 1
        while at < len(lines) and (_indent(lines[at]) >= indent or not lines[at].strip()):
            inside.append(lines[at][min(indent, _indent(lines[at])) :])
            at += 1
        items.append(_item(inside, depth))
    return items, at


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _item(inside: list[str], depth: int) -> Markup:
    """Words alone, or blocks where there is more than a line; a task has a box before it."""
    task = _TASK.match(inside[0])
    box = _BOXES[task[1].lower()] if task else ""
    first = inside[0][task.end() :] if task else inside[0]
    if any(line.strip() for line in inside[1:]):
        return tag("li", box, *_blocks([first, *inside[1:]], depth + 1))
    return tag("li", box, draw_markdown_words(first))


_LEAVES: tuple[tuple[Begins, Draw], ...] = (
    (lambda lines, at: _FENCE.match(lines[at]), _fence),
    (lambda lines, at: _HEADING.match(lines[at]), _heading),
    (lambda lines, at: _RULE.match(lines[at]), _rule),
    (is_table, draw_markdown_table),
)
_KINDS: tuple[tuple[Begins, Draw], ...] = (
    *_LEAVES,
    (lambda lines, at: _QUOTE.match(lines[at]), _quote),
    (lambda lines, at: _BULLET.match(lines[at]), _bullets),
    (lambda lines, at: _NUMBER.match(lines[at]), _numbers),
)
