"""The blocks that draw data (chart, data_table, table), with the lower of every published figure."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.block_elements import IDENTIFIER
from bot.demo.slack.block_language import (
    Rule,
    array,
    boolean,
    both,
    by_type,
    choice,
    complaint,
    integer,
    number,
    record,
    string,
)
from bot.demo.slack.rich_text import RICH_TEXT_ELEMENTS

MAX_TABLE_CHARACTERS = 10_000
MAX_COLUMNS = 20
_LABEL = string(1, 20)
_POINT = record({"label": _LABEL, "value": number()})
_AXES = record(
    {"categories": array(_LABEL, 1, 20)},
    {"x_label": string(1, 50), "y_label": string(1, 50)},
)
_PIE = record({"segments": array(record({"label": _LABEL, "value": number(above=0)}), 1, 12)})
_SERIES = record({"name": _LABEL, "data": array(_POINT, 1, 20)})


def _series_fit(chart: Any, pointer: str) -> list[str]:
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    found = []
    if len(set(categories)) < len(categories):
        found += complaint("categories must be unique", f"{pointer}/axis_config/categories")
    if len(set(names)) < len(names):
        found += complaint("series names must be unique", f"{pointer}/series")
    for place, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            what = "must have exactly one data point per category"
            found += complaint(what, f"{pointer}/series/{place}/data")
    return found


_LINES = both(record({"series": array(_SERIES, 1, 12), "axis_config": _AXES}), _series_fit)
DATA_VISUALIZATION = record(
    {
        "title": string(1, 50),
        "chart": by_type({"pie": _PIE, "bar": _LINES, "area": _LINES, "line": _LINES}),
    },
    {"block_id": IDENTIFIER},
)


_RAW_TEXT = record({"text": string(1)})
_RICH_CELL = record({"elements": RICH_TEXT_ELEMENTS})
_CELLS: dict[str, Rule] = {
    "raw_text": _RAW_TEXT,
    "raw_number": record({"value": number(), "text": string(1)}),
    "rich_text": _RICH_CELL,
}
_HEADER_ROW = array(by_type({"raw_text": _RAW_TEXT}), 1, MAX_COLUMNS)
_DATA_ROW = array(by_type(_CELLS), 1, MAX_COLUMNS)
_PLAIN_ROW = array(by_type({"raw_text": _RAW_TEXT, "rich_text": _RICH_CELL}), 1, MAX_COLUMNS)


def _plain_header(rows: Any, pointer: str) -> list[str]:
    return _HEADER_ROW(rows[0], f"{pointer}/0")


def _same_width(rows: Any, pointer: str) -> list[str]:
    uneven = [place for place, row in enumerate(rows) if len(row) != len(rows[0])]
    return [
        line
        for place in uneven
        for line in complaint("all rows must have the same number of cells", f"{pointer}/{place}")
    ]


def _header_column_exists(block: Any, pointer: str) -> list[str]:
    if block.get("row_header_column_index", 0) >= len(block["rows"][0]):
        return complaint("must be the index of a column", f"{pointer}/row_header_column_index")
    return []


DATA_TABLE = both(
    record(
        {
            "caption": string(1),
            "rows": both(array(_DATA_ROW, 2, 101), _plain_header, _same_width),
        },
        {
            "page_size": integer(1, 100),
            "row_header_column_index": integer(0, MAX_COLUMNS - 1),
            "block_id": IDENTIFIER,
        },
    ),
    _header_column_exists,
)
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
TABLE = record(
    {"rows": both(array(_PLAIN_ROW, 1, 100), _same_width)},
    {"column_settings": array(_COLUMN, 0, MAX_COLUMNS), "block_id": IDENTIFIER},
)


def table_characters(value: Any) -> int:
    """How many characters the cells show, which Slack limits over all tables of a message."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(table_characters(part) for part in value.values())
    if isinstance(value, list):
        return sum(table_characters(part) for part in value)
    return 0
