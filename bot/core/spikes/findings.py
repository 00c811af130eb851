"""What counts as runaway spend: the kinds of findings, and the settings with the reason for each figure.

Amounts are whole millionths of a credit (``_micro``); statistics in between are of logarithms, so that
"three times the usual" is the same distance for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.models import MICRO


class Kind(StrEnum):
    """What was found. A ``shift`` is for a manager's digest, all else is for finance."""

    SPIKE = "spike"
    COLD_START = "cold_start"
    HARD_CAP = "hard_cap"
    SHIFT = "shift"
    ORG_SURGE = "org_surge"


class Severity(StrEnum):
    """How soon somebody should look."""

    WARNING = "warning"
    CRITICAL = "critical"


class Sensitivity(StrEnum):
    """How much is told."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


BARS = {Sensitivity.LOW: 3.6, Sensitivity.NORMAL: 3.1, Sensitivity.HIGH: 2.6}
"""How many spreads above the usual a day must lie; chosen on the tuning companies of ``tests/bench``."""


RULES = 1
"""Goes up with every change of the rules: what was learnt by others is learnt anew."""


@dataclass(frozen=True, slots=True)
class SpikeSettings:
    """What an organisation may choose.

    ``floor_micro``: an excess below it is never told; 250 credits are about $10 at list price.
    ``floor_share``: nor is one below this part of the organisation's last 28 days, so that a company of
    hundreds of thousands hears of what matters to it.
    ``hard_cap_micro``: a day from this on is told whatever is usual; None for no cap.
    """

    sensitivity: Sensitivity = Sensitivity.NORMAL
    floor_micro: int = 250 * MICRO
    floor_share: float = 0.0002
    hard_cap_micro: int | None = None

    @property
    def bar(self) -> float:
        """Spreads above the usual from which on a day is told."""
        return BARS[self.sensitivity]

    @property
    def rules(self) -> str:
        """A text that differs as soon as anything else would be found or learnt."""
        return f"{RULES} {self}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One day that stands out. ``email`` is None for the organisation.

    ``ratio`` is credits by what was expected; ``least_micro`` is from how much on it would have been found.
    For a ``shift`` the amounts are sums of the ``active_days`` of the last nine, and ``since`` is the first of
    them that was at least double.
    """

    day: date
    email: str | None
    kind: Kind
    severity: Severity
    credits_micro: int
    expected_micro: int
    least_micro: int
    active_days: int = 1
    since: date | None = None

    @property
    def ratio(self) -> float:
        """How many times the expected."""
        return self.credits_micro / max(self.expected_micro, 1)

    @property
    def excess_micro(self) -> int:
        """What is beyond the expected."""
        return self.credits_micro - self.expected_micro
