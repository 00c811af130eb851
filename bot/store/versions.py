"""Which state of people and accounts the stored links were made from.

A number goes up with every change to people, accounts or links. Whoever links reads it first and hands it in with
the result, so that links made from an older state never take the place of newer ones.
"""

from __future__ import annotations

from bot.store.engine import Connection
from bot.store.ledger import load_note, save_note

PEOPLE = "people_version"
LINKED = "linked_version"
SUMS = "sums_version"
"""Goes up with every change to usage, to whom it belongs, and to the groups that it counts for."""


def people_version(connection: Connection) -> int:
    """The number of the present state."""
    return int(load_note(connection, PEOPLE) or 0)


def is_linking_due(connection: Connection) -> bool:
    """True when anything has changed since the links were made."""
    return load_note(connection, LINKED) != str(people_version(connection))


def note_people_changed(connection: Connection, changes: int) -> None:
    """Make linking due, if there were any changes."""
    if changes:
        save_note(connection, PEOPLE, str(people_version(connection) + 1))


def note_linked(connection: Connection) -> None:
    """Everything is linked as of now; older links are outdated."""
    version = str(people_version(connection) + 1)
    save_note(connection, PEOPLE, version)
    save_note(connection, LINKED, version)


def sums_version(connection: Connection) -> int:
    """The number of the present state of all that is summed."""
    return int(load_note(connection, SUMS) or 0)


def note_sums_changed(connection: Connection) -> None:
    """Whatever was added up before is out of date."""
    save_note(connection, SUMS, str(sums_version(connection) + 1))
