"""Slack's charts as a figure: title, legend, the drawing in SVG, and the same in words and as a table.

The drawing comes twice, for wide places and for narrow ones, so that its letters keep their size; the style
sheet shows one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.demo.blocks.axes import value_text
from bot.demo.blocks.markup import Json, tag
from bot.demo.blocks.pies import draw_pie
from bot.demo.blocks.plots import NARROW, WIDE, draw_key, draw_plot, series_values
from bot.demo.blocks.spot import Spot

_KINDS = {"area": "Area chart", "bar": "Bar chart", "line": "Line chart", "pie": "Pie chart"}


def draw_chart(block: Json, _spot: Spot) -> Markup:
    """A pie, or bars, lines or areas over categories."""
    chart, title = block["chart"], block["title"]
    parts = _pie_parts(chart, title) if chart["type"] == "pie" else _plot_parts(chart, title)
    return tag("figure", tag("figcaption", title), *parts, class_="bk-chart")


def _pie_parts(chart: Json, title: str) -> list[Markup]:
    segments = chart["segments"]
    rows = [(segment["label"], value_text(segment["value"])) for segment in segments]
    said = f"Pie chart: {title}. {_listed([f'{label} {value}' for label, value in rows])}"
    return [draw_pie(segments, said), _table(title, ["Part", "Value"], rows)]


def _plot_parts(chart: Json, title: str) -> list[Markup]:
    kind, axes = chart["type"], chart["axis_config"]
    lines = list(series_values(chart))
    rows = [
        (category, *(value_text(values[at][1]) for _, _, values in lines))
        for at, category in enumerate(axes["categories"])
    ]
    said = f"{_KINDS[kind]}: {title}. {_listed([_range(name, values) for _, name, values in lines])}"
    keys = (tag("li", draw_key(kind, place), name) for place, name, _ in lines)
    return [
        tag("ul", *keys, class_="bk-legend", aria_hidden="true"),
        draw_plot(chart, WIDE, said),
        draw_plot(chart, NARROW, said),
        _table(title, [axes.get("x_label", "Category"), *(name for _, name, _ in lines)], rows),
    ]


def _range(name: str, values: Sequence[tuple[str, float]]) -> str:
    low = min(values, key=lambda pair: pair[1])
    high = max(values, key=lambda pair: pair[1])
    return f"{name}: from {value_text(low[1])} ({low[0]}) to {value_text(high[1])} ({high[0]})"


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(parts) + "."


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """For those who hear the page: every value."""
    head = tag("tr", *(tag("th", one, scope="col") for one in heads))
    body = (
        tag("tr", tag("th", name, scope="row"), *(tag("td", one) for one in rest)) for name, *rest in rows
    )
    table = tag("table", tag("caption", title), tag("thead", head), tag("tbody", *body))
    return tag("div", table, class_="bk-hidden")
