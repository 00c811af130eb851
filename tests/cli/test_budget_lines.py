"""What ``alerts`` prints of budgets."""

from __future__ import annotations

from datetime import date

from inline_snapshot import snapshot

from bot.cli.budget_lines import notice_line
from bot.core.budgets.orders import Notice
from bot.core.budgets.terms import Budget, Cycle, SaidKey, Scope, Unit
from bot.core.models import MICRO

SINCE = date(2026, 11, 1)
CENTER = Budget(7, Scope.COST_CENTER, "CC-1", Cycle.MONTH, Unit.USD, 1_000 * MICRO, (80,), 1, SINCE)
EACH = Budget(8, Scope.PERSON, None, Cycle.MONTH, Unit.CREDITS, 1_000 * MICRO, (80,), 1, SINCE)


def test_each_kind_of_news_is_a_line() -> None:
    news = [
        Notice(CENTER, (SaidKey(7, 1, SINCE, 80), SaidKey(7, 1, SINCE, None)), 812 * MICRO, SINCE),
        Notice(CENTER, (SaidKey(7, 1, SINCE, None),), 0, SINCE),
        Notice(EACH, (SaidKey(8, 1, SINCE, 80, "ana@example.com"),), 812 * MICRO, SINCE),
    ]
    assert [notice_line(one) for one in news] == snapshot(
        [
            "budget: cost center CC-1, month from 2026-11-01: 80 % of $1,000.00 reached, $812.00 used",
            "budget: cost center CC-1, month from 2026-11-01: $1,000.00 will probably be exceeded",
            "budget: ana@example.com (each person), month from 2026-11-01: 80 % of 1,000 credits reached, 812 used",
        ]
    )
