"""Rows as the text of a file, line by line: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from bot.core.commands import ExportForm
from bot.core.exports import Cell

Row = Mapping[str, Cell]

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes a CSV file for one of an older alphabet and garbles names; other programs pass over it."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet would calculate, wide signs included."""


def export_lines(form: ExportForm, rows: Iterable[Row]) -> Iterator[str]:
    """The file's text in pieces, none longer than a row; nothing at all in it is an empty table."""
    return _csv_lines(rows) if form is ExportForm.CSV else _json_lines(rows)


def _csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    yield _csv_line(list(first))
    for row in chain([first], rows):
        yield _csv_line([_csv_cell(cell) for cell in row.values()])


def _csv_line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _csv_cell(cell: Cell) -> str:
    """Words that would be calculated get an apostrophe, which spreadsheets take for "this is text"."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return _text(cell)


def _json_lines(rows: Iterable[Row]) -> Iterator[str]:
    separator = "[\n"
    for row in rows:
        members = ", ".join(f"{json.dumps(name)}: {_json_cell(cell)}" for name, cell in row.items())
        yield f"{separator}{{{members}}}"
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _json_cell(cell: Cell) -> str:
    """A decimal keeps all its digits, as JSON allows; dates are texts."""
    match cell:
        case None:
            return "null"
        case int() | Decimal():
            return _text(cell)
        case _:
            return json.dumps(cell if isinstance(cell, str) else _text(cell), ensure_ascii=False)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}"
        case _:
            return str(cell)
