"""A pie with its legend; numbers tie a slice to its line there, so that nobody depends on colours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.demo.blocks.axes import exact, value_text
from bot.demo.blocks.marks import COLOURS, colour
from bot.demo.blocks.markup import Json, tag

_MIDDLE = 100.0
_RADIUS = 74.0
_NUMBERS = 92.0
_LEADER = (75.0, 84.0)
_WHOLE = 0.9999  # an arc that ends where it starts would be no slice at all
_HALF = 0.5
_CLOSEST = 0.19  # radians between two numbers; slices may be thinner


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the whole; the angles are in radians, clockwise from the top."""

    label: str
    value: float
    share: float
    start: float

    @property
    def end(self) -> float:
        """Where the next slice starts."""
        return self.start + self.share * math.tau


def draw_pie(segments: Sequence[Json], said: str) -> Markup:
    """``said`` is what it shows, in words."""
    slices = _slices(segments)
    drawing = tag(
        "svg",
        *(_slice(place, one) for place, one in enumerate(slices)),
        *_numbers(slices),
        viewBox="0 0 200 200",
        role="img",
        aria_label=said,
        class_="bk-pie",
    )
    keys = (_key(place, one) for place, one in enumerate(slices))
    return tag(
        "div", drawing, tag("ol", *keys, class_="bk-pie-legend", aria_hidden="true"), class_="bk-pie-side"
    )


def _slices(segments: Sequence[Json]) -> list[Slice]:
    total = sum(exact(segment["value"]) for segment in segments)
    slices: list[Slice] = []
    for segment in segments:
        share = float(exact(segment["value"]) / total)
        start = slices[-1].end if slices else 0.0
        slices.append(Slice(segment["label"], segment["value"], share, start))
    return slices


def _slice(place: int, one: Slice) -> Markup:
    told = tag("title", f"{one.label}: {value_text(one.value)} ({_percent(one)})")
    style = f"bk-slice {colour(place)}{' bk-again' if place >= COLOURS else ''}"
    if one.share > _WHOLE:
        return tag("circle", told, cx=_MIDDLE, cy=_MIDDLE, r=_RADIUS, class_=style)
    x1, y1 = _at(one.start, _RADIUS)
    x2, y2 = _at(one.end, _RADIUS)
    large = int(one.share > _HALF)
    arc = f"M{_MIDDLE} {_MIDDLE}L{x1} {y1}A{_RADIUS} {_RADIUS} 0 {large} 1 {x2} {y2}Z"
    return tag("path", told, d=arc, class_=style)


def _numbers(slices: Sequence[Slice]) -> Iterator[Markup]:
    """Each number beside its slice, with a line to it where there was no room right there."""
    middles = [(one.start + one.end) / 2 for one in slices]
    for place, (middle, angle) in enumerate(zip(middles, _spread(middles), strict=True)):
        x, y = _at(angle, _NUMBERS)
        if angle != middle:
            (x1, y1), (x2, y2) = _at(middle, _LEADER[0]), _at(angle, _LEADER[1])
            yield tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="bk-leader")
        yield tag("text", str(place + 1), x=x, y=y, dy="0.35em", class_="bk-tick bk-middle")


def _spread(middles: Sequence[float]) -> list[float]:
    """The angles moved apart: forwards where two are too close, then back where that went far past the top."""
    angles: list[float] = []
    for middle in middles:
        angles.append(max(middle, angles[-1] + _CLOSEST) if angles else middle)
    latest = math.tau + min(angles[0] - _CLOSEST, 2 * _CLOSEST)
    for place in range(len(angles) - 1, 0, -1):
        angles[place] = min(angles[place], latest)
        latest = angles[place] - _CLOSEST
    return angles


def _key(place: int, one: Slice) -> Markup:
    sample = tag(
        "svg",
        tag("rect", width=12, height=12, rx=2, class_=f"bk-bar {colour(place)}"),
        viewBox="0 0 12 12",
        class_="bk-key",
    )
    return tag(
        "li",
        tag("span", str(place + 1), class_="bk-number"),
        sample,
        tag("span", one.label, class_="bk-name"),
        tag("span", value_text(one.value), class_="bk-value"),
        tag("span", _percent(one), class_="bk-share"),
    )


def _percent(one: Slice) -> str:
    percent = one.share * 100
    return f"{percent:.0f} %" if percent >= 1 else "<1 %"


def _at(angle: float, radius: float) -> tuple[float, float]:
    return (
        round(_MIDDLE + radius * math.sin(angle), 2),
        round(_MIDDLE - radius * math.cos(angle), 2),
    )
