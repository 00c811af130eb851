"""Numbers and dates as people read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.formats import (
    compact_text,
    count_text,
    credits_text,
    day_text,
    instant_text,
    percent_text,
    period_text,
    share_text,
    usd_text,
)
from bot.core.models import MICRO
from bot.core.periods import Period, parse_period

TODAY = date(2026, 11, 22)
EXACT = settings(derandomize=True, deadline=None, max_examples=200)

amounts = st.one_of(
    st.integers(0, 10 * MICRO),
    st.integers(0, 200 * MICRO),
    st.integers(0, 20_000 * MICRO),
    st.integers(0, 10**17),
)
UNITS = {"k": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


def read(text: str) -> Decimal:
    """The number that a text shows; a bound is taken for just inside of it."""
    text = text.replace("$", "").replace("−", "-").replace(",", "")
    if text[0] in "<>":
        return Decimal(text[1:]) / 2
    scale = UNITS.get(text[-1], 1)
    return Decimal(text.rstrip("kMBT")) * scale


@pytest.mark.parametrize(
    ("credits_amount", "text"),
    [
        ("0", "0"),
        ("0.000001", "<0.01"),
        ("0.009999", "<0.01"),
        ("0.01", "0.01"),
        ("0.5", "0.5"),
        ("1", "1"),
        ("12.345", "12.35"),
        ("12.344999", "12.34"),
        ("99.994", "99.99"),
        ("99.995", "100"),
        ("100.04", "100"),
        ("134.25", "134.3"),
        ("1234.5", "1,234.5"),
        ("9999.94", "9,999.9"),
        ("9999.95", "10,000"),
        ("10000", "10,000"),
        ("10000.5", "10,001"),
        ("1234567.8", "1,234,568"),
        ("-0.004", ">−0.01"),
        ("-0.05", "−0.05"),
        ("-1234.5", "−1,234.5"),
    ],
)
def test_credits(credits_amount: str, text: str) -> None:
    assert credits_text(int(Decimal(credits_amount) * MICRO)) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("0", "$0.00"),
        ("0.001", "<$0.01"),
        ("-0.001", ">−$0.01"),
        ("0.01", "$0.01"),
        ("0.995", "$1.00"),
        ("1388.2", "$1,388.20"),
        ("-3.5", "−$3.50"),
        ("1234567.891", "$1,234,567.89"),
    ],
)
def test_dollars(usd: str, text: str) -> None:
    assert usd_text(int(Decimal(usd) * MICRO)) == text


@pytest.mark.parametrize(("n", "text"), [(0, "0"), (999, "999"), (1234567, "1,234,567"), (-1234, "−1,234")])
def test_counts(n: int, text: str) -> None:
    assert count_text(n) == text


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (830, "830"),
        (999, "999"),
        (1_000, "1k"),
        (1_049, "1k"),
        (1_050, "1.1k"),
        (12_345, "12.3k"),
        (999_949, "999.9k"),
        (999_950, "1M"),
        (7_100_000, "7.1M"),
        (999_949_999, "999.9M"),
        (999_950_000, "1B"),
        (2_400_000_000, "2.4B"),
        (999_950_000_000, "1T"),
        (5_000_000_000_000_000, "5,000T"),
        (-12_345, "−12.3k"),
    ],
)
def test_compact(n: int, text: str) -> None:
    assert compact_text(n) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (None, "–"),
        (Fraction(0), "±0 %"),
        (Fraction(1, 201), "±0 %"),
        (Fraction(-1, 201), "±0 %"),
        (Fraction(1, 200), "+1 %"),
        (Fraction(-1, 200), "−1 %"),
        (Fraction(12, 100), "+12 %"),
        (Fraction(-4, 100), "−4 %"),
        (Fraction(-1), "−100 %"),
        (Fraction(899, 100), "+899 %"),
        (Fraction(9), "×10"),
        (Fraction(11), "×12"),
        (Fraction(12345), "×12,346"),
    ],
)
def test_percent(change: Fraction | None, text: str) -> None:
    assert percent_text(change) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (14, 17, "14 of 17 (82 %)"),
        (0, 17, "0 of 17 (0 %)"),
        (17, 17, "17 of 17 (100 %)"),
        (0, 0, "0 of 0"),
        (1, 1000, "1 of 1,000 (<1 %)"),
        (999, 1000, "999 of 1,000 (>99 %)"),
        (18, 17, "18 of 17 (106 %)"),
    ],
)
def test_share(part: int, whole: int, text: str) -> None:
    assert share_text(part, whole) == text


@pytest.mark.parametrize(
    ("day", "text"), [(date(2026, 11, 16), "Mon 16 Nov"), (date(2026, 3, 1), "Sun 1 Mar")]
)
def test_day(day: date, text: str) -> None:
    assert day_text(day) == text


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("28d", "last 28 days (25 Oct – 21 Nov 2026)"),
        ("1d", "last day (21 Nov 2026)"),
        ("today", "today (22 Nov 2026)"),
        ("yesterday", "yesterday (21 Nov 2026)"),
        ("week", "this week (16–22 Nov 2026)"),
        ("last week", "last week (9–15 Nov 2026)"),
        ("month", "this month (1–22 Nov 2026)"),
        ("last month", "last month (1–31 Oct 2026)"),
        ("2026-W46", "2026-W46 (9–15 Nov 2026)"),
        ("2026-10", "1–31 Oct 2026"),
        ("2026-10-05", "5 Oct 2026"),
        ("2025-12-28..2026-01-03", "28 Dec 2025 – 3 Jan 2026"),
    ],
)
def test_period(asked: str, text: str) -> None:
    assert period_text(parse_period(asked, TODAY)) == text


def test_a_period_that_nobody_asked_for_is_its_days() -> None:
    assert period_text(Period(date(2026, 9, 28), date(2026, 10, 5))) == "28 Sep – 4 Oct 2026"


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 2, 9, 12, 59, tzinfo=UTC),
        datetime(2026, 11, 2, 9, 12),  # noqa: DTZ001 - an instant without a zone is what is tested
        datetime(2026, 11, 1, 23, 12, tzinfo=timezone(timedelta(hours=-10))),
    ],
)
def test_instant_is_in_utc(instant: datetime) -> None:
    assert instant_text(instant) == "2 Nov 2026 09:12 UTC"


@EXACT
@given(amounts, amounts)
@pytest.mark.parametrize("form", [credits_text, usd_text, compact_text, count_text])
def test_more_never_reads_as_less(form: Callable[[int], str], one: int, other: int) -> None:
    less, more = sorted((one, other))

    assert read(form(less)) <= read(form(more))


@EXACT
@given(amounts)
@pytest.mark.parametrize("form", [credits_text, usd_text, compact_text, count_text])
def test_a_negative_amount_is_the_positive_one_with_a_sign(form: Callable[[int], str], amount: int) -> None:
    text, negative = form(amount), form(-amount)

    assert negative == (text if amount == 0 else f"−{text}" if text[0] != "<" else f">−{text[1:]}")


@EXACT
@given(amounts)
def test_credits_are_right_to_half_of_the_last_place_shown(micro: int) -> None:
    if 0 < micro < 10_000:
        assert credits_text(micro) == "<0.01"
        return

    step = 10_000 if micro < 100 * MICRO else 100_000 if micro <= 10_000 * MICRO else MICRO

    assert abs(read(credits_text(micro)) * MICRO - micro) * 2 <= step


@EXACT
@given(amounts)
def test_compact_is_right_to_half_of_the_last_place_shown_and_short(n: int) -> None:
    text = compact_text(n)

    assert abs(read(text) - n) * 2 <= UNITS.get(text[-1], 0) // 10
    assert n >= 10**15 or len(text) <= len("999.9k")


@EXACT
@given(amounts)
def test_dollars_always_show_cents(micro: int) -> None:
    text = usd_text(micro)

    assert text[-3] == "."
    assert abs(read(text) * MICRO - micro) <= 5_000


@EXACT
@given(st.fractions(min_value=-1, max_value=10**6))
def test_a_percentage_is_right_to_half_a_percent(change: Fraction) -> None:
    text = percent_text(change)

    if text[0] == "×":
        assert abs(int(text[1:].replace(",", "")) - 1 - change) <= Fraction(1, 2)
    else:
        percent = int(text.replace("−", "-").replace("±", "").removesuffix(" %"))
        assert abs(Fraction(percent, 100) - change) <= Fraction(1, 200)


@EXACT
@given(st.integers(0, 5000), st.integers(1, 5000))
def test_all_is_said_of_all_only_and_nothing_of_nothing_only(part: int, whole: int) -> None:
    text = share_text(min(part, whole), whole)

    assert ("(100 %)" in text) == (part >= whole)
    assert ("(0 %)" in text) == (part == 0)
