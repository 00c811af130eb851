"""When the next sync is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.ledger import Part, Run, is_sync_due, next_sync

EXACT = settings(derandomize=True, deadline=None, max_examples=150)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ended(started_at: datetime) -> Run:
    return Run(1, started_at, started_at + timedelta(minutes=3), None)


@pytest.mark.parametrize(
    ("started_at", "due"),
    [
        (NOW.replace(minute=0), False),
        (NOW.replace(minute=29, second=59), False),
        (NOW.replace(hour=8, minute=59, second=59), True),
        (NOW - timedelta(days=9), True),
        (NOW + timedelta(seconds=1), True),  # the clock was set back
    ],
)
def test_a_sync_is_due_once_an_interval(started_at: datetime, due: bool) -> None:  # noqa: FBT001 - a table
    assert is_sync_due(NOW, ended(started_at), HOUR) == due


def test_a_sync_is_due_where_none_ended() -> None:
    assert is_sync_due(NOW, None, HOUR)
    assert is_sync_due(NOW, Run(1, NOW, None, None), HOUR)


def test_a_failed_sync_is_not_repeated_within_its_interval() -> None:
    assert not is_sync_due(NOW, Run(1, NOW, NOW, "usage: it broke"), HOUR)


def test_the_next_sync_is_at_the_beginning_of_the_next_interval() -> None:
    assert next_sync(NOW, HOUR) == NOW.replace(hour=10, minute=0)
    assert next_sync(NOW.replace(minute=0), HOUR) == NOW.replace(hour=10, minute=0)
    assert next_sync(NOW, timedelta(minutes=15)) == NOW.replace(minute=45)
    tokyo = timezone(timedelta(hours=9))
    assert next_sync(NOW.astimezone(tokyo), HOUR).utcoffset() == timedelta(hours=9)


instants = st.integers(1_500_000_000, 2_100_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@EXACT
@given(now=instants, minutes=st.integers(1, 3000))
def test_at_the_next_sync_and_not_before_one_is_due(now: datetime, minutes: int) -> None:
    interval = timedelta(minutes=minutes)
    upcoming = next_sync(now, interval)

    assert now < upcoming <= now + interval
    assert is_sync_due(upcoming, ended(now), interval)
    assert not is_sync_due(
        upcoming - timedelta(seconds=1), ended(min(now, upcoming - timedelta(seconds=1))), interval
    )


def test_what_writes_change_is_added_up() -> None:
    part = Part("usage")
    part.count(1, 2, 3)
    part.count(10, 20, 30)

    assert (part.new, part.changed, part.vanished) == (11, 22, 33)
    assert Part("usage").notes == []
