"""Bars, lines and areas over categories, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from bot.demo.blocks.axes import Scale, scale_of, value_text
from bot.demo.blocks.labels import LETTER, LINE, Labels, draw_label, fit_labels
from bot.demo.blocks.marks import colour, dash, draw_bar, draw_point, path
from bot.demo.blocks.markup import Json, tag

_RIGHT = 10
_TOP = 12
_GAP = 8
_GROUP = 0.72  # the part of a category that its bars fill
_WIDEST_BAR = 56.0


@dataclass(frozen=True, slots=True)
class Size:
    """The pixels of a drawing: the whole width, the height of the plot without its labels."""

    name: str
    width: float
    height: float


WIDE = Size("wide", 600, 200)
NARROW = Size("narrow", 360, 180)


@dataclass(frozen=True, slots=True)
class Plane:
    """Where categories and values are on the drawing, in pixels from its upper left corner."""

    scale: Scale
    labels: Labels
    left: float
    right: float
    top: float
    bottom: float

    @property
    def room(self) -> float:
        """The width of one category."""
        return (self.right - self.left) / len(self.labels.lines)

    def x(self, place: int) -> float:
        """The middle of a category."""
        return self.left + self.room * (place + 0.5)

    def y(self, value: float | Decimal) -> float:
        """The height of a value."""
        return self.bottom - (self.bottom - self.top) * self.scale.share(value)


def draw_plot(chart: Json, size: Size, said: str) -> Markup:
    """The whole drawing; ``said`` is what it shows, in words."""
    axes = chart["axis_config"]
    plane = _plane(chart, size)
    height = plane.bottom + plane.labels.height + (LINE + _GAP if "x_label" in axes else _GAP)
    return tag(
        "svg",
        tag("g", *_grid(plane), *_axis_names(axes, plane, height), aria_hidden="true"),
        *_DRAWN[chart["type"]](chart, plane),
        viewBox=f"0 0 {size.width:.0f} {height:.0f}",
        role="img",
        aria_label=said,
        class_=f"bk-plot bk-{size.name}",
    )


def draw_key(kind: str, place: int) -> Markup:
    """The sign of a series for the legend."""
    if kind == "bar":
        inside = draw_bar(place, 3, 1, 14, 12)
    else:
        inside = _line(place, [(0, 7), (20, 7)]) + draw_point(place, 10, 7)
    return tag("svg", inside, viewBox="0 0 20 14", class_="bk-key")


def series_values(chart: Json) -> Iterator[tuple[int, str, list[tuple[str, float]]]]:
    """Every series: its place, its name, its values in the order of the categories."""
    categories = chart["axis_config"]["categories"]
    for place, series in enumerate(chart["series"]):
        values = {point["label"]: point["value"] for point in series["data"]}
        yield place, series["name"], [(category, values[category]) for category in categories]


def _plane(chart: Json, size: Size) -> Plane:
    axes = chart["axis_config"]
    scale = scale_of(point["value"] for series in chart["series"] for point in series["data"])
    left = max(len(scale.text(tick)) for tick in scale.ticks()) * LETTER + 2 * _GAP
    categories, right = axes["categories"], size.width - _RIGHT
    labels = fit_labels(categories, (right - left) / len(categories))
    top = _TOP + (LINE + _GAP if "y_label" in axes else 0)
    return Plane(scale, labels, max(left, labels.left), right, top, top + size.height)


def _grid(plane: Plane) -> Iterator[Markup]:
    for tick in plane.scale.ticks():
        y = f"{plane.y(tick):.1f}"
        style = "bk-grid" if tick else "bk-grid bk-zero"
        yield tag("line", x1=plane.left, y1=y, x2=plane.right, y2=y, class_=style)
        at = plane.left - _GAP
        yield tag("text", plane.scale.text(tick), x=at, y=y, dy="0.35em", class_="bk-tick bk-end")
    for place in range(len(plane.labels.lines)):
        yield draw_label(plane.labels, place, plane.x(place), plane.bottom)


def _axis_names(axes: Json, plane: Plane, height: float) -> Iterator[Markup]:
    if "y_label" in axes:
        yield tag("text", axes["y_label"], x=2, y=LINE, class_="bk-axis-name")
    if "x_label" in axes:
        middle = (plane.left + plane.right) / 2
        yield tag("text", axes["x_label"], x=middle, y=height - 4, class_="bk-axis-name bk-middle")


def _bars(chart: Json, plane: Plane) -> Iterator[Markup]:
    count = len(chart["series"])
    width = min(plane.room * _GROUP / count, _WIDEST_BAR)
    zero = plane.y(0)
    for place, name, values in series_values(chart):
        for at, (category, value) in enumerate(values):
            x = plane.x(at) + (place - count / 2) * width
            y = plane.y(value)
            bar = draw_bar(place, x, min(y, zero), width * 0.94, abs(zero - y))
            yield _told(bar, name, category, value)


def _lines(chart: Json, plane: Plane) -> Iterator[Markup]:
    for place, name, values in series_values(chart):
        points = [(plane.x(at), plane.y(value)) for at, (_, value) in enumerate(values)]
        yield _line(place, points)
        for (x, y), (category, value) in zip(points, values, strict=True):
            yield _told(draw_point(place, x, y), name, category, value)


def _areas(chart: Json, plane: Plane) -> Iterator[Markup]:
    """One behind the other, the first at the back, as Slack layers them."""
    zero = plane.y(0)
    for place, _name, values in series_values(chart):
        points = [(plane.x(at), plane.y(value)) for at, (_, value) in enumerate(values)]
        outline = path((points[0][0], zero), *points, (points[-1][0], zero), closed=True)
        yield tag("path", d=outline, class_=f"bk-area {colour(place)}")
    yield from _lines(chart, plane)


def _line(place: int, points: list[tuple[float, float]]) -> Markup:
    return tag("path", d=path(*points), stroke_dasharray=dash(place), class_=f"bk-line {colour(place)}")


def _told(mark: Markup, name: str, category: str, value: float) -> Markup:
    """The mark with what a pointer that rests on it is told."""
    return tag("g", tag("title", f"{category}: {value_text(value)} ({name})"), mark)


_DRAWN: dict[str, Callable[[Json, Plane], Iterator[Markup]]] = {"area": _areas, "bar": _bars, "line": _lines}
