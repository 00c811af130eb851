"""What alerts would have told over days that have passed, and which sensitivity that speaks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.spikes.findings import Finding, Kind, Sensitivity, Severity

WEEK_DAYS = 7
LOOK_BACK_DAYS = 60
LEAST = "least"
"""The name under which a record has from how much on it would have been found."""


@dataclass(frozen=True, slots=True)
class LookBack:
    """What finance would have been told over ``period``, by sensitivity; shifts, which are not for them, left out."""

    period: Period
    told: Mapping[Sensitivity, Sequence[Finding]]

    def a_week(self, sensitivity: Sensitivity) -> float:
        """How many alerts a week that would have been."""
        return len(self.told[sensitivity]) * WEEK_DAYS / self.period.length

    def fitting(self, most_a_week: float) -> Sensitivity | None:
        """The highest sensitivity with so many alerts a week at most; None where even the lowest has more."""
        fits = [one for one in reversed(Sensitivity) if self.a_week(one) <= most_a_week]
        return fits[0] if fits else None


def for_finance(told: Mapping[Sensitivity, Sequence[Finding]], period: Period) -> LookBack:
    """Of what was found, what finance hears of."""
    return LookBack(
        period,
        {one: tuple(f for f in findings if f.kind is not Kind.SHIFT) for one, findings in told.items()},
    )


def record_of(finding: Finding) -> dict[str, Any]:
    """A finding for machines; credits with up to six decimals."""
    return {
        "date": finding.day.isoformat(),
        "email": finding.email,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "credits": finding.credits_micro / MICRO,
        "expected": finding.expected_micro / MICRO,
        "ratio": round(finding.ratio, 3),
        LEAST: finding.least_micro / MICRO,
    }


def finding_of(record: Mapping[str, Any]) -> Finding:
    """What `record_of` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return Finding(
        date.fromisoformat(record["date"]),
        record["email"],
        Kind(record["kind"]),
        Severity(record["severity"]),
        *(round(record[name] * MICRO) for name in ("credits", "expected", LEAST)),
    )
