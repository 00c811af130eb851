"""A digest is due once a week on everybody's own clock, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.digests.times import (
    DigestClock,
    Turn,
    WeekMoment,
    due_at,
    instant_of,
    last_complete_week,
    load_zone,
    turn_at,
    week_of,
    week_of_label,
)
from bot.core.periods import Period

NINE = WeekMoment(0, 9 * 60)
NAMES = (
    "UTC",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Beirut",
    "America/Havana",
    "America/St_Johns",
    "Pacific/Apia",
)
ZONES = st.sampled_from([ZoneInfo(name) for name in NAMES])
MOMENTS = st.builds(WeekMoment, st.integers(0, 6), st.integers(0, 1439))
INSTANTS = st.integers(1_104_537_600, 2_051_222_400).map(lambda at: datetime.fromtimestamp(at, UTC))


LOCAL_TIMES = INSTANTS.map(lambda at: at.replace(tzinfo=None, microsecond=0))


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - what a clock shows, whatever its zone


@pytest.mark.parametrize(
    ("zone", "shown", "instant"),
    [
        ("Asia/Kolkata", local(2026, 11, 16, 9), "2026-11-16T03:30"),
        ("America/New_York", local(2026, 3, 8, 1, 59), "2026-03-08T06:59"),
        ("America/New_York", local(2026, 3, 8, 2), "2026-03-08T07:00"),  # there is no 2:00 …
        ("America/New_York", local(2026, 3, 8, 2, 30), "2026-03-08T07:00"),  # … and no 2:30: it is 3:00
        ("America/New_York", local(2026, 3, 8, 3), "2026-03-08T07:00"),
        ("America/New_York", local(2026, 11, 1, 1, 30), "2026-11-01T05:30"),  # the first of two
        ("America/New_York", local(2026, 11, 1, 2), "2026-11-01T07:00"),
        ("Europe/London", local(2026, 3, 29, 1, 15), "2026-03-29T01:00"),
        ("Europe/London", local(2026, 10, 25, 1, 15), "2026-10-25T00:15"),
        ("Australia/Lord_Howe", local(2026, 10, 4, 2, 15), "2026-10-03T15:30"),  # a gap of half an hour
        ("Australia/Lord_Howe", local(2026, 4, 5, 1, 45), "2026-04-04T14:45"),  # half an hour twice
        ("Pacific/Apia", local(2011, 12, 30, 9), "2011-12-30T10:00"),  # a day that never was
    ],
)
def test_a_time_on_the_clock_is_one_instant(zone: str, shown: datetime, instant: str) -> None:
    assert instant_of(shown, ZoneInfo(zone)) == datetime.fromisoformat(f"{instant}+00:00")


@given(LOCAL_TIMES, ZONES)
def test_the_clock_shows_the_time_at_that_instant_or_jumps_over_it_just_then(
    shown: datetime, zone: ZoneInfo
) -> None:
    instant = instant_of(shown, zone)
    there = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    a_second_before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None, fold=0)
    assert there == shown or a_second_before < shown < there
    assert instant.astimezone(zone).fold == 0


@pytest.mark.parametrize(
    ("day", "label", "monday"),
    [
        (date(2026, 11, 22), "2026-W47", date(2026, 11, 16)),
        (date(2027, 1, 3), "2026-W53", date(2026, 12, 28)),
        (date(2027, 1, 4), "2027-W01", date(2027, 1, 4)),
        (date(2024, 12, 30), "2025-W01", date(2024, 12, 30)),
    ],
)
def test_weeks_are_iso_weeks(day: date, label: str, monday: date) -> None:
    assert week_of(day) == week_of_label(label) == Period(monday, monday + timedelta(days=7), label)
    assert last_complete_week(day + timedelta(days=7)) == week_of(day)


@pytest.mark.parametrize(
    "label", ["2025-W53", "2026-W00", "2026-W54", "2026-47", "week", "2026-W4", "2026-W047"]
)
def test_a_week_that_does_not_exist_is_none(label: str) -> None:
    with pytest.raises(ValueError, match="week"):
        week_of_label(label)


def test_a_digest_is_due_in_the_week_that_follows() -> None:
    week = week_of_label("2026-W46")
    assert due_at(week, NINE, ZoneInfo("UTC")) == datetime(2026, 11, 16, 9, tzinfo=UTC)
    assert due_at(week, WeekMoment(6, 1439), ZoneInfo("UTC")) == datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert due_at(week_of_label("2026-W53"), NINE, ZoneInfo("Asia/Kolkata")) == datetime(
        2027, 1, 4, 3, 30, tzinfo=UTC
    )


def test_on_monday_morning_the_turn_passes_on() -> None:
    before = turn_at(datetime(2026, 11, 16, 8, 59, tzinfo=UTC), NINE, ZoneInfo("UTC"))
    after = turn_at(datetime(2026, 11, 16, 9, tzinfo=UTC), NINE, ZoneInfo("UTC"))
    assert (before.week.label, after.week.label) == ("2026-W45", "2026-W46")
    assert before.expires_at == after.due_at == datetime(2026, 11, 16, 9, tzinfo=UTC)


@given(INSTANTS, MOMENTS, ZONES)
def test_it_is_always_exactly_one_weeks_turn(now: datetime, moment: WeekMoment, zone: ZoneInfo) -> None:
    turn = turn_at(now, moment, zone)
    assert turn.due_at <= now < turn.expires_at
    assert turn.due_at == due_at(turn.week, moment, zone)
    assert turn.expires_at == due_at(week_of(turn.week.until), moment, zone)
    assert turn.week.until <= turn.due_at.astimezone(zone).date()
    assert timedelta(days=5) < turn.expires_at - turn.due_at < timedelta(days=9)


@given(INSTANTS, MOMENTS, ZONES)
def test_turns_follow_each_other_without_leaving_out_a_week(
    now: datetime, moment: WeekMoment, zone: ZoneInfo
) -> None:
    turn = turn_at(now, moment, zone)
    following: Turn = turn_at(turn.expires_at, moment, zone)
    assert following.week == week_of(turn.week.until)
    assert turn_at(turn.due_at, moment, zone) == turn


def test_ones_own_clock_is_slacks_then_the_rosters_then_the_companys() -> None:
    home, kolkata, london = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/London")
    assert DigestClock().zone(home) == home
    assert DigestClock("Asia/Kolkata", "Europe/London").zone(home) == kolkata
    assert DigestClock(None, "Europe/London").zone(home) == london
    assert DigestClock("Mars/Olympus", "Europe/London").zone(home) == london
    assert DigestClock("Mars/Olympus", "Moon").unknown_zones == ["Mars/Olympus", "Moon"]
    assert DigestClock("Asia/Kolkata").unknown_zones == []


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "\0", "x" * 5000, "", None]
)
def test_a_zone_that_this_machine_does_not_know_is_none(name: str | None) -> None:
    assert load_zone(name) is None


def test_ones_own_choice_goes_before_what_is_usual() -> None:
    assert DigestClock().moment(NINE) == NINE
    assert DigestClock(weekday=4).moment(NINE) == WeekMoment(4, 540)
    assert DigestClock(weekday=0, minute=0).moment(WeekMoment(3, 100)) == WeekMoment(0, 0)
