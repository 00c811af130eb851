"""What somebody has announced: a burst of use that is planned, or a level that is normal from now on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.core.periods import Period
from bot.core.spikes.findings import Kind


@dataclass(frozen=True, slots=True)
class Expectation:
    """Days on which one subject may use more than usual without an alert.

    A day is covered up to ``factor`` times what was expected, or up to ``most_micro`` credits; up to anything
    where neither is given. ``subject`` is an employee's address, None for the whole organisation.
    """

    subject: str | None
    period: Period
    reason: str
    by: str
    factor: int | None = None
    most_micro: int | None = None

    def may_excuse(self, kind: str) -> bool:
        """False where a plan meets an absolute limit: it is measured by the usual, so it lifts none."""
        return self.factor is None or kind != Kind.HARD_CAP

    def covers(self, day: date, credits_micro: int, expected_micro: int) -> bool:
        """True when so much on that day was to be expected."""
        if not self.period.since <= day < self.period.until:
            return False
        limits = [
            *([] if self.factor is None else [self.factor * expected_micro]),
            *([] if self.most_micro is None else [self.most_micro]),
        ]
        return not limits or credits_micro <= max(limits)
