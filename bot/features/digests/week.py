"""The part that every digest has: a week beside the week before, and how far both can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.core.digests.contents import Correction, Said, Week
from bot.core.digests.rules import find_corrections
from bot.core.models import Freshness, Reviews, Totals
from bot.core.periods import Period
from bot.core.surfaces import merge_slices
from bot.core.visibility import OnePerson, WholeCompany
from bot.features.asked import Asked, model_slices, series_of

Days = Mapping[date, Totals]
"""Sums by UTC day with usage."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A week as it is being told: what was told of the week before, and how far the figures go.

    ``before`` is the week before where all of it was read. It is compared with where both weeks are complete;
    a part of a week would make any change look wrong.
    """

    asked: Asked
    period: Period
    before: Period | None
    earlier: Said | None
    freshness: Freshness
    is_compared: bool


def begin_telling(asked: Asked, period: Period, earlier: Said | None) -> Telling:
    """Look at how far the week and the week before can be trusted."""
    freshness, before = asked.freshness(period), asked.earlier(period)
    is_compared = before is not None and _is_whole(freshness) and _is_whole(asked.freshness(before))
    return Telling(asked, period, before, earlier, freshness, is_compared)


def build_week(telling: Telling, now: Days, before: Days | None, people: str = "") -> Week:
    """The week of some people (whose mark is ``people``) from its days and those of the week before."""
    asked, compared = telling.asked, before if telling.is_compared else None
    reviews = asked.snapshot.load_reviews(telling.period)
    return Week(
        period=telling.period,
        totals=total_of(now),
        before=None if compared is None else total_of(compared),
        days=series_of(now, telling.period, asked.today),
        days_before=() if compared is None else series_of(compared, telling.period.before(), asked.today),
        freshness=telling.freshness,
        reviews=None if reviews == Reviews() else reviews,
        corrections=_corrections(telling, before, people),
        credit_price_usd=asked.settings.credit_price_usd,
    )


def build_split_week(telling: Telling, sight: OnePerson | WholeCompany) -> Week:
    """The week of everyone in sight, with its surfaces and models."""
    now = telling.asked.snapshot.load_usage(sight, telling.period)
    before = telling.asked.snapshot.load_usage(sight, telling.before).days if telling.before else None
    return replace(
        build_week(telling, now.days, before),
        surfaces=merge_slices(now.clients.items()),
        models=model_slices(now.models),
    )


def said_of(week: Week, people: str = "") -> Said:
    """What the next digest may be compared with: the days that were complete."""
    growing = {*week.freshness.partial, *week.freshness.missing}
    days = [point for point in week.days if point.day not in growing]
    return Said(tuple((point.day, point.totals.credits_micro) for point in days), people)


def total_of(days: Days) -> Totals:
    """Everything together."""
    return sum(days.values(), Totals())


def _is_whole(freshness: Freshness) -> bool:
    return not freshness.partial and not freshness.missing


def _corrections(telling: Telling, before: Days | None, people: str) -> tuple[Correction, ...]:
    """Told even where this week is not complete: the week before is what they are about."""
    if telling.before is None or before is None:
        return ()
    stored = {day: totals.credits_micro for day, totals in before.items()}
    return find_corrections(telling.earlier, telling.before, stored, people)
