"""The budgets of the running month in a digest: a line each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Budget, Scope, Unit
from bot.core.digests.contents import Week
from bot.core.formats import month_text
from bot.slack.answers.budgets import amount_text, part_text, scope_label, short_text, used_text
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn


def budget_lines(standings: Sequence[Standing], week: Week) -> list[Mrkdwn]:
    """What is used, and what will probably be used by the end of the month."""
    return [_line(standing, is_estimated=week.credit_price_usd is None) for standing in standings]


def _line(standing: Standing, *, is_estimated: bool) -> Mrkdwn:
    budget, forecast = standing.budget, standing.forecast
    return render_words(
        "digest_budget",
        label=_label(budget, month_text(standing.period.since)),
        used=used_text(standing),
        amount=amount_text(budget.unit, budget.amount_micro),
        percent=part_text(standing.pace.used) if standing.pace else "",
        expected=short_text(budget, forecast.expected_micro) if forecast else "",
        low=short_text(budget, forecast.low_micro) if forecast else "",
        high=short_text(budget, forecast.high_micro) if forecast else "",
        is_estimate=is_estimated and budget.unit is Unit.USD,
    )


def _label(budget: Budget, month: str) -> str:
    """The organisation's digest is about it anyway."""
    return month if budget.scope is Scope.ORGANISATION else f"{scope_label(budget)}, {month}"
