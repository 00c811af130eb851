"""Begins to keep the sums of groups that have got a budget, and ends it for those that have none any more."""

from __future__ import annotations

from datetime import date

from bot.core.models import epoch_day
from bot.core.periods import Period
from bot.core.visibility import OPERATOR
from bot.store import budget_reads, budget_sums, budgets
from bot.store.engine import Connection


def needs_group_sums(connection: Connection, since: date) -> bool:
    """True where `keep_group_sums` would change anything."""
    wanted = {budget_sums.group_of(budget) for budget in budgets.load_budgets(connection)} - {None}
    kept = budget_sums.load_kept_groups(connection)
    return wanted != kept.keys() or any(day > epoch_day(since) for day in kept.values())


def keep_group_sums(connection: Connection, since: date) -> None:
    """Keep sums by day, from ``since`` on at least, of each group that has a budget and of no other."""
    wanted = {
        group: budget
        for budget in budgets.load_budgets(connection)
        if (group := budget_sums.group_of(budget)) is not None
    }
    kept = budget_sums.load_kept_groups(connection)
    good = {group for group, day in kept.items() if group in wanted and day <= epoch_day(since)}
    budget_sums.drop_groups(connection, kept.keys() - good)
    for group in sorted(wanted.keys() - good):
        days = budget_reads.load_spend_by_day(connection, OPERATOR, wanted[group], Period(since, date.max))
        budget_sums.save_group(connection, group, since, days)
