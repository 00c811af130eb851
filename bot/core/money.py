"""Money that is computed from credits."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal


def computed_usd_micro(credits_micro: int, price_usd: Decimal) -> int:
    """What the credits cost at the contract price, in millionths of a dollar."""
    return int((credits_micro * price_usd).to_integral_value(ROUND_HALF_EVEN))
