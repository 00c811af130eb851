"""What an answer to an alert does to the incident."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.alerts.replies import LEARNING_DAYS, Reply, ReplyKind, apply_reply, new_level
from bot.core.models import MICRO
from tests.core.test_incidents import KEY, day, noon, opened


@pytest.mark.parametrize(
    ("kind", "state", "days"),
    [
        ("acknowledge", "acknowledged", None),
        ("snooze", "snoozed", 7),
        ("expected", "expected", 7),
        ("normal", "resolved", None),
    ],
)
def test_each_answer_has_its_state(kind: str, state: str, days: int | None) -> None:
    reply = Reply(ReplyKind(kind), days=7)
    change = apply_reply(opened(), reply, noon(2))
    assert change is not None
    assert change.incident.state == state
    assert change.incident.until == (noon(2) + timedelta(days=days) if days else None)
    assert reply.kind.has_days is (days is not None)


def test_what_is_over_takes_no_answer() -> None:
    over = apply_reply(opened(), Reply(ReplyKind.NORMAL), noon(2))
    assert over is not None
    assert [apply_reply(over.incident, Reply(kind), noon(2)) for kind in ReplyKind] == [None] * 4


def test_a_new_level_is_a_little_more_than_the_largest_day_until_it_is_learnt() -> None:
    level = new_level(opened(900), "erin@example.com", None, noon(2))
    assert (level.subject, level.reason, level.by) == (KEY.subject, "the new normal", "erin@example.com")
    assert (level.period.since, level.period.length) == (day(2), LEARNING_DAYS)
    assert level.covers(day(2), 1250 * MICRO, MICRO)
    assert not level.covers(day(2), 1251 * MICRO, MICRO)
    assert new_level(opened(), "e", "promoted", noon(2)).reason == "promoted"
