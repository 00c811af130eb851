"""The arithmetic of sums, and days as numbers."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.models import Amounts, Totals, date_of, epoch_day

EXACT = settings(derandomize=True, deadline=None, max_examples=150)
NAMES = [field.name for field in fields(Totals)]
totals = st.builds(Totals, **{name: st.integers(0, 10**15) for name in NAMES})


@EXACT
@given(one=totals, other=totals, third=totals)
def test_sums_are_exact_in_whatever_order(one: Totals, other: Totals, third: Totals) -> None:
    assert one + other == other + one
    assert (one + other) + third == one + (other + third)
    assert (one + other) - other == one
    assert one + Totals() == one
    assert sum((one, other, third), Totals()).as_tuple() == tuple(
        getattr(one, name) + getattr(other, name) + getattr(third, name) for name in NAMES
    )


def test_every_figure_in_the_order_of_the_fields() -> None:
    assert Totals(*range(len(NAMES))).as_tuple() == tuple(range(len(NAMES)))


def test_input_is_cached_and_uncached_together() -> None:
    assert Totals(uncached_input_tokens=3, cached_input_tokens=40).input_tokens == 43


@pytest.mark.parametrize("name", ["threads", "turns", "credits_micro", "cost_usd_micro", "total_tokens"])
def test_anything_used_is_activity(name: str) -> None:
    assert Totals(**{name: 1}).is_active


def test_rows_of_nothing_are_no_activity() -> None:
    counts = {name: 1 for name in NAMES if name.endswith("rows")}

    assert not Totals(**counts).is_active
    assert not Totals().is_active


def test_what_the_source_did_not_say_is_unknown() -> None:
    assert Amounts(None, None, 0)[3:] == (None,) * 6


@EXACT
@given(day=st.dates())
def test_days_as_numbers_and_back(day: date) -> None:
    assert date_of(epoch_day(day)) == day


def test_the_number_of_a_day_counts_from_1970() -> None:
    assert (epoch_day(date(1970, 1, 1)), epoch_day(date(2026, 11, 20))) == (0, 20_777)
