"""What an alert says in the terminal: a sentence with its reason and where it would not have spoken."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.formats import TIMES, credits_text, day_text
from bot.core.spikes.findings import Finding, Kind, Sensitivity


def finding_line(finding: Finding) -> str:
    """``Tue 3 Nov 2026  critical  ana@example.com used 3,120 credits; …``."""
    return f"{day_text(finding.day)} {finding.day.year}  {finding.severity:<8}  {_sentence(finding)}"


def counts_line(counts: Mapping[Sensitivity, int], chosen: Sensitivity) -> str:
    """How many there were at each sensitivity."""
    told = ", ".join(f"{count:,} at {one}" for one, count in counts.items())
    return f"Alerts: {told} sensitivity. Shown: {chosen}."


def _sentence(finding: Finding) -> str:
    used, expected = credits_text(finding.credits_micro), credits_text(finding.expected_micro)
    times, under = (
        f"{TIMES}{finding.ratio:,.1f}",
        f"It would not have alerted under {credits_text(finding.least_micro)}.",
    )
    match finding.kind:
        case Kind.SPIKE:
            return f"{finding.email} used {used} credits; a usual active day is {expected}: {times}. {under}"
        case Kind.COLD_START:
            return (
                f"{finding.email} used {used} credits and has no history yet; a usual day of others is"
                f" {expected}: {times}. {under}"
            )
        case Kind.HARD_CAP:
            return f"{finding.email} used {used} credits, over the cap. {under}"
        case Kind.SHIFT:
            return (
                f"{finding.email} has used {used} credits on the active days of nine; {expected} would be usual:"
                f" {times}. For the manager's digest."
            )
        case Kind.ORG_SURGE:
            return f"The whole organisation used {used} credits; {expected} would be usual: {times}. {under}"
