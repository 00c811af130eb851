"""Daily credits a person from a CSV file, for trying alerts on figures from anywhere."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bot.core.models import MICRO
from bot.core.people import normalise_email
from bot.errors import SourceError

COLUMNS = ("date", "email", "credits")
LONGEST_QUOTE = 60
MOST_CREDITS = Decimal(10**12)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class CreditsFile:
    """What was read: millionths of a credit by day and person, in order of the days, and the rows left out."""

    days: tuple[tuple[date, dict[str, int]], ...]
    problems: tuple[str, ...]


def read_credits(path: Path) -> CreditsFile:
    """One row a person and day, in any order; further columns are ignored, what is missing is no use.

    A wrong row is left out and named with its line, and so is a second row of the same person and day.
    Amounts are taken to the millionth of a credit. Raises `SourceError` where nothing can be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}).", permanent=True) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8; save it as CSV in UTF-8.", permanent=True) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    days: dict[date, dict[str, int]] = defaultdict(dict)
    problems = list(_read_rows(_numbered(reader), str(path), days))
    return CreditsFile(tuple(sorted(days.items())), tuple(problems))


Rows = Iterator[tuple[int, list[str] | None]]


def _numbered(reader: Iterator[list[str]]) -> Rows:
    """Every row that is not blank, with its line; None for one that is not CSV."""
    line = 0
    while True:
        line += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            continue
        if "".join(cells).strip():
            yield line, cells


def _read_rows(rows: Rows, name: str, days: dict[date, dict[str, int]]) -> Iterator[str]:
    _, header = next(rows, (1, None))
    places = _places([cell.strip().lower() for cell in header or []], name)
    for line, cells in rows:
        fault = _take(cells, places, days)
        if fault:
            yield f"Line {line}: {fault} The row is left out."


def _places(header: Sequence[str], name: str) -> tuple[int, ...]:
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        needed = ",".join(COLUMNS)
        raise SourceError(
            f"{name} has no column {missing[0]}; its first line must be {needed}.", permanent=True
        )
    return tuple(header.index(column) for column in COLUMNS)


def _take(cells: list[str] | None, places: Sequence[int], days: dict[date, dict[str, int]]) -> str | None:
    """Put a row where it belongs, or say what is wrong with it."""
    if cells is None or len(cells) <= max(places):
        return "There are too few fields."
    day_cell, email_cell, credits_cell = (cells[place].strip() for place in places)
    day, email, micro = _date(day_cell), normalise_email(email_cell), _micro(credits_cell)
    if day is None:
        return f"{_quoted(day_cell)} is not a date such as 2026-10-31."
    if not email:
        return "There is no e-mail."
    if micro is None:
        return f"{_quoted(credits_cell)} is not an amount of credits."
    if email in days[day]:
        return f"{_quoted(email)} already has a row for {day}."
    days[day][email] = micro
    return None


def _date(text: str) -> date | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _micro(text: str) -> int | None:
    """Millionths, to the nearest; None for what is no amount, or less than nothing."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST_CREDITS:
        return None
    return round(amount * MICRO)


def _quoted(text: str) -> str:
    return repr(text[:LONGEST_QUOTE])
