"""Slack's own sortable tables, the ``data_table`` block: at most one in a message.

Kept to what every published version of the limits allows: 100 rows below the header and 10,000 characters
in all cells together. A column sorts by number only when every cell below its header is a ``raw_number``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack.blocks import Block
from bot.slack.text import cut, length, plain

Cell = dict[str, Any]
Row = list[Cell]

MAX_ROWS = 100
MAX_CHARACTERS = 10_000
CELL_LIMIT = 80
PAGE_SIZE = 10
CAPTION_LIMIT = 200
_RESERVE = 400  # for a last row that sums up what was left out, and a header
_BELOW_EVERYTHING = -1_000_000


def text_cell(text: str) -> Cell:
    """Words; taken literally."""
    return {"type": "raw_text", "text": plain(text, CELL_LIMIT, empty="-")}


def number_cell(value: float, text: str) -> Cell:
    """A figure that sorts by ``value`` and reads as ``text``."""
    return {"type": "raw_number", "value": value, "text": plain(text, CELL_LIMIT, empty="-")}


def unknown_cell(text: str) -> Cell:
    """A figure that is not known.

    It stays a number, below every real one, so that its column still sorts by number.
    """
    return number_cell(_BELOW_EVERYTHING, text)


def data_table(caption: str, header: Sequence[str], rows: Sequence[Row]) -> Block:
    """A table of 1 to 100 rows; `rows_that_fit` says how many there is room for."""
    return {
        "type": "data_table",
        "caption": cut(caption, CAPTION_LIMIT),
        "page_size": PAGE_SIZE,
        "rows": [[text_cell(name) for name in header], *rows],
    }


def rows_that_fit(rows: Sequence[Row], *, more_follow: bool = False) -> int:
    """How many rows from the top fit, with a last row for the rest where there is a rest.

    ``more_follow`` says that the last row is needed anyway.
    """
    if not more_follow and len(rows) <= MAX_ROWS and _characters(rows) <= MAX_CHARACTERS - _RESERVE:
        return len(rows)
    used = 0
    for count, row in enumerate(rows[: MAX_ROWS - 1]):
        used += _characters([row])
        if used > MAX_CHARACTERS - _RESERVE:
            return count
    return min(len(rows), MAX_ROWS - 1)


def _characters(rows: Sequence[Row]) -> int:
    return sum(length(cell["text"]) for row in rows for cell in row)
