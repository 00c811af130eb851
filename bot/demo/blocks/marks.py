"""How the series of a chart are told apart: colour, and always a second sign for those who see no colours.

Six colours, then the same again with other stripes, dashes and points: twelve in all, as many as Slack takes.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bot.demo.blocks.markup import tag

COLOURS = 6
_DASHES = (None, "5 3", "2 2", "9 3", "9 3 2 3", "9 3 2 3 2 3")
_STRIPES = (None, "3 3", "1.5 3", "6 2", "1.5 1.5 5 1.5", "8 5")
Shape = Callable[[float, float, float], str]


def colour(place: int) -> str:
    """The class that gives the colour."""
    return f"bk-c{place % COLOURS + 1}"


def dash(place: int) -> str | None:
    """The dashes of a line; none for the first."""
    return _DASHES[_kind(place)]


def stripes(place: int) -> str | None:
    """The stripes of a bar; none for the first, which is full."""
    return _STRIPES[_kind(place)]


def draw_point(place: int, x: float, y: float, size: float = 3.5) -> Markup:
    """A point of a line, in the shape of its series."""
    style = f"bk-point {colour(place)}"
    kind = _kind(place)
    if kind == 0:
        return tag("circle", cx=_short(x), cy=_short(y), r=size, class_=style)
    drawn = _SHAPES[kind - 1](x, y, size)
    return tag("path", d=drawn, class_=style if drawn.endswith("Z") else f"bk-cross {colour(place)}")


def draw_bar(place: int, x: float, y: float, width: float, height: float) -> Markup:
    """A rectangle from its upper left corner: full, or an outline with stripes."""
    style = colour(place)
    pattern = stripes(place)
    box = {"x": _short(x), "y": _short(y), "width": _short(width), "height": _short(height)}
    if pattern is None or not float(box["height"]):  # browsers draw stripes of no height as a hair
        return tag("rect", **box, class_=f"bk-bar {style}")
    middle = _short(x + width / 2)
    striped = tag(
        "line",
        x1=middle,
        y1=_short(y + height),
        x2=middle,
        y2=_short(y),
        stroke_width=_short(width),
        stroke_dasharray=pattern,
        class_=f"bk-stripes {style}",
    )
    return tag("rect", **box, class_=f"bk-outline {style}") + striped


def _kind(place: int) -> int:
    return (place + place // COLOURS) % COLOURS


def _short(number: float) -> str:
    """One decimal is finer than a screen."""
    return f"{number:.1f}".removesuffix(".0")


def path(*points: tuple[float, float], closed: bool = False) -> str:
    """The points in the language of SVG's paths."""
    written = "L".join(f"{_short(x)} {_short(y)}" for x, y in points)
    return f"M{written}{'Z' if closed else ''}"


_SHAPES: tuple[Shape, ...] = (
    lambda x, y, r: path((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r), closed=True),
    lambda x, y, r: path((x, y - r), (x + r, y + r), (x - r, y + r), closed=True),
    lambda x, y, r: path((x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y), closed=True),
    lambda x, y, r: path((x - r, y - r), (x + r, y - r), (x, y + r), closed=True),
    lambda x, y, r: path((x - r, y - r), (x + r, y + r)) + path((x - r, y + r), (x + r, y - r)),
)
