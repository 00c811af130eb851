"""The part that every digest has: a week beside the week before, and how far both can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.core.digest_rules import find_corrections
from bot.core.digests import Correction, Said, Week
from bot.core.models import Freshness, Reviews, Slice, Totals
from bot.core.periods import Period
from bot.core.surfaces import merge_slices
from bot.features.asked import Asked, model_slices, series_of


class Summed(Protocol):
    """Sums by day, client and model, whoever they are of."""

    @property
    def days(self) -> Mapping[date, Totals]:
        """By UTC day with usage."""

    @property
    def clients(self) -> Mapping[str, Totals]:
        """By the client id as it came."""

    @property
    def models(self) -> Mapping[tuple[str, str | None], Totals]:
        """By (model, speed)."""


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


def build_week(telling: Telling, now: Summed, before: Summed | None, people: str = "") -> Week:
    """The week of some people (whose mark is ``people``) from its sums and those of the week before."""
    asked, compared = telling.asked, before if telling.is_compared else None
    surfaces, models = slices_of(now)
    reviews = asked.snapshot.load_reviews(telling.period)
    return Week(
        period=telling.period,
        totals=total_of(now),
        before=total_of(compared) if compared else None,
        days=series_of(now.days, telling.period, asked.today),
        days_before=series_of(compared.days, telling.period.before(), asked.today) if compared else (),
        surfaces=surfaces,
        models=models,
        freshness=telling.freshness,
        reviews=None if reviews == Reviews() else reviews,
        corrections=_corrections(telling, before, people),
        credit_price_usd=asked.settings.credit_price_usd,
    )


def said_of(week: Week, people: str = "") -> Said:
    """What the next digest may be compared with: the days that were complete."""
    growing = {*week.freshness.partial, *week.freshness.missing}
    days = [point for point in week.days if point.day not in growing]
    return Said(tuple((point.day, point.totals.credits_micro) for point in days), people)


def slices_of(sums: Summed) -> tuple[tuple[Slice, ...], tuple[Slice, ...]]:
    """The surfaces and the models."""
    return merge_slices(sums.clients.items()), model_slices(sums.models)


def total_of(sums: Summed) -> Totals:
    """Everything together."""
    return sum(sums.days.values(), Totals())


def _is_whole(freshness: Freshness) -> bool:
    return not freshness.partial and not freshness.missing


def _corrections(telling: Telling, before: Summed | None, people: str) -> tuple[Correction, ...]:
    """Told even where this week is not complete: the week before is what they are about."""
    if telling.before is None or before is None:
        return ()
    stored = {day: totals.credits_micro for day, totals in before.days.items()}
    return find_corrections(telling.earlier, telling.before, stored, people)
