"""How one budget stands, read for whom it may be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.core.budgets.forecast import DRIVERS, LOOK_BACK_DAYS, Driver, build_forecast, may_be_said
from bot.core.budgets.money import Spend, is_part, limit_of, measured_micro
from bot.core.budgets.standing import PersonUse, Standing
from bot.core.budgets.terms import WHOLE_PERCENT, Budget, Scope, pace, period_of
from bot.core.periods import DAY, Period
from bot.core.surfaces import surface_of
from bot.core.visibility import BudgetSight, WholeCompany
from bot.ports import Snapshot

LISTED_PEOPLE = 10

TeamUse = Callable[[WholeCompany, Period], Mapping[str, Spend]]
"""What the teams that a sight may tell used in a period."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of the store, and what dollars are computed from."""

    snapshot: Snapshot
    price_usd: Decimal | None
    now: datetime

    @property
    def today(self) -> date:
        """The current UTC day."""
        return self.now.date()

    def micro(self, budget: Budget, spend: Spend) -> int | None:
        """A use in millionths of the budget's unit."""
        return measured_micro(budget.unit, spend, self.price_usd)


def standing_of(moment: Moment, sight: BudgetSight, budget: Budget, teams: TeamUse) -> Standing:
    """The budget in its current period, as far as those in sight used it, and what drives its forecast."""
    if budget.scope is Scope.PERSON:
        return _standing_of_each(moment, sight, budget, period_of(budget.cycle, moment.today))
    return with_drivers(moment, sight, measure(moment, sight, budget), teams)


def with_drivers(moment: Moment, sight: BudgetSight, standing: Standing, teams: TeamUse) -> Standing:
    """The standing of a group, and in its forecast, if there is one, what drives it."""
    if standing.forecast is None:
        return standing
    drivers = _drivers(moment, sight, standing, teams)
    return replace(standing, forecast=replace(standing.forecast, drivers=drivers))


def measure(moment: Moment, sight: BudgetSight, budget: Budget, period: Period | None = None) -> Standing:
    """The budget of the organisation or a group in a period, the current one if left out.

    The forecast names no drivers.
    """
    period = period or period_of(budget.cycle, moment.today)
    back = Period(min(period.since, moment.today - timedelta(days=LOOK_BACK_DAYS + 7)), moment.today + DAY)
    days = moment.snapshot.load_spend_by_day(sight, budget, back)
    inside = [spend for day, spend in days.items() if period.since <= day < period.until]
    whole = Spend(*map(sum, zip(*inside, strict=True))) if inside else Spend()
    used = moment.micro(budget, whole)
    said = moment.snapshot.load_budget_said(budget, period.since)
    standing = Standing(
        budget,
        period,
        used,
        is_part(budget.unit, whole, moment.price_usd),
        None if used is None else pace(budget, period, used, moment.today),
        tuple(sorted(key.threshold for key in said if key.threshold is not None)),
    )
    return standing if used is None else _with_forecast(moment, standing, back, days)


def as_far_as_known(moment: Moment, standing: Standing) -> Standing:
    """As it may be told unasked: where a day was not read, the use is a part, and any forecast would be too low."""
    if missing_days(moment, standing.period):
        return replace(standing, is_part=True, forecast=None)
    if standing.forecast and not may_be_said(standing.forecast, moment.today):
        return replace(standing, forecast=None)
    return standing


def missing_days(moment: Moment, period: Period) -> int:
    """How many days of the period up to yesterday were not read."""
    missing = moment.snapshot.load_freshness(period, moment.now).missing
    return sum(day < moment.today for day in missing)


def _with_forecast(moment: Moment, standing: Standing, back: Period, days: Mapping[date, Spend]) -> Standing:
    freshness = moment.snapshot.load_freshness(back, moment.now)
    if freshness.complete_to is None:
        return standing
    read = set(back.days()) - set(freshness.missing)
    used = {day: moment.micro(standing.budget, days.get(day, Spend())) or 0 for day in read}
    found = build_forecast(standing.budget, standing.period, used, freshness.complete_to + DAY)
    return replace(standing, forecast=found)


def _drivers(moment: Moment, sight: BudgetSight, standing: Standing, teams: TeamUse) -> tuple[Driver, ...]:
    """Teams of the organisation; of a group its people, or its surfaces for who may see no names."""
    budget, so_far = standing.budget, _so_far(moment, standing.period)
    spends: list[tuple[str, Spend]]
    if not isinstance(sight, WholeCompany) or (sight.names and budget.scope.is_group):
        people = moment.snapshot.rank_group_people(sight, budget, so_far, DRIVERS)
        spends = [(one.name, one.spend) for one in people]
    elif budget.scope.is_group:
        spends = _by_surface(moment.snapshot.load_spend_by_client(sight, budget, so_far))
    else:
        spends = list(teams(sight, so_far).items())
    used = [Driver(label, moment.micro(budget, spend) or 0) for label, spend in spends]
    largest = sorted(
        (one for one in used if one.used_micro > 0), key=lambda one: (-one.used_micro, one.label)
    )
    return tuple(largest[:DRIVERS])


def _by_surface(clients: Mapping[str, Spend]) -> list[tuple[str, Spend]]:
    merged: dict[str, Spend] = {}
    for client, spend in clients.items():
        before = merged.get(surface_of(client), Spend())
        merged[surface_of(client)] = Spend(*(a + b for a, b in zip(before, spend, strict=True)))
    return list(merged.items())


def _standing_of_each(moment: Moment, sight: BudgetSight, budget: Budget, period: Period) -> Standing:
    so_far = _so_far(moment, period)
    reached: Counter[int] = Counter()
    for threshold in budget.thresholds:
        amount = -(-budget.amount_micro * threshold // WHOLE_PERCENT)
        limit = limit_of(budget.unit, amount, moment.price_usd)
        reached[threshold] = moment.snapshot.count_people_over(sight, so_far, limit)
    return Standing(
        budget, period, people=_people(moment, sight, budget, so_far), over=tuple(sorted(reached.items()))
    )


def _people(moment: Moment, sight: BudgetSight, budget: Budget, so_far: Period) -> tuple[PersonUse, ...]:
    """Those who used most; nobody for who may see no names."""
    if isinstance(sight, WholeCompany) and not sight.names:
        return ()
    anything = limit_of(budget.unit, 1, moment.price_usd)
    found = moment.snapshot.find_people_over(sight, so_far, anything, LISTED_PEOPLE)
    return tuple(
        PersonUse(
            one.email,
            one.name,
            moment.micro(budget, one.spend) or 0,
            is_part(budget.unit, one.spend, moment.price_usd),
        )
        for one in found
    )


def _so_far(moment: Moment, period: Period) -> Period:
    """The period up to today: those are summed beforehand."""
    return Period(period.since, moment.today + DAY)
