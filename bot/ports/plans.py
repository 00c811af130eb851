"""Planned bursts as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.core.periods import Period
from bot.core.plans.bursts import Plan
from bot.core.plans.expectations import Expectation
from bot.core.visibility import Sight


class PlanReads(Protocol):
    """The part of a snapshot that is about plans."""

    def load_plans(self, sight: Sight, period: Period) -> list[Plan]:
        """The plans of people in sight that hold on any of these UTC days, the first to end first."""
        ...

    def find_plan(self, *, number: int | None = None, label: str | None = None) -> Plan | None:
        """One plan by its number, or by the label of the messages that announce it, as long as it holds any day."""
        ...


class PlanLedger(Protocol):
    """Plans inside one write transaction."""

    def save_plan(self, plan: Expectation, label: str | None, now: datetime) -> int:
        """Keep a plan; whichever held for the same person ends with the day before. Returns its number."""
        ...

    def end_plan(self, number: int, by: str, now: datetime) -> bool:
        """Have a plan hold no more from today (UTC) on; False where it is over already."""
        ...
