"""Charts: round scales, every value told in words, and no two series that differ in colour alone."""

from __future__ import annotations

import itertools
import math
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.demo.blocks import draw_blocks
from bot.demo.blocks.axes import scale_of, value_text
from bot.demo.blocks.labels import fit_labels
from bot.demo.blocks.marks import colour, dash, draw_bar, draw_point, stripes
from bot.demo.blocks.pies import _CLOSEST, _slices, _spread
from tests.demo.blocks.gallery import READER, WEEK, Json, chart, pie, series
from tests.demo.blocks.reading import seen

MOST = 12


def drawn(block: Json) -> Markup:
    return draw_blocks([block], READER, mark="m")


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([430.0], ["0", "100", "200", "300", "400", "500"]),
        ([340.0, -45.0], ["\u2212100", "0", "100", "200", "300", "400"]),
        ([18_200.0], ["0", "5k", "10k", "15k", "20k"]),
        ([2_400_000.0], ["0", "0.5M", "1M", "1.5M", "2M", "2.5M"]),
        ([0.3], ["0", "0.1", "0.2", "0.3"]),
        ([0.0], ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ([-3.0], ["\u22123", "\u22122", "\u22121", "0"]),
        ([3e-9], ["0", "1e-9", "2e-9", "3e-9"]),
    ],
)
def test_a_scale_has_round_steps(values: list[float], texts: list[str]) -> None:
    scale = scale_of(values)
    assert [scale.text(tick) for tick in scale.ticks()] == texts


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(), min_size=1, max_size=20))
def test_a_scale_holds_every_value_and_zero(values: list[float]) -> None:
    scale = scale_of(values)
    assert all(0 <= scale.share(value) <= 1 for value in [0, *values])
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= 8
    assert Decimal(0) in ticks
    assert len({scale.text(tick) for tick in ticks}) == len(ticks)


def test_no_two_series_look_alike_without_their_colours_or_with_them() -> None:
    signs = {(colour(place), dash(place), stripes(place)) for place in range(MOST)}
    assert len(signs) == MOST
    for first in range(6):
        assert len({dash(first + more) for more in range(6 - first)}) == 6 - first
    shapes = {re.sub(r'class="[^"]*"', "", draw_point(place, 5, 5)) for place in range(6)}
    assert len(shapes) == 6


def test_a_bar_of_nothing_has_no_stripes() -> None:
    striped = next(place for place in itertools.count() if stripes(place))
    assert "bk-stripes" in draw_bar(striped, 0, 0, 10, 5)
    assert "bk-stripes" not in draw_bar(striped, 0, 0, 10, 0.04)


def test_a_chart_is_told_in_words_and_as_a_table() -> None:
    block = chart(
        "bar", "Spend", ["Mon", "Tue"], series("Credits", ["Tue", "Mon"], [-2.5, 1210]), x_label="Day"
    )
    html = drawn(block)
    assert (
        html.count('role="img" aria-label="Bar chart: Spend. Credits: from -2.5 (Tue) to 1,210 (Mon)."') == 2
    )
    table = html[html.index("<table") :]
    assert seen(table[: table.index("</table>") + len("</table>")]).text == "SpendDayCreditsMon1,210Tue-2.5"
    assert "<title>Mon: 1,210 (Credits)</title>" in html


def test_a_pie_says_the_share_of_every_part() -> None:
    html = drawn(pie("Surfaces", CLI=600, IDE=399, Cloud=1))
    assert "Pie chart: Surfaces. CLI 600; IDE 399; Cloud 1." in html
    assert "<title>CLI: 600 (60 %)</title>" in html
    assert "&lt;1 %" in html
    assert drawn(pie("All", CLI=1)).count("<circle") == 1


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=MOST))
def test_numbers_around_a_pie_do_not_touch(values: list[float]) -> None:
    slices = _slices([{"label": "", "value": value} for value in values])
    angles = _spread([(one.start + one.end) / 2 for one in slices])
    gaps = [after - before for before, after in itertools.pairwise([*angles, angles[0] + math.tau])]
    assert min(gaps) >= _CLOSEST - 1e-9


def test_names_of_categories_are_wrapped_or_slanted_where_they_are_long() -> None:
    assert fit_labels(WEEK, 80).lines == tuple((day,) for day in WEEK)
    assert fit_labels(["22 Nov"], 28).lines == (("22", "Nov"),)
    slanted = fit_labels(["Alexandra Montgomery", "Bob"], 40)
    assert slanted.slant == 38
    assert slanted.left > 0
    assert fit_labels(["Alexandra Montgomery", "Bob"], 14).slant == 66
    assert fit_labels(["x"], 3).slant == 66


LABELS = st.text(min_size=1, max_size=20)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["bar", "line", "area"]),
    st.lists(LABELS, min_size=1, max_size=8, unique=True),
    st.lists(LABELS, min_size=1, max_size=4, unique=True),
    st.data(),
)
def test_whatever_slack_takes_is_drawn(
    kind: str, labels: list[str], names: list[str], data: st.DataObject
) -> None:
    lines = [
        series(name, labels, data.draw(st.lists(NUMBERS, min_size=len(labels), max_size=len(labels))))
        for name in names
    ]
    html = drawn(chart(kind, "<b>", labels, *lines, y_label="<i>", x_label="&"))
    assert not re.search(r'="-?(?:nan|inf)', html)
    assert seen(html).elements >= {"svg", "table"}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(min_value=0, exclude_min=True, allow_infinity=False), min_size=1, max_size=MOST))
def test_any_shares_make_a_pie(values: list[float]) -> None:
    html = drawn(pie("p", **{f"part {place}": value for place, value in enumerate(values)}))
    assert html.count("bk-slice") == len(values)
    assert value_text(values[0]) in seen(html).text
