"""Which findings are worth a message, when somebody was told of the same thing just now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from bot.core.spikes.findings import Finding, Kind

REST_DAYS = 3
"""72 hours after a message about a person another is worth sending."""
ESCALATION = 2
"""Before that, an excess of so many times the one that was told is."""
QUIET_DAYS = {Kind.ORG_SURGE: 7, Kind.SHIFT: 28}
"""What lasts is told when it begins, and again only when it was away for so many days."""


class _Told(NamedTuple):
    day: date
    excess_micro: int


def thing_of(kind: Kind) -> Kind:
    """What a finding is about: somebody's spikes, first days and caps are one thing, what lasts is another."""
    return kind if kind in QUIET_DAYS else Kind.SPIKE


class Cooldown:
    """Remembers what was told."""

    def __init__(self) -> None:
        self._told: dict[tuple[str | None, Kind], _Told] = {}

    def pass_on(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Those of a day's findings that are worth a message, in their order; days must not go back."""
        for finding in findings:
            lasts = finding.kind in QUIET_DAYS
            key = (finding.email, thing_of(finding.kind))
            told = self._told.get(key)
            is_due = told is None or _is_due(finding, told)
            if is_due or lasts:
                self._told[key] = _Told(finding.day, finding.excess_micro)
            if is_due:
                yield finding


def _is_due(finding: Finding, told: _Told) -> bool:
    age_days = (finding.day - told.day).days
    if finding.kind in QUIET_DAYS:
        return age_days >= QUIET_DAYS[finding.kind]
    return age_days >= REST_DAYS or finding.excess_micro >= ESCALATION * told.excess_micro
