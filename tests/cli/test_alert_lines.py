"""What each kind of alert says in the terminal."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cli.alert_lines import counts_line, finding_line
from bot.core.models import MICRO
from bot.core.spikes.findings import Finding, Kind, Sensitivity, Severity

SENTENCES = {
    Kind.SPIKE: "ana@example.com used 3,120 credits; a usual active day is 240: ×13.0."
    " It would not have alerted under 960.",
    Kind.COLD_START: "ana@example.com used 3,120 credits and has no history yet; a usual day of others is 240:"
    " ×13.0. It would not have alerted under 960.",
    Kind.HARD_CAP: "ana@example.com used 3,120 credits, over the cap. It would not have alerted under 960.",
    Kind.SHIFT: "ana@example.com has used 3,120 credits on the active days of nine; 240 would be usual: ×13.0."
    " For the manager's digest.",
    Kind.ORG_SURGE: "The whole organisation used 3,120 credits; 240 would be usual: ×13.0."
    " It would not have alerted under 960.",
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_sentence(kind: Kind) -> None:
    email = None if kind is Kind.ORG_SURGE else "ana@example.com"
    amounts = (3120 * MICRO, 240 * MICRO, 960 * MICRO)
    finding = Finding(date(2026, 11, 3), email, kind, Severity.WARNING, *amounts)

    assert finding_line(finding) == f"Tue 3 Nov 2026  warning   {SENTENCES[kind]}"


def test_the_last_line_counts_what_each_sensitivity_would_have_told() -> None:
    counts = {Sensitivity.LOW: 3, Sensitivity.NORMAL: 7, Sensitivity.HIGH: 1200}
    assert counts_line(counts, Sensitivity.NORMAL) == (
        "Alerts: 3 at low, 7 at normal, 1,200 at high sensitivity. Shown: normal."
    )
