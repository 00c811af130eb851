"""Why something could not be linked, as a value and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import assert_never


class Subject(Enum):
    """What a finding is about; the value begins its sentence."""

    ADDRESS = "Address"
    EMPLOYEE = "Employee"
    SLACK = "Slack person"
    ACCOUNT = "Account"


class Reason(Enum):
    """Why it is not linked."""

    NO_EMAIL = "no_email"
    NOBODY = "nobody"
    CLAIMED_TWICE = "claimed_twice"
    SEVERAL_IN_SLACK = "several_in_slack"
    ARCHIVED_IN_SLACK = "archived_in_slack"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """Something unlinked. ``key`` is an address, an employee's address, a Slack id or an account id.

    ``email`` is the address that failed to link it, ``claimants`` the employees (by address) who claim that,
    or for `Reason.SEVERAL_IN_SLACK` the Slack ids of the people who are one employee by their addresses.
    """

    subject: Subject
    key: str
    email: str | None
    reason: Reason
    claimants: tuple[str, ...] = ()


def explain(finding: LinkFinding) -> str:
    """The finding as one sentence for whoever keeps the roster."""
    name = finding.key if finding.email in (None, finding.key) else f"{finding.key} ({finding.email})"
    return f"{finding.subject.value} {name} {_why(finding)}."


def _why(finding: LinkFinding) -> str:
    claimants = ", ".join(finding.claimants)
    match finding.reason:
        case Reason.NO_EMAIL:
            return "has no e-mail address to be recognised by"
        case Reason.NOBODY:
            return _missing(finding.subject)
        case Reason.CLAIMED_TWICE:
            return f"is linked to nobody, because several employees claim the address: {claimants}"
        case Reason.SEVERAL_IN_SLACK:
            return f"is not linked, because several Slack people are one employee: {claimants}"
        case Reason.ARCHIVED_IN_SLACK:
            return "is deactivated in Slack"
        case Reason.BOT:
            return "is a bot in Slack"
        case _:
            assert_never(finding.reason)


def _missing(subject: Subject) -> str:
    if subject is Subject.EMPLOYEE:
        return "is not in Slack under any of their addresses"
    return "belongs to nobody in the roster"
