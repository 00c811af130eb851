"""How people are named in answers."""

from __future__ import annotations

from bot.core.people import Person
from bot.core.periods import MONTHS
from bot.slack.text import NAME_LIMIT, plain


def name_of(person: Person) -> str:
    """The name on one line, the address where there is none; not yet escaped."""
    return plain(person.name, NAME_LIMIT, empty=plain(person.email))


def marked_name(person: Person) -> str:
    """The name, and for somebody who left the last day of work: ``Zoe (left 3 Nov 2026)``."""
    if not person.archived:
        return name_of(person)
    left = person.left_on
    when = f" {left.day} {MONTHS[left.month - 1]} {left.year}" if left else ""
    return f"{name_of(person)} (left{when})"
