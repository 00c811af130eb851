"""The answer about budgets: how each of those that somebody may see stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.answers import BudgetsAnswer
from bot.core.budgets.groups import lost, tellable
from bot.core.budgets.money import Spend, price_source
from bot.core.budgets.terms import Budget, Scope
from bot.core.periods import Period, parse_period
from bot.core.visibility import OTHER_GROUPS, SMALLEST_GROUP, BudgetSight, WholeCompany, may_edit_budgets
from bot.features.ask_company import SHOWN_GROUPS, complete_groups_of
from bot.features.asked import Asked
from bot.features.budgets.standings import Moment, TeamUse, standing_of
from bot.ports import Snapshot


def answer_budgets(asked: Asked, sight: BudgetSight) -> BudgetsAnswer:
    """Every budget that the viewer may see."""
    snapshot, price = asked.snapshot, asked.settings.credit_price_usd
    budgets = snapshot.load_budgets()
    shown = budgets_in_sight(snapshot, sight, budgets)
    gone = {budget.id for budget in find_lost(snapshot, sight, shown)}
    month = parse_period("month", asked.today)
    moment = Moment(snapshot, price, asked.now)
    standings = [standing_of(moment, sight, budget, teams_of(asked)) for budget in shown]
    return BudgetsAnswer(
        standings=tuple(replace(one, is_lost=one.budget.id in gone) for one in standings),
        hidden=len(budgets) - len(shown) if isinstance(sight, WholeCompany) else 0,
        may_edit=may_edit_budgets(asked.viewer),
        price=price_source(price, has_estimates=snapshot.has_estimates(month)),
        credit_price_usd=price,
        period=month,
        freshness=asked.freshness(month),
    )


def find_lost(snapshot: Snapshot, sight: BudgetSight, budgets: Sequence[Budget]) -> tuple[Budget, ...]:
    """The budgets of groups that nobody belongs to any more; who sees a part of the company sees none of them."""
    if not isinstance(sight, WholeCompany):
        return ()
    scopes = {budget.scope for budget in budgets if budget.scope.is_group}
    return lost(budgets, {scope: snapshot.load_group_sizes(sight, scope) for scope in scopes})


def budgets_in_sight(snapshot: Snapshot, sight: BudgetSight, budgets: Sequence[Budget]) -> list[Budget]:
    """Those whose use may be told to who has that sight."""
    if not isinstance(sight, WholeCompany):
        return [b for b in budgets if b.scope is Scope.PERSON or snapshot.is_wholly_in_sight(sight, b)]
    if sight.names or not any(budget.scope.is_group for budget in budgets):
        return list(budgets)
    told = tellable(budgets, snapshot.load_roster_cells(sight), SMALLEST_GROUP)
    gone = find_lost(snapshot, sight, budgets)
    return [budget for budget in budgets if budget.id in told or budget in gone]


def teams_of(asked: Asked) -> TeamUse:
    """Reads what the organisation's teams used, as far as they may be told."""
    return lambda sight, period: _teams(asked, sight, period)


def _teams(asked: Asked, sight: WholeCompany, period: Period) -> dict[str, Spend]:
    """The teams that the organisation's answer shows."""
    totals = asked.snapshot.load_totals(sight, period) - asked.snapshot.load_unattributed(sight, period)
    groups = complete_groups_of(asked, sight, period, SHOWN_GROUPS, totals)
    return {
        str(group.label): Spend(
            group.totals.rows,
            group.totals.credits_micro,
            group.totals.estimated_cost_usd_micro,
            group.totals.estimated_rows,
        )
        for group in groups
        if group.label not in {None, OTHER_GROUPS}
    }
