"""Who people are: roster rows, Slack's directory, usage accounts, and how they become one person.

The key of an employee is the normalised e-mail address; nothing fuzzy ever links two addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from string import ascii_lowercase, ascii_uppercase

# RFC 5321 allows an address 254 characters. Quoted local parts are kept out: no company uses them, and lists,
# CSV files and Slack's markup give every character refused here a meaning of their own. `is_email` refuses
# all white space but the plain space by its not being printable.
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^ @<>,;:|\"()\[\]\\]+@[^ @<>,;:|\"()\[\]\\]+")


@dataclass(frozen=True, slots=True)
class Employee:
    """One row of the roster. ``left_on`` is the last day of work; ``timezone`` an IANA name."""

    email: str
    name: str
    manager_email: str | None = None
    team: str | None = None
    department: str | None = None
    cost_center: str | None = None
    archived: bool = False
    left_on: date | None = None
    aliases: tuple[str, ...] = ()
    timezone: str | None = None

    def is_archived_on(self, day: date) -> bool:
        """True when the roster says so, or from the day after the last day of work."""
        return self.archived or (self.left_on is not None and self.left_on < day)


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """A row that was refused or repaired; ``line`` counts from 1, the header included, None for the file."""

    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A whole roster as it was read. ``fingerprint`` changes exactly when the content does.

    ``unread`` are the addresses whose only row was refused: these people are not missing from the file.
    """

    employees: tuple[Employee, ...]
    problems: tuple[RosterProblem, ...]
    fingerprint: str
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """One entry of Slack's directory. Bots and deleted people are kept, told apart and never matched."""

    slack_id: str
    email: str | None
    name: str
    timezone: str | None
    deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A position in the reporting chart, numbered depth first.

    The people below are exactly those whose ``first`` lies in ``(first, last]``; ``depth`` is 0 at the top.
    """

    first: int
    last: int
    depth: int

    def is_above(self, other: Place) -> bool:
        """True when ``other`` reports to this place, directly or through others."""
        return self.first < other.first <= self.last


@dataclass(frozen=True, slots=True)
class Person:
    """An employee as the store knows them, with their Slack id where one was matched.

    ``id`` is the store's own number and means nothing outside it.
    """

    id: int
    email: str
    name: str
    place: Place
    slack_id: str | None = None
    team: str | None = None
    timezone: str | None = None
    archived: bool = False
    left_on: date | None = None


_TO_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def normalise_email(text: str) -> str:
    """The key form of an address: surrounding space gone, A to Z made small. Nothing else is touched.

    Other alphabets are left alone: lowering the Kelvin sign, say, would make two addresses one.
    """
    return text.strip().lower() if text.isascii() else text.strip().translate(_TO_LOWER)


def is_email(text: str) -> bool:
    """True for what can be the key of a person: one ``@`` between two parts, and nothing invisible."""
    return len(text) <= LONGEST_EMAIL and text.isprintable() and _EMAIL.fullmatch(text) is not None
