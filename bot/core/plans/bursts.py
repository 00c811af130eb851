"""A planned burst: what may be planned, how it is kept, and who is told of it by a message of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.core.deliveries import ALERT, Order
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation

MOST_DAYS = 14
LEAST_FACTOR, MOST_FACTOR = 2, 20
USUAL_FACTOR = 5
"""Where nobody says how many times the usual: about where the burstiest people begin to stand out."""

LONGEST_REASON = 300


class PlanKind(StrEnum):
    """The messages that announce a plan; the values stand in the database."""

    CHANNEL = "plan"
    MANAGER = "manager_plan"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is kept, with the store's number. ``expectation`` ends where the plan was ended early."""

    number: int
    person: Person
    expectation: Expectation

    @property
    def factor(self) -> int:
        """How many times the usual is planned."""
        return self.expectation.factor or USUAL_FACTOR

    @property
    def last_day(self) -> date:
        """The last UTC day on which it holds."""
        return self.expectation.period.until - timedelta(days=1)


def plan_of(subject: str, days: int, factor: int, reason: str, by: str, now: datetime) -> Expectation:
    """A plan that begins today (UTC)."""
    today = now.date()
    return Expectation(subject, Period(today, today + timedelta(days=days)), reason, by, factor=factor)


def plan_label(plan: Expectation, now: datetime) -> str:
    """Stands where a digest's week does: says nothing to a reader, and is another for each plan."""
    facts = [plan.subject, str(plan.period.since), str(plan.period.until), plan.factor, now.timestamp()]
    return f"plan-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]}"


def announcements(
    plan: Expectation, label: str, channel: str | None, manager: str | None, now: datetime
) -> list[Order]:
    """Who is told: the finance channel, and the person's manager unless it is they who planned it."""
    return [
        Order(kind, recipient, label, now, _midnight(plan.period.until), _midnight(now.date()), ALERT)
        for kind, recipient in _recipients(channel, None if manager == plan.by else manager)
    ]


def _recipients(channel: str | None, manager: str | None) -> Iterator[tuple[PlanKind, str]]:
    if channel:
        yield PlanKind.CHANNEL, channel
    if manager:
        yield PlanKind.MANAGER, manager


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
