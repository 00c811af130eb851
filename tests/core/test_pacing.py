"""Messages go out as fast as Slack lets them, and no faster than allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pacing import CATCH_UP_SECONDS, LEAST_PER_SECOND, Pace


def send_for(pace: Pace, seconds: float, now: float = 0.0, took: float = 0.0) -> int:
    """How many go out to as many people, when each takes that long."""
    sent, end = 0, now + seconds
    while (now := now + pace.wait(now)) < end:
        pace.take(f"U{sent}", now)
        sent += 1
        now += took
    return sent


@pytest.mark.parametrize("per_second", [0.1, 1.0, 5.0, 100.0])
def test_the_bound_is_kept_and_met(per_second: float) -> None:
    sent = send_for(Pace(per_second), 100)
    assert per_second * 100 - 1 <= sent <= per_second * (100 + CATCH_UP_SECONDS) + 1


def test_the_time_that_a_message_takes_is_made_up_for() -> None:
    assert send_for(Pace(5), 100, took=0.15) >= 499


def test_a_long_pause_is_followed_by_no_burst() -> None:
    pace = Pace(5)
    pace.take("U1", 0.0)
    assert send_for(pace, 1, now=1000) <= 5 + 5 * CATCH_UP_SECONDS + 1


def test_one_conversation_takes_one_a_second() -> None:
    pace = Pace(100)
    pace.take("C1", 10.0)
    assert pace.wait_for_channel("C1", 10.25) == 0.75
    assert pace.wait_for_channel("C2", 10.25) == 0
    assert pace.wait_for_channel("C1", 11.0) == 0


def test_slacks_wish_is_kept_to_the_second() -> None:
    pace = Pace(5)
    pace.slow_down(7, 100.0)
    pace.slow_down(2, 101.0)
    assert pace.wait(100.0) == 7
    assert pace.wait(107.0) == 0


def test_the_rate_falls_at_once_and_comes_back_slowly() -> None:
    pace = Pace(5)
    pace.slow_down(1, 0.0)
    assert pace.per_second == 4
    send_for(pace, 10, now=1.0)
    assert 4 < pace.per_second < 5
    send_for(pace, 60, now=11.0)
    assert pace.per_second == 5


@given(st.lists(st.floats(0, 60), max_size=60), st.floats(0.1, 1000))
def test_the_rate_stays_within_its_bounds(waits: list[float], most: float) -> None:
    pace, now = Pace(most), 0.0
    for wait in waits:
        pace.slow_down(wait, now)
        now += pace.wait(now)
        pace.take("U1", now)
        assert LEAST_PER_SECOND <= pace.per_second <= most


@pytest.mark.parametrize("limit", [1.0, 3.0, 10.0])
def test_more_than_four_fifths_of_a_limit_that_nobody_told_are_used(limit: float) -> None:
    """Slack's side: a bucket of one second, and a Retry-After in whole seconds."""
    pace, now, left, filled, taken = Pace(50), 0.0, limit, 0.0, 0
    while now < 600:
        now += pace.wait(now)
        left, filled = min(limit, left + (now - filled) * limit), now
        pace.take(f"U{now}", now)
        if left >= 1:
            left, taken = left - 1, taken + 1
        else:
            pace.slow_down(1, now)
    assert taken > 0.8 * limit * 600
