"""What is news about budgets in one moment of the store: thresholds that were reached, and forecasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.budgets.forecast import FIRST_DAY, is_worth_saying
from bot.core.budgets.money import PersonSpend, Spend, limit_of
from bot.core.budgets.orders import Notice
from bot.core.budgets.terms import (
    WHOLE_PERCENT,
    Budget,
    Crossing,
    SaidKey,
    Scope,
    Use,
    evaluate,
    open_periods,
    period_of,
)
from bot.core.periods import DAY, Period
from bot.core.visibility import OPERATOR, BudgetSight
from bot.features.budgets.standings import Moment, as_far_as_known, measure


@dataclass(frozen=True, slots=True)
class BudgetLook:
    """What was seen, and of which state of the store."""

    mark: str
    notices: tuple[Notice, ...]


def look_at_budgets(moment: Moment, begun: date) -> BudgetLook:
    """Everything that was not said yet, whoever is to hear of it, of periods that did not end before ``begun``."""
    budgets = moment.snapshot.load_budgets()
    notices = tuple(notice for budget in budgets for notice in _notices(moment, budget, begun))
    return BudgetLook(moment.snapshot.load_budget_mark(), notices)


def reached(moment: Moment, sight: BudgetSight, budget: Budget, period: Period) -> tuple[Crossing, ...]:
    """The thresholds that those in sight have reached, said or not; of the organisation or a group."""
    days = moment.snapshot.load_spend_by_day(sight, budget, period)
    return evaluate(budget, period, [Use(measured_days(moment, budget, days))])


def measured_days(moment: Moment, budget: Budget, days: Mapping[date, Spend]) -> dict[date, int]:
    """Each day in millionths of the unit, so that they add up to the measure of their sum; else rounding tells."""
    so_far, before, found = Spend(), 0, {}
    for day in sorted(days):
        so_far = Spend(*(a + b for a, b in zip(so_far, days[day], strict=True)))
        measured = moment.micro(budget, so_far) or 0
        found[day], before = measured - before, measured
    return found


def _notices(moment: Moment, budget: Budget, begun: date) -> Iterator[Notice]:
    for period in open_periods(budget, moment.today):
        if period.until <= begun:
            continue
        if budget.scope is Scope.PERSON:
            yield from _notices_of_people(moment, budget, period)
        else:
            yield from _notice_of_group(moment, budget, period)


def _notice_of_group(moment: Moment, budget: Budget, period: Period) -> Iterator[Notice]:
    said = moment.snapshot.load_budget_said(budget, period.since)
    crossings = [one for one in reached(moment, OPERATOR, budget, period) if one.key not in said]
    keys = [one.key for one in crossings]
    ahead = _news_of_forecast(moment, budget, said) if period_of(budget.cycle, moment.today) == period else []
    if keys or ahead:
        at = crossings[-1].at if crossings else _first_day_of_forecast(budget, period)
        used = crossings[-1].used_micro if crossings else 0
        yield Notice(budget, (*keys, *ahead), used, at)


def _news_of_forecast(moment: Moment, budget: Budget, said: set[SaidKey]) -> list[SaidKey]:
    if budget.cycle not in FIRST_DAY:
        return []
    standing = as_far_as_known(moment, measure(moment, OPERATOR, budget))
    forecast, used = standing.forecast, standing.used_micro or 0
    return [forecast.key] if forecast and is_worth_saying(forecast, used, moment.today, said) else []


def _first_day_of_forecast(budget: Budget, period: Period) -> date:
    return period.since + timedelta(days=FIRST_DAY[budget.cycle] - 1)


def _notices_of_people(moment: Moment, budget: Budget, period: Period) -> Iterator[Notice]:
    found: dict[str, list[Crossing]] = {}
    for threshold in budget.thresholds:
        people = _unsaid(moment, budget, period, threshold)
        uses = (Use({period.since: moment.micro(budget, one.spend) or 0}, one.email) for one in people)
        for one in evaluate(budget, period, uses):
            if one.threshold == threshold and one.subject:
                found.setdefault(one.subject, []).append(one)
    for crossings in found.values():
        keys = tuple(one.key for one in crossings)
        yield Notice(budget, keys, crossings[0].used_micro, period.since)


def _unsaid(moment: Moment, budget: Budget, period: Period, threshold: int) -> Sequence[PersonSpend]:
    amount = -(-budget.amount_micro * threshold // WHOLE_PERCENT)
    limit = limit_of(budget.unit, amount, moment.price_usd)
    summed = Period(period.since, min(period.until, moment.today + DAY))  # which is how sums are kept
    return moment.snapshot.find_unsaid_people(OPERATOR, budget, summed, threshold, limit)
