"""Charts and tables drawn in equal-width type."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.core.models import MICRO
from bot.slack.bars import bar
from bot.slack.columns import credits_column
from bot.slack.text import cut


def table_lines(rows: Sequence[Sequence[Mapping[str, Any]]], widest: int) -> list[str]:
    """The rows of a ``data_table`` with their header first: words to the left, figures to the right.

    No column is wider than ``widest`` characters.
    """
    texts = [[cut(str(cell.get("text", "")), widest) for cell in row] for row in rows]
    widths = [max(map(columns_of, column)) for column in zip(*texts, strict=True)]
    aligned = [right if cell["type"] == "raw_number" else left for cell in rows[-1]]
    return [
        "  ".join(
            align(*cell) for align, cell in zip(aligned, zip(row, widths, strict=True), strict=True)
        ).rstrip()
        for row in texts
    ]


def chart_lines(chart: Mapping[str, Any]) -> list[str]:
    """A bar for each point of a ``data_visualization``, with its figure, and what the axes say."""
    if "segments" in chart:
        return _bars(chart["segments"])
    several = len(chart["series"]) > 1
    lines: list[str] = []
    for series in chart["series"]:
        lines += [series["name"]] if several else []
        lines += _bars(series["data"])
    note = chart.get("axis_config", {}).get("x_label")
    return [*lines, note] if note else lines


def left(text: str, width: int) -> str:
    """The text with space after it, up to ``width`` columns."""
    return text + " " * (width - columns_of(text))


def right(text: str, width: int) -> str:
    """The text with space before it, up to ``width`` columns."""
    return " " * (width - columns_of(text)) + text


def columns_of(text: str) -> int:
    """Columns in equal-width type: wide signs take two, combining ones and joiners none."""
    if text.isascii() and text.isprintable():  # nearly always, and many times as quick
        return len(text)
    return sum(map(_columns_of_sign, text))


@lru_cache(maxsize=4096)  # a script's usual signs
def _columns_of_sign(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _bars(points: Sequence[Mapping[str, Any]]) -> list[str]:
    most = max(point["value"] for point in points)
    figures = credits_column([round(point["value"] * MICRO) for point in points])
    label_width = max(columns_of(point["label"]) for point in points)
    figure_width = max(map(columns_of, figures))
    return [
        f"{left(point['label'], label_width)} {bar(point['value'], most)} {right(figure, figure_width)}"
        for point, figure in zip(points, figures, strict=True)
    ]
