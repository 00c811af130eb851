"""What people answer to an alert, and what it does to the incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bot.core.alerts.incidents import Change, Incident, accept_as_normal, acknowledge, expect, snooze
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation

LEARNING_DAYS = 42
"""So long a new level is expected after somebody called it normal; from then on it is part of the usual."""

LEEWAY_PERCENT = 125
"""A new level is the largest day that fired, and a little more."""

CHOICES = (1, 3, 7, 14)
"""The days for which an alert can be put off or expected."""

USUAL_DAYS = 3


class ReplyKind(StrEnum):
    """The four answers."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    EXPECTED = "expected"
    NORMAL = "normal"

    @property
    def has_days(self) -> bool:
        """True where it is asked for how long."""
        return self in {ReplyKind.SNOOZE, ReplyKind.EXPECTED}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its reason; ``days`` counts where the kind asks for how long."""

    kind: ReplyKind
    reason: str | None = None
    days: int = USUAL_DAYS


def apply_reply(incident: Incident, reply: Reply, now: datetime) -> Change | None:
    """The move that an answer makes; None where it is over already."""
    until = now + timedelta(days=reply.days)
    match reply.kind:
        case ReplyKind.ACKNOWLEDGE:
            return acknowledge(incident)
        case ReplyKind.SNOOZE:
            return snooze(incident, until)
        case ReplyKind.EXPECTED:
            return expect(incident, until)
        case ReplyKind.NORMAL:
            return accept_as_normal(incident)
        case _:
            assert_never(reply.kind)


def new_level(incident: Incident, by: str, reason: str | None, now: datetime) -> Expectation:
    """That so much is normal for the subject, until the detector has learnt it."""
    today = now.date()
    return Expectation(
        incident.key.subject,
        Period(today, today + timedelta(days=LEARNING_DAYS)),
        reason or "the new normal",
        by,
        most_micro=incident.peak.credits_micro * LEEWAY_PERCENT // 100,
    )
