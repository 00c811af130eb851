"""What a check of the whole installation finds, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

NEEDED_SCOPES = frozenset({"chat:write", "commands", "users:read", "users:read.email"})
EXPORT_SCOPE = "files:write"
"""Without it everything works but exports."""


class Grade(Enum):
    """How bad a finding is: only `FAIL` keeps the bot from doing its work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a check: what was looked at, how it is, and what to do where it is not well."""

    about: str
    grade: Grade
    sentence: str


@dataclass(frozen=True, slots=True)
class Installation:
    """The app as Slack knows it; ``scopes`` is None where Slack does not tell them.

    ``enterprise_id`` is set where the workspace is part of an Enterprise organisation.
    """

    team: str
    bot: str
    scopes: frozenset[str] | None
    team_id: str | None = None
    enterprise_id: str | None = None
