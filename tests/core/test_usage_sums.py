"""What the store tells of a period."""

from __future__ import annotations

from datetime import date

from bot.core.models import CodeTotals, Totals
from bot.core.usage_sums import Usage


def test_the_totals_are_those_of_the_days_whatever_the_splits_say() -> None:
    usage = Usage(
        days={date(2026, 11, 1): Totals(rows=1, turns=2), date(2026, 11, 3): Totals(rows=2, turns=5)},
        clients={"CODEX_CLI": Totals(rows=1, turns=1)},
        models={("gpt-5.5", None): Totals(rows=9)},
        code=CodeTotals(),
    )

    assert usage.totals == Totals(rows=3, turns=7)


def test_nothing_adds_up_to_nothing() -> None:
    assert Usage({}, {}, {}, CodeTotals()).totals == Totals()
