"""Money beside the credits, each sum with where it comes from; sums of different origin are never added."""

from __future__ import annotations

from decimal import Decimal

from bot.core.formats import count_text, usd_text
from bot.core.models import Totals
from bot.core.money import computed_usd_micro


def money_lines(totals: Totals, price_usd: Decimal | None, unit: str) -> list[str]:
    """One line for each kind of money that is known; ``unit`` is what ``totals.rows`` counts."""
    lines = []
    if totals.cost_usd_micro:
        lines.append(f"{usd_text(totals.cost_usd_micro)} billed in USD by OpenAI, in addition to the credits")
    if totals.estimated_rows:
        known = _known_part(totals.estimated_rows, totals.rows, unit)
        estimate = usd_text(totals.estimated_cost_usd_micro)
        lines.append(f"{estimate} for the credits, by the usage API's own estimate{known}")
    if price_usd is not None:
        computed = usd_text(computed_usd_micro(totals.credits_micro, price_usd))
        price = f"your contract price of {price_text(price_usd)} a credit"
        lines.append(f"{computed} for the credits, computed from {price}")
    return lines


def price_text(price_usd: Decimal) -> str:
    """The price with all its digits, at least to the cent: ``$0.04``, ``$0.0375``."""
    digits = f"{price_usd:f}"
    whole, _, fraction = digits.partition(".")
    return f"${whole}.{fraction.rstrip('0'):0<2}"


def _known_part(rows: int, of: int, unit: str) -> str:
    return "" if rows >= of else f" (known for {count_text(rows)} of {count_text(of)} {unit})"
