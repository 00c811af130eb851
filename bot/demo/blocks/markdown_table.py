"""A table of standard Markdown: a row of heads, a row of dashes with colons for the sides, rows of cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from bot.demo.blocks.markdown_words import draw_markdown_words
from bot.demo.blocks.markup import tag

_DASHES = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CELL_END = re.compile(r"(?<!\\)\|")


def is_table(lines: Sequence[str], at: int) -> bool:
    """Whether one begins at a line."""
    return "|" in lines[at] and at + 1 < len(lines) and _DASHES.match(lines[at + 1]) is not None


def draw_markdown_table(lines: Sequence[str], at: int, _depth: int) -> tuple[Markup, int]:
    """The table that begins at a line, and the line after it; every row gets as many cells as there are sides."""
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    sides = [_side(cell) for cell in _cells(lines[at + 1])]
    head = _row("th", _cells(lines[at]), sides)
    body = (_row("td", _cells(line), sides) for line in lines[at + 2 : end])
    table = tag("table", tag("thead", head), tag("tbody", *body), class_="bk-table")
    return tag("div", table, class_="bk-scroll", role="region", aria_label="Table", tabindex=0), end


def _cells(line: str) -> list[str]:
    cells = _CELL_END.split(line.strip().removeprefix("|"))
    return [cell.strip() for cell in (cells if cells[-1].strip() else cells[:-1])]


def _side(dashes: str) -> str:
    if not dashes.endswith(":"):
        return "left"
    return "center" if dashes.startswith(":") else "right"


def _row(name: str, cells: list[str], sides: list[str]) -> Markup:
    padded = [*cells, *[""] * len(sides)][: len(sides)]
    drawn = (
        tag(name, draw_markdown_words(cell), class_=f"bk-{side}", scope="col" if name == "th" else None)
        for cell, side in zip(padded, sides, strict=True)
    )
    return tag("tr", *drawn)
