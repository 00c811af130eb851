"""What an operator has to know about budgets: which cannot be measured, and which nobody will hear of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from bot.core.budgets.money import price_source
from bot.core.budgets.terms import Unit
from bot.core.checks import Check, Grade
from bot.core.periods import parse_period
from bot.core.visibility import WholeCompany
from bot.features.budgets.ask import find_lost
from bot.ports import Store


def look_at_budgets(
    store: Store, now: datetime, price_usd: Decimal | None, finance_channel: str | None
) -> Iterator[Check]:
    """How many there are, and a line for each that needs something."""
    with store.snapshot() as snapshot:
        budgets = snapshot.load_budgets()
        gone = find_lost(snapshot, WholeCompany(names=True, workspace_gap=False), budgets)
        has_estimates = snapshot.has_estimates(parse_period("month", now.date()))
    yield Check("budgets", Grade.OK, f"{len(budgets):,} set")
    for budget in gone:
        kind = budget.scope.replace("_", " ")
        yield Check(
            "budgets",
            Grade.WARN,
            f"nobody belongs to the {kind} {budget.name} any more: its budget measures nothing",
        )
    in_dollars = sum(budget.unit is Unit.USD for budget in budgets)
    if in_dollars and price_source(price_usd, has_estimates=has_estimates) is None:
        advice = f"{in_dollars:,} in USD cannot be measured: set CREDIT_PRICE_USD"
        yield Check("budgets", Grade.WARN, advice)
    if budgets and not finance_channel:
        yield Check("budgets", Grade.WARN, "FINANCE_CHANNEL is not set: no channel can hear of budgets")
