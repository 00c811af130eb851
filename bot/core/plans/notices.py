"""What the message that announces a plan says, as a value: no words, and no name that may not be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.core.alerts.cards import Subject


@dataclass(frozen=True, slots=True)
class PlanNotice:
    """``by`` names who planned it for somebody else. Where no name may be told there is no reason either: it could
    hold one.
    """

    subject: Subject
    factor: int
    last_day: date
    by: str | None = None
    reason: str | None = None
