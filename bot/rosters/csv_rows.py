"""What the fields of a roster row mean, and which mistakes refuse the row.

A mistake that leaves unclear who somebody is or whether they work here refuses the row; any other mistake
leaves out the one field and is reported.
"""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from collections.abc import Container
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.core.people import Employee, RosterFile, RosterProblem, is_email, normalise_email

LONGEST_TEXT = 200
MOST_ALIASES = 50
LONGEST_QUOTE = 60

_ISO_DATE = re.compile(r"\s*\d{4}-\d\d-\d\d\s*", re.ASCII)
_JOINERS = "\u200c\u200d"  # part of how names are spelled in some scripts


class Row(NamedTuple):
    """The known fields of a row as they were written; the field names are the names of the columns."""

    email: str
    name: str
    manager_email: str
    team: str
    department: str
    cost_center: str
    status: str
    left_on: str
    aliases: str
    timezone: str


COLUMNS = Row._fields


class RowReader:
    """Takes rows in order and gathers employees and problems."""

    def __init__(self) -> None:
        self._employees: dict[str, Employee] = {}
        self._lines: dict[str, int] = {}
        self._unread: set[str] = set()
        self._problems: list[RosterProblem] = []

    def refuse(self, line: int, why: str, email: str = "") -> None:
        """Leaves a row out. Whoever it seems to be about is not missing from the roster for that."""
        self._problems.append(RosterProblem(line, f"{why} The row is left out."))
        if is_email(email):
            self._unread.add(email)

    def read(self, line: int, row: Row) -> None:
        """Takes one row; of several with the same address the first that is right stays."""
        email = normalise_email(row.email)
        if not is_email(email):
            self.refuse(
                line, f"{_quoted(row.email)} is not an e-mail address." if email else "There is no e-mail."
            )
        elif email in self._employees:
            self.refuse(line, f"{email} already stands on line {self._lines[email]}.")
        elif (fault := _fault(row)) is not None:
            self.refuse(line, fault, email)
        else:
            self._lines[email] = line
            self._employees[email] = self._employee(line, email, row)

    def result(self, fingerprint: str) -> RosterFile:
        """Everything taken so far."""
        return RosterFile(
            employees=tuple(self._employees.values()),
            problems=tuple(self._problems),
            fingerprint=fingerprint,
            unread=frozenset(self._unread.difference(self._employees)),
        )

    def _employee(self, line: int, email: str, row: Row) -> Employee:
        return Employee(
            email=email,
            name=self._text(line, "name", row.name) or email,
            manager_email=self._manager(line, email, row.manager_email),
            team=self._text(line, "team", row.team),
            department=self._text(line, "department", row.department),
            cost_center=self._text(line, "cost_center", row.cost_center),
            archived=_word(row.status) == "archived",
            left_on=_date(row.left_on),
            aliases=self._aliases(line, email, row.aliases),
            timezone=self._timezone(line, row.timezone),
        )

    def _report(self, line: int, message: str) -> None:
        self._problems.append(RosterProblem(line, message))

    def _text(self, line: int, column: str, text: str) -> str | None:
        clean = _clean(text) if text else ""
        if len(clean) <= LONGEST_TEXT:
            return clean or None
        self._report(line, f"{column} is longer than {LONGEST_TEXT} characters; the rest is cut off.")
        return clean[:LONGEST_TEXT].rstrip()

    def _manager(self, line: int, email: str, text: str) -> str | None:
        manager = normalise_email(text)
        if not manager:
            return None
        if manager == email:
            self._report(line, f"{email} is entered as their own manager; they count as having none.")
            return None
        if not is_email(manager):
            self._report(
                line, f"manager_email {_quoted(text)} is no e-mail address; they count as having none."
            )
            return None
        return manager

    def _aliases(self, line: int, email: str, text: str) -> tuple[str, ...]:
        if not text:
            return ()
        aliases: list[str] = []
        for alias in map(normalise_email, text.split(";")):
            if alias in ("", email) or alias in aliases:
                continue
            if len(aliases) == MOST_ALIASES:
                self._report(line, f"Only the first {MOST_ALIASES} aliases are kept.")
                break
            if is_email(alias):
                aliases.append(alias)
            else:
                self._report(line, f"The alias {_quoted(alias)} is no e-mail address and is left out.")
        return tuple(aliases)

    def _timezone(self, line: int, text: str) -> str | None:
        name = text.strip()
        if not name or name in _timezones():
            return name or None
        self._report(line, f"{_quoted(name)} is not an IANA time zone such as Europe/Berlin; it is left out.")
        return None


def _fault(row: Row) -> str | None:
    """Why the row cannot tell whether this person works here; None where it can."""
    if _word(row.status) not in ("", "active", "archived"):
        return f"status {_quoted(row.status)} is neither active nor archived."
    if row.left_on and not row.left_on.isspace() and _date(row.left_on) is None:
        return f"left_on {_quoted(row.left_on)} is not a date such as 2026-10-31."
    return None


def _word(text: str) -> str:
    return text.strip().lower()


def _date(text: str) -> date | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _clean(text: str) -> str:
    """One line without surrounding space and without characters that hide or reorder what is read."""
    if not text.isprintable():
        text = "".join(map(_shown, text))
    return " ".join(text.split())


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category == "Cf" and character not in _JOINERS else character


def _quoted(text: str) -> str:
    """The text as a message may carry it: short, and nothing in it that acts on a terminal."""
    return repr(text[:LONGEST_QUOTE])


@lru_cache(maxsize=1)
def _timezones() -> Container[str]:
    return zoneinfo.available_timezones()
