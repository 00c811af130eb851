"""Text to period: every form, every edge of the calendar, and what people are told otherwise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.periods import (
    EARLIEST,
    LONGEST_DAYS,
    NAMED_PERIODS,
    Period,
    default_period,
    describe,
    kept_periods,
    parse_period,
    take_period,
)
from bot.errors import UserError

TODAY = date(2026, 11, 22)  # a Sunday, in ISO week 47
EXACT = settings(derandomize=True, deadline=None, max_examples=200)
DAY = timedelta(days=1)

todays = st.dates(date(2010, 1, 1), date(2120, 12, 31))


@st.composite
def forms(draw: st.DrawFn) -> str:
    """A text in one of the forms that exist, whether or not it has a meaning."""
    year = draw(st.integers(1990, 2130))
    first, last = draw(todays), draw(todays)
    return draw(
        st.sampled_from(
            [
                *NAMED_PERIODS,
                f"{draw(st.integers(0, 450))}d",
                f"{year}-W{draw(st.integers(0, 54)):02}",
                f"{year}-{draw(st.integers(0, 13)):02}",
                f"{first}..{last}",
                f"{first}",
            ]
        )
    )


def understood(text: str, today: date) -> Period | None:
    """The period; None for a text that was refused with the one error that may be raised."""
    try:
        return parse_period(text, today)
    except UserError:
        return None


@pytest.mark.parametrize(
    ("text", "since", "until", "label"),
    [
        ("7d", date(2026, 11, 15), TODAY, "7d"),
        ("1d", date(2026, 11, 21), TODAY, "1d"),
        ("400d", TODAY - timedelta(days=400), TODAY, "400d"),
        ("007 D", date(2026, 11, 15), TODAY, "7d"),
        ("today", TODAY, date(2026, 11, 23), "today"),
        ("yesterday", date(2026, 11, 21), TODAY, "yesterday"),
        ("week", date(2026, 11, 16), date(2026, 11, 23), "week"),
        ("last week", date(2026, 11, 9), date(2026, 11, 16), "last week"),
        ("month", date(2026, 11, 1), date(2026, 11, 23), "month"),
        ("last month", date(2026, 10, 1), date(2026, 11, 1), "last month"),
        ("  LAST \t Month ", date(2026, 10, 1), date(2026, 11, 1), "last month"),
        ("2026-W46", date(2026, 11, 9), date(2026, 11, 16), "2026-W46"),
        ("2026-w7", date(2026, 2, 9), date(2026, 2, 16), "2026-W07"),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 4), "2020-W53"),
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1), "2026-10"),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1), "2024-02"),
        ("2026-10-01..2026-10-31", date(2026, 10, 1), date(2026, 11, 1), "2026-10-01..2026-10-31"),
        (" 2026-10-01 .. 2026-10-31 ", date(2026, 10, 1), date(2026, 11, 1), "2026-10-01..2026-10-31"),
        ("2026-10-01", date(2026, 10, 1), date(2026, 10, 2), "2026-10-01"),
        ("2026-10-01..2026-10-01", date(2026, 10, 1), date(2026, 10, 2), "2026-10-01"),
    ],
)
def test_every_form(text: str, since: date, until: date, label: str) -> None:
    assert parse_period(text, TODAY) == Period(since, until, label)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("2026-W47", date(2026, 11, 16)),
        ("2026-11", date(2026, 11, 1)),
        ("2026-11-20..2026-11-30", date(2026, 11, 20)),
        ("2026-11-22", TODAY),
    ],
)
def test_what_reaches_into_the_future_is_cut_after_today(text: str, since: date) -> None:
    assert parse_period(text, TODAY) == Period(since, TODAY + DAY, text)


def test_the_week_on_a_monday_and_the_month_on_the_first_are_today_alone() -> None:
    monday, first = date(2026, 11, 16), date(2026, 11, 1)

    assert parse_period("week", monday) == Period(monday, monday + DAY, "week")
    assert parse_period("month", first) == Period(first, first + DAY, "month")


def test_last_month_in_january_is_december_of_the_year_before() -> None:
    assert describe(parse_period("last month", date(2026, 1, 31))) == "1–31 Dec 2025"


def test_a_range_of_400_days_is_the_longest() -> None:
    assert parse_period("2025-10-01..2026-11-04", TODAY).length == LONGEST_DAYS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0d", snapshot("0d does not work: a number of days is from 1d to 400d.")),
        ("401d", snapshot("401d does not work: a number of days is from 1d to 400d.")),
        ("2025-W53", snapshot("2025-W53 does not exist: 2025 has no such ISO week.")),
        ("2026-W00", snapshot("2026-W00 does not exist: 2026 has no such ISO week.")),
        ("0000-W01", snapshot("0000-W01 does not exist: 0000 has no such ISO week.")),
        ("9999-W52", snapshot("9999-W52 is still to come: today is 2026-11-22 (UTC).")),
        ("2026-13", snapshot("2026-13 is not in the calendar.")),
        ("9999-12", snapshot("9999-12 is still to come: today is 2026-11-22 (UTC).")),
        ("2026-02-30", snapshot("2026-02-30 is not in the calendar.")),
        ("2026-11-23", snapshot("2026-11-23 is still to come: today is 2026-11-22 (UTC).")),
        ("9999-12-31", snapshot("9999-12-31 is still to come: today is 2026-11-22 (UTC).")),
        ("1999-12", snapshot("1999-12 is too long ago: the first day that can be asked for is 2000-01-01.")),
        ("2026-10-31..2026-10-01", snapshot("2026-10-31..2026-10-01 ends before it begins.")),
        (
            "2025-10-01..2026-11-05",
            snapshot("2025-10-01..2026-11-05 has 401 days; a period has at most 400."),
        ),
    ],
)
def test_a_period_that_cannot_be_says_why(text: str, message: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse_period(text, TODAY)

    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "d",
        "-7d",
        "7",
        "\N{ARABIC-INDIC DIGIT SEVEN}d",
        "9" * 5000 + "d",
        "2026",
        "2026-W",
        "2026-1",
        "2026-10-01..",
        "20261001",
        "last",
    ],
)
def test_what_is_no_period_is_told_the_forms(text: str) -> None:
    with pytest.raises(UserError, match=r"is not a period\. A period is 7d, 28d or 90d"):
        parse_period(text, TODAY)


def test_the_whole_sentence_about_the_forms() -> None:
    with pytest.raises(UserError) as refusal:
        parse_period("fortnight", TODAY)

    assert str(refusal.value) == snapshot(
        "“fortnight” is not a period. A period is 7d, 28d or 90d (that many complete days), today, yesterday, "
        "week, last week, month, last month, 2026-W47, 2026-10, 2026-10-01 or 2026-10-01..2026-10-31."
    )


def test_the_default_is_28_complete_days() -> None:
    assert default_period(TODAY) == Period(date(2026, 10, 25), TODAY, "28d") == parse_period("28d", TODAY)


def test_days_are_each_day_and_before_is_as_long() -> None:
    period = Period(date(2026, 2, 27), date(2026, 3, 2))

    assert list(period.days()) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert period.before() == Period(date(2026, 2, 24), date(2026, 2, 27))


@pytest.mark.parametrize(
    ("words", "label", "rest"),
    [
        (["last", "week"], "last week", []),
        (["a", "Last", "WEEK", "b"], "last week", ["a", "b"]),
        (["2026-10-01", "..", "2026-10-31"], "2026-10-01..2026-10-31", []),
        (["2026-10-01..", "2026-10-31", "x"], "2026-10-01..2026-10-31", ["x"]),
        (["7", "d"], "7d", []),
        (["7d", "28d"], "7d", ["28d"]),
    ],
)
def test_a_period_is_found_among_words(words: list[str], label: str, rest: list[str]) -> None:
    assert take_period(words, TODAY) == (parse_period(label, TODAY), rest)


def test_no_period_among_words_leaves_them_alone() -> None:
    assert take_period(["some", "words"], TODAY) == (None, ["some", "words"])


@pytest.mark.parametrize(
    ("since", "last", "text"),
    [
        (date(2026, 10, 1), date(2026, 10, 28), "1–28 Oct 2026"),
        (date(2026, 11, 16), date(2026, 11, 16), "16 Nov 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "28 Sep – 4 Oct 2026"),
        (date(2025, 12, 28), date(2026, 1, 3), "28 Dec 2025 – 3 Jan 2026"),
        (date(2025, 10, 5), date(2026, 10, 7), "5 Oct 2025 – 7 Oct 2026"),
    ],
)
def test_describe(since: date, last: date, text: str) -> None:
    assert describe(Period(since, last + DAY)) == text


@EXACT
@given(forms(), todays)
def test_a_period_is_bounded_never_future_and_read_again_from_its_label(text: str, today: date) -> None:
    """What is accepted lies between the first day and today, and its label means the same period."""
    period = understood(text, today)
    if period is None:
        return

    assert EARLIEST <= period.since < period.until <= today + DAY
    assert 1 <= period.length <= LONGEST_DAYS
    assert parse_period(f"  {period.label.swapcase()} ", today) == period
    assert period.before().until == period.since
    assert period.before().length == period.length == len(list(period.days()))
    assert describe(period)


@EXACT
@given(st.integers(1, LONGEST_DAYS), todays)
def test_complete_days_never_hold_today(count: int, today: date) -> None:
    period = parse_period(f"{count}d", today)

    assert (period.length, period.until) == (count, today)


@EXACT
@given(todays, st.integers(0, 370))
def test_a_past_day_lies_in_its_own_iso_week(today: date, ago: int) -> None:
    day = today - timedelta(days=ago)
    year, week, _ = day.isocalendar()

    period = parse_period(f"{year}-W{week:02}", today)

    assert day in list(period.days())
    assert period.since.weekday() == 0


@settings(EXACT, max_examples=60)
@given(st.text(max_size=80), todays)
def test_any_text_is_a_period_or_a_sentence(text: str, today: date) -> None:
    period = understood(text, today)

    assert period is None or period.length >= 1


@given(today=todays)
@EXACT
def test_every_named_period_is_kept_for_today_and_ready_for_tomorrow(today: date) -> None:
    kept = {(period.since, period.until) for period in kept_periods(today)}
    for day in (today, today + DAY):
        for name in (*NAMED_PERIODS, "7d", "28d", "90d"):
            period = parse_period(name, day)
            assert (period.since, period.until) in kept, name
    assert len(kept) == len(kept_periods(today)) <= 31


def test_older_weeks_and_months_are_kept_too() -> None:
    kept = {(period.since, period.until) for period in kept_periods(TODAY)}

    def is_kept(text: str) -> bool:
        period = parse_period(text, TODAY)
        return (period.since, period.until) in kept

    assert [week for week in range(30, 48) if is_kept(f"2026-W{week}")] == [*range(38, 48)]
    assert [month for month in range(1, 12) if is_kept(f"2026-{month:02}")] == [*range(5, 12)]
