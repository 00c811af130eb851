"""How the Codex API writes what was used: the same fields for a day, a client and a model."""

from __future__ import annotations

from typing import Any

from bot.core.models import Amounts
from bot.sources.codex_figures import (
    MAX_INT,
    UnreadableError,
    parse_count,
    parse_micro,
    parse_money,
    parse_required_micro,
)

_MONEY_AND_TOKENS = frozenset(
    (
        "credits",
        "cost_usd",
        "estimated_cost_usd",
        "uncached_text_input_tokens",
        "cached_text_input_tokens",
        "text_output_tokens",
        "text_total_tokens",
    )
)
SHARED_FIELDS = _MONEY_AND_TOKENS | {"threads", "turns"}
MODEL_FIELDS = _MONEY_AND_TOKENS | {"model", "speed"}


def parse_amounts(
    raw: dict[str, Any], path: str, extra: dict[str, Any], known: frozenset[str] = SHARED_FIELDS
) -> Amounts:
    """The amounts in ``raw``; fields that are not ``known`` go to ``extra``. Raises `UnreadableError`.

    A model has no threads and turns: should the API ever send some, they are unknown fields.
    """
    if not known.issuperset(raw):
        keep_unknown(raw, known, path, extra)
    get = raw.get
    has_threads = known is not MODEL_FIELDS
    try:
        return Amounts(
            parse_count(get("threads"), "threads") if has_threads else None,
            parse_count(get("turns"), "turns") if has_threads else None,
            parse_required_micro(get("credits"), "credits"),
            parse_money(get("cost_usd"), "cost_usd"),
            parse_micro(get("estimated_cost_usd"), "estimated_cost_usd"),
            parse_count(get("uncached_text_input_tokens"), "uncached_text_input_tokens"),
            parse_count(get("cached_text_input_tokens"), "cached_text_input_tokens"),
            parse_count(get("text_output_tokens"), "text_output_tokens"),
            parse_count(get("text_total_tokens"), "text_total_tokens"),
        )
    except UnreadableError as error:
        raise error.within(path) from None


def add_amounts(one: Amounts, other: Amounts, path: str) -> Amounts:
    """Field by field; unknown with unknown stays unknown, unknown with a figure is the figure."""
    sums = [b if a is None else a if b is None else a + b for a, b in zip(one, other, strict=True)]
    if any(figure is not None and figure > MAX_INT for figure in sums):
        raise UnreadableError(path, "add up to too much")
    return Amounts._make(sums)


def keep_unknown(raw: dict[str, Any], known: frozenset[str], path: str, extra: dict[str, Any]) -> None:
    """Put every field that is not ``known`` into ``extra``, under its path and never over another."""
    if known.issuperset(raw):
        return
    for name, value in raw.items():
        if name not in known:
            full = key = f"{path}.{name}" if path else name
            copies = 1
            while key in extra:
                copies += 1
                key = f"{full}#{copies}"
            extra[key] = value
