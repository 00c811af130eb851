"""Slack's own charts, the ``data_visualization`` block: messages only, at most two in a message.

The rules are strict, and a breach refuses the whole message: a title of 50 characters, 20 categories of 20
characters that are unique, and one point of every series for every category.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.slack.blocks import Block
from bot.slack.text import cut, plain

MAX_CHARTS = 2
MAX_POINTS = 20
LABEL_LIMIT = 20
TITLE_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Point:
    """One category of a chart and its value; the unit stands on the axis."""

    label: str
    value: float


def bar_chart(title: str, series: str, points: Sequence[Point], unit: str, note: str = "") -> Block:
    """Bars of one series, from 1 to 20 points; ``unit`` stands beside the bars, ``note`` below them."""
    values = {series: [point.value for point in points]}
    return grouped_chart(title, [point.label for point in points], values, unit, note)


def line_chart(title: str, series: str, points: Sequence[Point], unit: str) -> Block:
    """A line of one series, from 1 to 20 points."""
    values = {series: [point.value for point in points]}
    return lines_chart(title, [point.label for point in points], values, unit)


def lines_chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], unit: str) -> Block:
    """Lines over the same 1 to 20 labels: one value a label in each of the series, whose names differ."""
    return _chart("line", title, labels, series, {"y_label": unit})


def grouped_chart(
    title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], unit: str, note: str = ""
) -> Block:
    """Bars side by side at 1 to 20 labels: one value a label in each of the series, whose names differ."""
    return _chart("bar", title, labels, series, {"y_label": unit, "x_label": note})


def unique_labels(labels: Sequence[str]) -> list[str]:
    """The labels within 20 characters; one that was there before gets a number."""
    taken: list[str] = []
    for label in labels:
        fitted, count = plain(label, LABEL_LIMIT), 1
        while fitted in taken:
            count += 1
            mark = f" ({count})"
            fitted = cut(plain(label, LABEL_LIMIT), LABEL_LIMIT - len(mark)) + mark
        taken.append(fitted)
    return taken


def tidy(value: float) -> float:
    """Two decimals, and none where there are none to show."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _chart(
    kind: str,
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float]],
    axis_labels: Mapping[str, str],
) -> Block:
    if not 1 <= len(labels) <= MAX_POINTS:
        raise ValueError(f"a chart takes 1 to {MAX_POINTS} points, not {len(labels)}")
    categories = unique_labels(labels)
    named = {axis: plain(text, TITLE_LIMIT) for axis, text in axis_labels.items() if text}
    axes: dict[str, object] = {"categories": categories, **named}
    drawn = [{"name": plain(name, LABEL_LIMIT), "data": _data(categories, s)} for name, s in series.items()]
    return {
        "type": "data_visualization",
        "title": plain(title, TITLE_LIMIT),
        "chart": {"type": kind, "series": drawn, "axis_config": axes},
    }


def _data(labels: Sequence[str], values: Sequence[float]) -> list[dict[str, object]]:
    return [{"label": label, "value": tidy(value)} for label, value in zip(labels, values, strict=True)]
