"""Figures that stand below each other, each column written with one precision."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.formats import MINUS
from bot.core.models import MICRO
from bot.slack.tables import Row

CREDITS, TOKENS = "Credits", "Tokens"
_TWO_PLACES_BELOW_MICRO = 100 * MICRO
_ONE_PLACE_TO_MICRO = 10_000 * MICRO
_STEPS_MICRO = (MICRO, MICRO // 10, MICRO // 100)  # one of the last decimal, by the number of decimals
_WHOLE_COMPACT = re.compile(r"(.*\d)([kMBT])")


def credits_column(amounts_micro: Sequence[int]) -> list[str]:
    """Amounts in millionths with as many decimals as suit the largest, none where all are whole.

    What is more than nothing never reads as nothing: ``<0.1``.
    """
    places = _places(amounts_micro)
    return [_written(amount, places) for amount in amounts_micro]


def compact_column(texts: Sequence[str]) -> list[str]:
    """Results of `bot.core.formats.compact_text`: a decimal in each as soon as one has it (``16.0M``)."""
    if not any("." in text for text in texts):
        return list(texts)
    return [_WHOLE_COMPACT.sub(r"\1.0\2", text) if "." not in text else text for text in texts]


def evened(header: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Rows of a table with one precision in its columns of credits and of tokens."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    for cells, name in zip(columns, header, strict=True):
        if name == CREDITS:
            texts = credits_column([round(cell["value"] * MICRO) for cell in cells])
        elif name == TOKENS:
            texts = compact_column([cell["text"] for cell in cells])
        else:
            continue
        cells[:] = [{**cell, "text": text} for cell, text in zip(cells, texts, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _places(amounts_micro: Sequence[int]) -> int:
    most = max(map(abs, amounts_micro), default=0)
    suited = 2 if most < _TWO_PLACES_BELOW_MICRO else 1 if most <= _ONE_PLACE_TO_MICRO else 0
    finest = [_rounded(amount, suited) for amount in amounts_micro]
    return next(
        (
            places
            for places in range(suited)
            if all(amount % 10 ** (suited - places) == 0 for amount in finest)
        ),
        suited,
    )


def _written(amount_micro: int, places: int) -> str:
    rounded = _rounded(amount_micro, places)
    if amount_micro and not rounded:
        least = _decimal(1, places)
        return f"<{least}" if amount_micro > 0 else f">{MINUS}{least}"
    return (MINUS if amount_micro < 0 else "") + _decimal(rounded, places)


def _rounded(amount_micro: int, places: int) -> int:
    """The size in steps of the last decimal, half away from zero."""
    step = _STEPS_MICRO[places]
    return (2 * abs(amount_micro) + step) // (2 * step)


def _decimal(steps: int, places: int) -> str:
    whole, fraction = divmod(steps, 10**places)
    return f"{whole:,}.{fraction:0{places}}" if places else f"{whole:,}"
