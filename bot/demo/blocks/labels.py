"""How the names of categories fit below a chart: on one line, on two, or slanted."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.demo.blocks.markup import tag

LETTER = 7.0  # the mean width of a letter of 12 pixels in a wide font
LINE = 14.0
_MOST_LINES = 2
_SLANTS = (38, 66)  # degrees; the steeper one where lines would touch otherwise


@dataclass(frozen=True, slots=True)
class Labels:
    """``lines`` are the lines of every name, ``slant`` is in degrees and 0 for upright ones.

    Slanted names need ``left`` pixels before the middle of the first category's room.
    """

    lines: tuple[tuple[str, ...], ...]
    slant: int
    height: float
    left: float


def fit_labels(names: Sequence[str], room: float) -> Labels:
    """``room`` is the width of one category in pixels."""
    letters = int((room - 4) / LETTER)
    wrapped = tuple(tuple(_wrap(name, letters)) for name in names)
    if all(wrapped):
        return Labels(wrapped, 0, max(map(len, wrapped)) * LINE + 4, left=0)
    slant = next((one for one in _SLANTS if room * math.sin(math.radians(one)) >= LINE - 2), _SLANTS[-1])
    angle = math.radians(slant)
    length = max(map(len, names)) * LETTER
    return Labels(
        tuple((name,) for name in names),
        slant,
        length * math.sin(angle) + LINE,
        left=max(0.0, len(names[0]) * LETTER * math.cos(angle) - room / 2),
    )


def draw_label(labels: Labels, place: int, x: float, top: float) -> Markup:
    """The name of one category, its middle or its end at ``x``."""
    if labels.slant:
        turned = f"translate({x + 4:.1f} {top + 12:.1f}) rotate(-{labels.slant})"
        return tag("text", labels.lines[place][0], transform=turned, class_="bk-tick bk-end")
    return Markup("").join(
        tag("text", line, x=f"{x:.1f}", y=f"{top + LINE * (row + 1):.1f}", class_="bk-tick bk-middle")
        for row, line in enumerate(labels.lines[place])
    )


def _wrap(name: str, letters: int) -> list[str]:
    """The name on at most two lines; nothing where it does not fit."""
    if letters < 1:
        return []
    found = textwrap.wrap(name, letters, break_long_words=False, break_on_hyphens=False)
    return found if len(found) <= _MOST_LINES and all(len(line) <= letters for line in found) else []
