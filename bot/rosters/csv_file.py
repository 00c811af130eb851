"""A roster kept as a CSV file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from bot.core.people import RosterFile, normalise_email
from bot.errors import SourceError
from bot.rosters.csv_records import Record, parse_records
from bot.rosters.csv_rows import COLUMNS, Row, RowReader

DELIMITERS = ",;\t"


class CsvRoster:
    """The roster in the file at ``path``; read anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> RosterFile:
        """Everyone in the file, and what is wrong with it line by line.

        Raises `SourceError`, permanent where the content itself must be mended.
        """
        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise SourceError(
                f"The roster {self._path} cannot be read ({error.strerror}). Check ROSTER_FILE."
            ) from error
        return parse_roster(content, str(self._path))


def parse_roster(content: bytes, name: str) -> RosterFile:
    """The roster in ``content``; ``name`` is what messages call it. Raises as `CsvRoster.read`."""
    text = _decode(content, name)
    records = parse_records(text, _delimiter(text))
    header = _header(records, name)
    pick = itemgetter(*(header.index(column) if column in header else len(header) for column in COLUMNS))
    reader = RowReader()
    for line, cells in records:
        if cells is None:
            reader.refuse(line, "A quote is not closed or stands in the wrong place, or a field is too long.")
            continue
        row = Row(*pick(cells + [""] * (len(header) + 1 - len(cells))))
        if len(cells) > len(header):
            excess = f"There are {len(cells)} fields where the header names {len(header)}."
            reader.refuse(
                line, f"{excess} A field with a comma in it needs quotes.", normalise_email(row.email)
            )
        else:
            reader.read(line, row)
    return reader.result(hashlib.sha256(content).hexdigest())


def _decode(content: bytes, name: str) -> str:
    if b"\0" in content:
        raise _unusable(name, "is not text (it holds NUL bytes); save it as CSV in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unusable(name, f"is not UTF-8 (line {line}); save it as CSV in UTF-8") from error
    if not text.strip():
        raise _unusable(name, "is empty; it needs a first line that names at least the column `email`")
    return text


def _delimiter(text: str) -> str:
    """The comma, unless only another one makes `email` a column of the first line."""
    first = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0].replace('"', "")
    fitting = (delimiter for delimiter in DELIMITERS if "email" in _column_names(first.split(delimiter)))
    return next(fitting, ",")


def _header(records: Iterator[Record], name: str) -> list[str]:
    header = _column_names(next(records, Record(1, None)).cells or [])
    if "email" not in header:
        raise _unusable(
            name, f"has no column `email`; its first line must name its columns, of {', '.join(COLUMNS)}"
        )
    for column in COLUMNS:
        if header.count(column) > 1:
            raise _unusable(name, f"has the column `{column}` twice")
    return header


def _column_names(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _unusable(name: str, why: str) -> SourceError:
    return SourceError(f"The roster {name} {why}.", permanent=True)
