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
from bot.demo.blocks.plots import NARROW, WIDE, draw_key, draw_plot
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
    series, axes = chart["series"], chart["axis_config"]
    rows = [
        (category, *(value_text(point_of(one, category)) for one in series))
        for category in axes["categories"]
    ]
    said = f"{_KINDS[chart['type']]}: {title}. {_listed([_range(one) for one in series])}"
    keys = (tag("li", draw_key(chart["type"], place), one["name"]) for place, one in enumerate(series))
    return [
        tag("ul", *keys, class_="bk-legend", aria_hidden="true"),
        draw_plot(chart, WIDE, said),
        draw_plot(chart, NARROW, said),
        _table(title, [axes.get("x_label", "Category"), *(one["name"] for one in series)], rows),
    ]


def point_of(series: Json, category: str) -> float:
    """The value of a series at one category, of which it has exactly one."""
    value: float = next(point["value"] for point in series["data"] if point["label"] == category)
    return value


def _range(series: Json) -> str:
    low = min(series["data"], key=lambda point: point["value"])
    high = max(series["data"], key=lambda point: point["value"])
    return (
        f"{series['name']}: from {value_text(low['value'])} ({low['label']}) "
        f"to {value_text(high['value'])} ({high['label']})"
    )


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(parts) + "."


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """For those who hear the page: every value."""
    return tag(
        "div",
        tag(
            "table",
            tag("caption", title),
            tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
            tag(
                "tbody",
                *(
                    tag("tr", tag("th", row[0], scope="row"), *(tag("td", one) for one in row[1:]))
                    for row in rows
                ),
            ),
        ),
        class_="bk-hidden",
    )
