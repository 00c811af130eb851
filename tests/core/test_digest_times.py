"""When a digest comes on somebody's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.digest_choice import DigestChoice
from bot.core.digest_times import DigestTime, chosen_time, first_zone, next_time

MONDAY_NINE = DigestTime(0, 540)
SUNDAY_HALF_PAST_TWO = DigestTime(6, 150)
ZONES = ("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (DigestChoice(), MONDAY_NINE),
        (DigestChoice(weekday=4), DigestTime(4, 540)),
        (DigestChoice(minute=0), DigestTime(0, 0)),
        (DigestChoice(weekday=6, minute=1439), DigestTime(6, 1439)),
    ],
)
def test_what_is_left_open_is_as_usual(choice: DigestChoice, expected: DigestTime) -> None:
    assert chosen_time(choice, MONDAY_NINE) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Asia/Kolkata", "Europe/Paris"), "Asia/Kolkata"),
        ((None, "Europe/Paris"), "Europe/Paris"),
        (("", "No/Where", "../etc/passwd", "x" * 400, "a\0b", "Europe/Paris"), "Europe/Paris"),
        ((None, None), "Europe/Berlin"),
        (("Europe",), "Europe/Berlin"),  # a folder
    ],
)
def test_the_first_name_that_is_a_zone(names: tuple[str | None, ...], expected: str) -> None:
    assert first_zone(names, ZoneInfo("Europe/Berlin")).key == expected


@pytest.mark.parametrize(
    ("at", "zone", "now", "expected"),
    [
        (MONDAY_NINE, "UTC", "2026-11-20 12:00+00:00", "2026-11-23 09:00+00:00"),
        (MONDAY_NINE, "UTC", "2026-11-23 08:59+00:00", "2026-11-23 09:00+00:00"),
        (MONDAY_NINE, "UTC", "2026-11-23 09:00+00:00", "2026-11-30 09:00+00:00"),
        (MONDAY_NINE, "Asia/Kolkata", "2026-11-22 20:00+00:00", "2026-11-23 09:00+05:30"),
        # the clock leaves 02:00 to 03:00 out, and in Lord Howe half an hour only
        (SUNDAY_HALF_PAST_TWO, "America/New_York", "2027-03-12 12:00+00:00", "2027-03-14 03:00-04:00"),
        (DigestTime(6, 135), "Australia/Lord_Howe", "2026-10-02 12:00+00:00", "2026-10-04 02:30+11:00"),
        # 01:30 comes twice
        (DigestTime(6, 90), "America/New_York", "2026-10-30 12:00+00:00", "2026-11-01 01:30-04:00"),
        (DigestTime(6, 90), "America/New_York", "2026-11-01 06:00+00:00", "2026-11-08 01:30-05:00"),
    ],
)
def test_the_next_time(at: DigestTime, zone: str, now: str, expected: str) -> None:
    found = next_time(at, ZoneInfo(zone), datetime.fromisoformat(now))

    assert found.isoformat(" ", "minutes") == expected


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    weekday=st.integers(0, 6),
    minute=st.integers(0, 1439),
    zone=st.sampled_from(ZONES),
    hours=st.integers(0, 19 * 365 * 24),
)
def test_there_is_one_in_every_week(weekday: int, minute: int, zone: str, hours: int) -> None:
    now = datetime(2011, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    found = next_time(DigestTime(weekday, minute), ZoneInfo(zone), now)

    assert now < found <= now + timedelta(days=8)
    assert found.weekday() == weekday or (found.hour, found.minute) == (0, 0)  # Apia left out a whole Friday
