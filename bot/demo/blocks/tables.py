"""Tables: the plain one, and the one that can be sorted and read page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from bot.demo.blocks.markup import Attribute, Json, lines, tag
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.rich_text import draw_rich_text
from bot.demo.blocks.spot import Spot

PAGE_SIZE = 5

Row = Sequence[Json]


def draw_table(block: Json, spot: Spot) -> Markup:
    """Rows as they are, the first one set off; every column may have its alignment."""
    settings = block.get("column_settings", [])
    head, *body = block["rows"]
    return _frame(
        "Table",
        tag("thead", _plain_row(head, settings, spot.reader, "th")),
        tag("tbody", *(_plain_row(row, settings, spot.reader, "td") for row in body)),
    )


def draw_data_table(block: Json, spot: Spot) -> Markup:
    """The first page, and the rows of the others hidden; the script sorts and turns pages."""
    head, *body = block["rows"]
    numeric = [_is_numeric(body, column) for column in range(len(head))]
    size = block.get("page_size", PAGE_SIZE)
    naming = block.get("row_header_column_index", 0)
    rows = (
        _data_row(row, numeric, naming, spot.reader, is_hidden=place >= size)
        for place, row in enumerate(body)
    )
    table = _frame(
        block["caption"],
        tag("caption", block["caption"]),
        tag("thead", tag("tr", *map(_heading, head, numeric))),
        tag("tbody", *rows),
    )
    return tag("div", table, _pager(len(body), size), class_="bk-data-table", data_page_size=size)


def _frame(name: str, *parts: Markup) -> Markup:
    """A table that scrolls by itself where it is too wide, by keyboard, too."""
    table = tag("table", *parts, class_="bk-table")
    return tag("div", table, class_="bk-scroll", role="region", aria_label=name, tabindex=0)


def _plain_row(row: Row, settings: Sequence[Json], reader: Reader, name: str) -> Markup:
    return tag("tr", *_plain_cells(row, settings, reader, name))


def _plain_cells(row: Row, settings: Sequence[Json], reader: Reader, name: str) -> Iterator[Markup]:
    for column, cell in enumerate(row):
        setting = settings[column] if column < len(settings) else {}
        style = f"bk-{setting.get('align', 'left')}"
        if not setting.get("is_wrapped"):
            style += " bk-unwrapped"
        yield tag(name, _content(cell, reader), class_=style, scope="col" if name == "th" else None)


def _heading(cell: Json, is_numeric: bool) -> Markup:  # noqa: FBT001 - mapped over columns
    button = tag("button", lines(cell["text"]), type="button", class_="bk-sort")
    return tag(
        "th",
        button,
        scope="col",
        aria_sort="none",
        data_sort="number" if is_numeric else "text",
        class_="bk-right" if is_numeric else None,
    )


def _data_row(row: Row, numeric: Sequence[bool], naming: int, reader: Reader, *, is_hidden: bool) -> Markup:
    cells = (
        tag(
            "th" if column == naming else "td",
            _content(cell, reader),
            scope="row" if column == naming else None,
            class_="bk-right" if numeric[column] else None,
            **_sort_key(cell),
        )
        for column, cell in enumerate(row)
    )
    return tag("tr", *cells, hidden=is_hidden)


def _sort_key(cell: Json) -> dict[str, Attribute]:
    return {"data_value": cell["value"]} if cell["type"] == "raw_number" else {}


def _is_numeric(body: Sequence[Row], column: int) -> bool:
    """Slack sorts a column by number only where every cell of it is one."""
    return all(row[column]["type"] == "raw_number" for row in body)


def _content(cell: Json, reader: Reader) -> Markup:
    if cell["type"] == "rich_text":
        return draw_rich_text(cell["elements"], reader)
    return lines(cell["text"])


def _pager(count: int, size: int) -> Markup:
    """How many rows there are, and two buttons where they do not fit on one page."""
    noun = "row" if count == 1 else "rows"
    if count <= size:
        return tag("p", f"{count} {noun}", class_="bk-pager")
    said = tag("span", f"1\u2013{size} of {count}", class_="bk-pages", role="status")
    return tag("div", _turn("Previous", -1, disabled=True), said, _turn("Next", 1), class_="bk-pager")


def _turn(words: str, step: int, *, disabled: bool = False) -> Markup:
    return tag("button", words, type="button", class_="bk-button bk-turn", data_step=step, disabled=disabled)
