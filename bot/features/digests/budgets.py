"""How the budgets of the running month stand that a digest may tell."""

from __future__ import annotations

from itertools import islice

from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Budget, Cycle, Scope
from bot.core.visibility import Below, BudgetSight, WholeCompany, digest_budget_sight
from bot.features.asked import Asked
from bot.features.budgets.standings import Moment, as_far_as_known, measure

MOST_BUDGETS = 2


def monthly_budgets(asked: Asked, sight: Below | WholeCompany) -> tuple[Standing, ...]:
    """The organisation's for the whole company; for a manager those of groups to the last person in their sight."""
    wide = digest_budget_sight(sight)
    monthly = (budget for budget in asked.snapshot.load_budgets() if budget.cycle is Cycle.MONTH)
    told = (budget for budget in monthly if _is_told(asked, wide, budget))
    moment = Moment(asked.snapshot, asked.settings.credit_price_usd, asked.now)
    return tuple(
        as_far_as_known(moment, measure(moment, wide, budget)) for budget in islice(told, MOST_BUDGETS)
    )


def _is_told(asked: Asked, sight: BudgetSight, budget: Budget) -> bool:
    """No group's to a channel: the organisation's says enough, and tells of no few people."""
    if isinstance(sight, WholeCompany):
        return budget.scope is Scope.ORGANISATION
    return asked.snapshot.is_wholly_in_sight(sight, budget)
