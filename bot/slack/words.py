"""Amounts with their noun, in the number that belongs to it."""

from __future__ import annotations

from bot.core.formats import count_text, credits_text, share_text
from bot.core.models import MICRO


def counted(count: int, noun: str) -> str:
    """``1 thread``, ``1,234 threads``; what ends in "person" ends in "people"."""
    if count == 1:
        return f"1 {noun}"
    return f"{count_text(count)} {_plural(noun)}"


def counted_credits(micro: int, text: str | None = None) -> str:
    """``1 credit``, ``12.5 credits``, from millionths; ``text`` is the amount as a column writes it."""
    return f"{text or credits_text(micro)} {'credit' if micro == MICRO else 'credits'}"


def counted_share(part: int, whole: int, noun: str) -> str:
    """``12 of 28 days (43 %)``."""
    counts, bracket, percent = share_text(part, whole).partition(" (")
    return f"{counts.removesuffix(count_text(whole))}{counted(whole, noun)}{bracket}{percent}"


def with_change(amount: str, change: str) -> str:
    """``1,000 credits (+25 %)``; the amount alone where nothing is compared."""
    return f"{amount} ({change})" if change else amount


def _plural(noun: str) -> str:
    return f"{noun.removesuffix('person')}people" if noun.endswith("person") else f"{noun}s"
