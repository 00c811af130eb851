"""Splitting CSV text into records that know the physical line they begin on.

One stray quote must cost one row: Python's reader would take it for the start of a field that holds the
next hundreds of lines, and with them their people.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LONGEST_RECORD_LINES = 20
"""A quoted field may hold line breaks, so many at most; beyond that its quote counts as not closed."""


class Record(NamedTuple):
    """One row. ``line`` counts from 1; ``cells`` is None where the row is not readable as CSV."""

    line: int
    cells: list[str] | None


def parse_records(text: str, delimiter: str) -> Iterator[Record]:
    """Every row that is not blank, in order. After an unreadable one, reading goes on with the next line."""
    lines = _Lines(list(io.StringIO(text, newline="")))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while lines.begin_record():
        start = lines.position
        try:
            cells: list[str] | None = next(reader)
        except csv.Error:
            cells = None
            lines.position = start + 1
        if cells is None or "".join(cells).strip():
            yield Record(start + 1, cells)


class _Lines:
    """Hands out lines for one record at a time; the reader takes the limit for the end of the file."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._end = 0
        self.position = 0

    def begin_record(self) -> bool:
        """Allows the lines of one more record; False when none is left."""
        self._end = min(self.position + LONGEST_RECORD_LINES, len(self._lines))
        return self.position < self._end

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.position >= self._end:
            raise StopIteration
        self.position += 1
        return self._lines[self.position - 1]
