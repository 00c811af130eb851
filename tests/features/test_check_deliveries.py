"""What a check says about messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.checks import Check, Grade
from bot.core.deliveries import InDoubt, Refused, Shut
from bot.features.checks.deliveries import look_at_deliveries, look_at_history_scopes, look_at_zones
from bot.store.sqlite import SqliteStore
from tests.features.cast import cast_of_everyone, everyone_in_slack, hire
from tests.features.delivery_rig import QUARANTINE, DeliveryRig, post_office
from tests.features.test_plan_digests import in_zone

NOTHING = frozenset[str]()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DeliveryRig]:
    with post_office(tmp_path, "skip") as rig:
        yield rig


def lines(rig: DeliveryRig) -> list[tuple[Grade, str]]:
    return [(one.grade, one.sentence) for one in look_at_deliveries(rig.store, rig.time.now)]


def test_what_waits_is_counted(rig: DeliveryRig) -> None:
    rig.order("alice", "bob")
    assert lines(rig) == [(Grade.OK, "2 messages wait to be sent")]
    rig.run(5)
    assert lines(rig) == [(Grade.OK, "0 messages wait to be sent")]


def test_a_standstill_fails_the_check(rig: DeliveryRig) -> None:
    rig.order("alice")
    rig.post.answers = [Shut("token_revoked: the app was removed")]
    rig.run()
    assert lines(rig) == [
        (
            Grade.FAIL,
            "Slack refuses every message since 2026-11-16 09:00 UTC: token_revoked: the app was removed",
        )
    ]


def test_what_did_not_arrive_is_told_and_the_rest_is_counted(rig: DeliveryRig) -> None:
    rig.order("alice", "bob", "carol", "dan", "erin")
    rig.post.answers = [*[Refused("user_disabled")] * 4, InDoubt("http_503")]
    rig.run(2 * QUARANTINE)
    told = lines(rig)
    assert told[0] == (Grade.OK, "0 messages wait to be sent")
    assert told[1] == (Grade.WARN, "erin@example.com, 2026-W46: unknown, http_503")
    assert told[2] == (Grade.WARN, "dan@example.com, 2026-W46: parked, user_disabled")
    assert told[4] == (
        Grade.WARN,
        "2 more did not arrive, or perhaps not; `codex-usage-bot digest --dry-run` lists them",
    )


def test_zones_that_this_machine_does_not_know_are_named(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    store.migrate()
    hire(store, cast_of_everyone(), everyone_in_slack())
    assert list(look_at_zones(store)) == []
    hire(store, cast_of_everyone(), in_zone("UTC", alice="Mars/Olympus", bob="Mars/Olympus"))
    sentence = "'Mars/Olympus' is not known to this machine: digests go by the roster's zone or by TIMEZONE"
    assert list(look_at_zones(store)) == [Check("time zones", Grade.WARN, sentence)]
    store.close()


@pytest.mark.parametrize(
    ("channel", "needed"),
    [
        (None, {"im:history", "im:write"}),
        ("C1", {"channels:history", "im:history", "im:write"}),
        ("G1", {"groups:history", "im:history", "im:write"}),
    ],
)
def test_looking_into_conversations_needs_scopes(channel: str | None, needed: set[str]) -> None:
    (found,) = look_at_history_scopes(NOTHING, "check", channel)
    assert found.grade is Grade.WARN
    assert f"needs {', '.join(sorted(needed))};" in found.sentence
    assert list(look_at_history_scopes(frozenset(needed), "check", channel)) == []
    assert list(look_at_history_scopes(NOTHING, "skip", channel)) == []
