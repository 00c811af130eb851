"""The markdown block: headings, paragraphs, lists, quotes, code, rules and tables of standard Markdown.

A subset by hand: no link references, no headings underlined, no HTML (it is shown as it was written).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from bot.demo.blocks.markdown_words import draw_markdown_words
from bot.demo.blocks.markup import joined, tag

DEEPEST = 12
"""Lists and quotes inside each other; what lies deeper is drawn as paragraphs."""

Lines = Sequence[str]
Found = tuple[Markup, int]
Parser = Callable[[Lines, int, int], Found | None]

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(\s+|$)")
_TASK = re.compile(r"\[([ xX])\]\s+")
_DELIMITERS = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CELL_END = re.compile(r"(?<!\\)\|")


def draw_markdown(text: str) -> Markup:
    """The text, block by block."""
    return joined(_blocks(text.expandtabs(4).split("\n"), 0))


def _blocks(lines: Lines, depth: int) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        drawn, at = _first(lines, at, depth) or _paragraph(lines, at, depth)
        yield drawn


def _first(lines: Lines, at: int, depth: int) -> Found | None:
    """What begins at a line and is no paragraph."""
    return next((found for parser in _PARSERS if (found := parser(lines, at, depth))), None)


def _fence(lines: Lines, at: int, _depth: int) -> Found | None:
    opened = _FENCE.match(lines[at])
    if not opened:
        return None
    end = at + 1
    while end < len(lines) and not lines[end].strip().startswith(opened[1]):
        end += 1
    return tag("pre", "\n".join(lines[at + 1 : end]), class_="bk-pre"), end + 1


def _heading(lines: Lines, at: int, _depth: int) -> Found | None:
    found = _HEADING.match(lines[at])
    if not found:
        return None
    level = min(len(found[1]), 4)
    words = draw_markdown_words(found[2])
    return tag(f"h{level + 2}", words, class_=f"bk-header bk-level-{level}"), at + 1


def _rule(lines: Lines, at: int, _depth: int) -> Found | None:
    return (tag("hr", class_="bk-divider"), at + 1) if _RULE.match(lines[at]) else None


def _quote(lines: Lines, at: int, depth: int) -> Found | None:
    end = at
    while end < len(lines) and _QUOTE.match(lines[end]):
        end += 1
    if end == at or depth >= DEEPEST:
        return None
    inside = [_QUOTE.sub("", line, count=1) for line in lines[at:end]]
    return tag("blockquote", *_blocks(inside, depth + 1), class_="bk-quote"), end


def _list(lines: Lines, at: int, depth: int) -> Found | None:
    """Items of one kind; what is indented below an item belongs to it."""
    first = _ITEM.match(lines[at])
    if not first or depth >= DEEPEST:
        return None
    items: list[Markup] = []
    while at < len(lines) and (found := _ITEM.match(lines[at])) and _is_ordered(found) == _is_ordered(first):
        inside, at = _item(lines, at, found)
        items.append(tag("li", _task(inside, depth)))
    name = "ol" if _is_ordered(first) else "ul"
    start = int(first[2][:-1]) if name == "ol" else 1
    return tag(name, *items, class_="bk-list", start=start if start != 1 else None), at


def _is_ordered(item: re.Match[str]) -> bool:
    return item[2][0].isdigit()


def _item(lines: Lines, at: int, found: re.Match[str]) -> tuple[list[str], int]:
    """The lines of an item without their indent, and where the next thing begins."""
    indent = len(found[1]) + 2
    inside = [lines[at][found.end() :]]
    at += 1
    while at < len(lines) and (_indent(lines[at]) >= indent or not lines[at].strip()):
        inside.append(lines[at][min(indent, _indent(lines[at])) :])
        at += 1
    return inside, at


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _task(inside: list[str], depth: int) -> Markup:
    """The content of an item, with its box where it is a task."""
    found = _TASK.match(inside[0])
    box = "" if not found else "\u2610 " if found[1] == " " else "\u2611 "
    first = inside[0][found.end() :] if found else inside[0]
    if all(_is_blank(line) for line in inside[1:]):
        return Markup("{}{}").format(box, draw_markdown_words(first))
    return Markup("{}{}").format(box, joined(_blocks([first, *inside[1:]], depth + 1)))


def _is_blank(line: str) -> bool:
    return not line.strip()


def _table(lines: Lines, at: int, _depth: int) -> Found | None:
    if at + 1 >= len(lines) or "|" not in lines[at] or not _DELIMITERS.match(lines[at + 1]):
        return None
    sides = [_side(cell) for cell in _cells(lines[at + 1])]
    head = _cells(lines[at])
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    body = (_row("td", _cells(line), sides) for line in lines[at + 2 : end])
    table = tag("table", tag("thead", _row("th", head, sides)), tag("tbody", *body), class_="bk-table")
    return tag("div", table, class_="bk-scroll", role="region", aria_label="Table", tabindex=0), end


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    cells = _CELL_END.split(bare)
    return [cell.strip() for cell in (cells[:-1] if not cells[-1].strip() else cells)]


def _side(delimiter: str) -> str:
    if not delimiter.endswith(":"):
        return "left"
    return "center" if delimiter.startswith(":") else "right"


def _row(name: str, cells: list[str], sides: list[str]) -> Markup:
    """As many cells as the table has columns."""
    padded = [*cells, *[""] * len(sides)][: len(sides)]
    drawn = (
        tag(name, draw_markdown_words(cell), class_=f"bk-{side}")
        for cell, side in zip(padded, sides, strict=True)
    )
    return tag("tr", *drawn)


def _paragraph(lines: Lines, at: int, depth: int) -> Found:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _first(lines, end, depth):
        end += 1
    words = (draw_markdown_words(line.strip()) for line in lines[at:end])
    return tag("p", Markup("<br>").join(words)), end


_PARSERS: tuple[Parser, ...] = (_fence, _heading, _rule, _quote, _list, _table)
