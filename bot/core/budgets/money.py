"""What use costs in the unit of a budget."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from typing import NamedTuple

from bot.core.budgets.terms import Unit


class Spend(NamedTuple):
    """A sum of account-days. Of ``rows``, ``estimated_rows`` had the vendor's estimate of what the credits cost."""

    rows: int = 0
    credits_micro: int = 0
    estimated_usd_micro: int = 0
    estimated_rows: int = 0


class PersonSpend(NamedTuple):
    """What one person used, by address."""

    email: str
    name: str
    spend: Spend


class Limit(NamedTuple):
    """A use to look for, in millionths of a credit or of the dollars that the vendor estimated."""

    least: int
    by_estimate: bool


class PriceSource(Enum):
    """Where the dollars of a budget come from."""

    CONTRACT = "contract"
    ESTIMATE = "estimate"


def measured_micro(unit: Unit, spend: Spend, price_usd: Decimal | None) -> int | None:
    """The use in millionths of the unit; None where it has no price.

    The contract price comes first. Where only some rows have an estimate, the sum is that of the known ones.
    """
    if unit is Unit.CREDITS:
        return spend.credits_micro
    if price_usd is not None:
        return int((spend.credits_micro * price_usd).to_integral_value(ROUND_HALF_EVEN))
    return spend.estimated_usd_micro if spend.estimated_rows or not spend.credits_micro else None


def is_part(unit: Unit, spend: Spend, price_usd: Decimal | None) -> bool:
    """True where the measure leaves out rows of which no price is known: the use is at least that much."""
    return unit is Unit.USD and price_usd is None and spend.estimated_rows < spend.rows


def price_source(price_usd: Decimal | None, *, has_estimates: bool) -> PriceSource | None:
    """Which price is known, if any."""
    if price_usd is not None:
        return PriceSource.CONTRACT
    return PriceSource.ESTIMATE if has_estimates else None


def limit_of(unit: Unit, amount_micro: int, price_usd: Decimal | None) -> Limit:
    """The limit in the figure that the store sums; a little too low where a price has to be rounded."""
    if unit is Unit.CREDITS:
        return Limit(amount_micro, by_estimate=False)
    if price_usd is None:
        return Limit(amount_micro, by_estimate=True)
    return Limit(max(int(amount_micro / price_usd) - 1, 1), by_estimate=False)
