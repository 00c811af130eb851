"""Figures below each other have one precision, and none of something reads as nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.models import MICRO
from bot.slack.columns import compact_column, credits_column, evened
from bot.slack.tables import number_cell, text_cell, unknown_cell


@pytest.mark.parametrize(
    ("amounts", "texts"),
    [
        ([], []),
        ([0, 0], ["0", "0"]),
        ([900, 100, 0], ["900", "100", "0"]),
        ([7068.1, 1101, 0], ["7,068.1", "1,101.0", "0.0"]),
        ([99.5, 2.25], ["99.50", "2.25"]),
        ([10, 0.1], ["10.0", "0.1"]),
        ([24_521.4, 3.2], ["24,521", "3"]),
        ([5_000.5, 0.003], ["5,000.5", "<0.1"]),
        ([5_000, 0.003], ["5,000", "<1"]),
        ([20_000, 0.3], ["20,000", "<1"]),
        ([-5.5, -0.001], ["−5.5", ">−0.1"]),
    ],
)
def test_credits(amounts: list[float], texts: list[str]) -> None:
    assert credits_column([round(amount * MICRO) for amount in amounts]) == texts


@settings(derandomize=True)
@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=8))
def test_every_text_of_a_column_has_as_many_decimals(amounts: list[int]) -> None:
    texts = credits_column(amounts)

    assert len({len(text.partition(".")[2]) for text in texts}) == 1
    assert [text.strip("0.,") == "" for text in texts] == [amount == 0 for amount in amounts]


def test_compact_figures() -> None:
    assert compact_column(["16M", "19.8M", "907.2k", "0", "830"]) == ["16.0M", "19.8M", "907.2k", "0", "830"]
    assert compact_column(["5M", "550k", "not available"]) == ["5M", "550k", "not available"]


def test_only_columns_of_figures_are_rewritten() -> None:
    rows = [
        [text_cell("1M"), number_cell(10.25, "10.25"), number_cell(2, "2M")],
        [text_cell("Bob"), number_cell(3.0, "3"), unknown_cell("not available")],
        [text_cell("Zoe"), number_cell(0, "0"), number_cell(1, "\u22651.5M")],
    ]
    even = evened(["Person", "Credits", "Tokens"], rows)

    assert [[cell["text"] for cell in row] for row in even] == [
        ["1M", "10.25", "2.0M"],
        ["Bob", "3.00", "not available"],
        ["Zoe", "0.00", "\u22651.5M"],
    ]
    assert [[cell.get("value") for cell in row] for row in even] == [
        [cell.get("value") for cell in row] for row in rows
    ]
