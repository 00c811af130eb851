"""A message is sent once, in the fullest form that Slack takes; what cannot be sent says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.deliveries import (
    Busy,
    InDoubt,
    Letter,
    Posted,
    PostOutcome,
    Refused,
    Shut,
    Unfit,
    Unreached,
)
from bot.errors import DeliveryRunningError, StoreError
from bot.features.deliveries.standing_still import LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_WHEN_SHUT_SECONDS
from tests.features.delivery_rig import START, DeliveryRig, post_office


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DeliveryRig]:
    with post_office(tmp_path) as rig:
        yield rig


def test_everyone_gets_theirs_once_and_it_is_written_when_it_is_sent(rig: DeliveryRig) -> None:
    rig.order("alice", "bob", "C0FINANCE")
    rig.run(10)
    rig.run(10)
    assert [(to, what) for to, _, what in rig.post.taken] == [
        ("UALICE", "to alice"),
        ("UBOB", "to bob"),
        ("C0FINANCE", "to C0FINANCE"),
    ]
    assert len({key for _, key, _ in rig.post.taken}) == 3
    assert rig.states() == dict.fromkeys(("alice", "bob", "C0FINANCE"), "sent")
    assert rig.store.load_said("manager_digest", "alice@example.com", "2026-W46") == '"09:00"'


def test_nothing_is_sent_before_it_is_due(rig: DeliveryRig) -> None:
    rig.order("alice", due=START + timedelta(minutes=1))
    rig.run(59)
    assert rig.post.taken == []
    rig.run(2)
    assert len(rig.post.taken) == 1


def test_whoever_there_is_nothing_for_any_more_gets_nothing(rig: DeliveryRig) -> None:
    rig.order("alice", "zoe", "stranger")
    rig.writer.says["alice"] = lambda: "has paused digests"
    rig.run(10)
    assert rig.post.taken == []
    assert rig.states() == dict.fromkeys(("alice", "stranger", "zoe"), "dropped")
    assert rig.reasons() == [
        "has paused digests",
        *["has no Slack account"] * 2,
    ]


def test_a_fault_in_writing_one_message_holds_up_no_other(rig: DeliveryRig) -> None:
    rig.order("alice", "bob")

    def fail() -> Letter:
        raise ZeroDivisionError

    rig.writer.says["alice"] = fail
    rig.run(10)
    assert rig.states() == {"alice": "parked", "bob": "sent"}
    assert rig.reasons()[0] == "It could not be written: fault 0123abcd."
    assert [type(error) for error in rig.watch.faults] == [ZeroDivisionError]


def test_a_store_that_fails_while_writing_ends_the_shift(rig: DeliveryRig) -> None:
    rig.order("alice")

    def fail() -> Letter:
        raise StoreError("full")

    rig.writer.says["alice"] = fail
    with pytest.raises(StoreError):
        rig.run()
    del rig.writer.says["alice"]
    rig.run(1)
    assert rig.states() == {"alice": "sent"}


@pytest.mark.parametrize("refusals", [1, 2])
def test_a_form_that_slack_refuses_gives_way_to_a_plainer_one(rig: DeliveryRig, refusals: int) -> None:
    rig.order("alice")
    rig.post.answers = [Unfit("invalid_blocks")] * refusals
    rig.run(5)
    assert rig.post.tried == ["to alice", "to alice, plainer", "to alice, as text"][: refusals + 1]
    assert rig.states() == {"alice": "sent"}


def test_what_slack_takes_in_no_form_is_parked_with_its_word(rig: DeliveryRig) -> None:
    rig.order("alice", "bob", "carol")
    rig.post.answers = [*[Unfit("invalid_blocks")] * 3, Refused("user_disabled")]
    rig.run(10)
    assert rig.states() == {"alice": "parked", "bob": "parked", "carol": "sent"}
    assert rig.reasons() == ["invalid_blocks", "user_disabled", None]


def test_slacks_retry_after_is_kept_to_the_second_and_counts_for_nothing(rig: DeliveryRig) -> None:
    rig.order("alice", "bob")
    rig.post.answers = [Busy(7), Busy(3)]
    rig.run(20)
    first, second, third, _fourth = rig.post.posted_at
    assert second == first + 7
    assert third == second + 3
    assert [per_second for _, per_second in rig.watch.busy] == pytest.approx([4.0, 3.2], rel=0.02)
    assert rig.deliver.per_second == pytest.approx(3.2, rel=0.1)
    assert rig.states() == {"alice": "sent", "bob": "sent"}
    assert {one.attempts for one in rig.store.load_deliveries("2026-W46")} == {1}


def test_a_conversation_gets_one_message_a_second(rig: DeliveryRig) -> None:
    rig.order("C0FINANCE")
    rig.order("C0FINANCE", kind="organisation_digest")
    rig.run(10)
    assert rig.post.posted_at[1] - rig.post.posted_at[0] >= 1


def test_a_network_that_is_down_costs_nothing_but_time(rig: DeliveryRig) -> None:
    rig.order("alice", "bob")
    rig.post.answers = [Unreached("ConnectError")] * 2
    rig.post.probes = [Unreached("ConnectError"), Busy(4), None]
    rig.run(30)
    assert rig.states() == {"alice": "sent", "bob": "sent"}
    assert [reason for reason, _ in rig.watch.halts] == ["ConnectError"] * 3
    assert [pause for _, pause in rig.watch.halts] == [0.5, 1, 2]
    assert rig.post.probed_at[2] == rig.post.probed_at[1] + 4
    assert rig.store.load_standstill() is None


@pytest.mark.parametrize(
    ("trouble", "longest"),
    [
        (Unreached("ConnectError"), LONGEST_PAUSE_SECONDS),
        (Shut("token_revoked"), LONGEST_PAUSE_WHEN_SHUT_SECONDS),
    ],
)
def test_pauses_grow_up_to_a_bound(rig: DeliveryRig, trouble: Unreached | Shut, longest: float) -> None:
    rig.order("alice")
    rig.post.answers = [trouble]
    rig.post.probes = [trouble] * 200
    rig.run(2 * 3600)
    pauses = [pause for _, pause in rig.watch.halts]
    assert pauses == sorted(pauses)
    assert pauses[-1] == longest
    assert rig.states() == {"alice": "pending"}


def test_a_revoked_token_stops_the_queue_until_slack_answers_well(rig: DeliveryRig) -> None:
    rig.order("alice", "bob")
    rig.post.answers = [Shut("token_revoked")]
    rig.post.probes = [Shut("token_revoked")] * 3
    rig.run(2)
    standstill = rig.store.load_standstill()
    assert standstill is not None
    assert (standstill.since, standstill.reason) == (START, "token_revoked")
    assert rig.states() == {"alice": "pending", "bob": "pending"}
    rig.run(60)
    assert rig.store.load_standstill() is None
    assert rig.watch.resumed == 1
    assert rig.states() == {"alice": "sent", "bob": "sent"}


def test_a_new_process_asks_first_whether_the_standstill_is_over(rig: DeliveryRig) -> None:
    rig.order("alice")
    rig.post.answers = [Shut("token_revoked")]
    rig.run()
    rig.new_process()
    rig.post.probes = [Shut("token_revoked")]
    posts = len(rig.post.posted_at)
    rig.run(1)
    assert len(rig.post.posted_at) == posts
    rig.run(30)
    assert rig.states() == {"alice": "sent"}


def test_pauses_begin_anew_only_after_a_message_was_taken(rig: DeliveryRig) -> None:
    """The probe says that all is well, and sending fails all the same."""
    rig.order("alice", "bob", "carol", "dan")
    trouble: list[PostOutcome] = [Unreached("x")] * 3
    rig.post.answers = [*trouble, Posted("D", "1"), Unreached("x")]
    rig.run(30)
    assert [pause for _, pause in rig.watch.halts] == [0.5, 1, 2, 0.5]


def test_one_doubtful_answer_makes_the_queue_wary(rig: DeliveryRig) -> None:
    """Were it not, a Slack that is down would make every message doubtful within minutes."""
    rig.order(*["alice", "bob", "carol", "dan", "erin", "finn", "gail"])
    rig.post.answers = [InDoubt("http_503")] * 7
    rig.run(20)
    assert list(rig.states().values()).count("doubtful") <= 6
    assert [pause for _, pause in rig.watch.halts][:4] == [0.5, 1, 2, 4]


def test_a_database_that_is_busy_for_a_moment_makes_no_sent_message_doubtful(
    rig: DeliveryRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.order("alice")
    with rig.deliver.shift() as shift:
        end, failures = shift._outbox.end, [StoreError("locked")] * 4

        def fail_at_first(*arguments: object) -> None:
            if failures:
                raise failures.pop()
            end(*arguments)  # type: ignore[arg-type]  # passed on as they came

        monkeypatch.setattr(shift._outbox, "end", fail_at_first)
        rig.work(shift, 10)
    assert rig.states() == {"alice": "sent"}


@pytest.mark.parametrize("error", [StoreError("full"), DeliveryRunningError("lost")])
def test_a_message_that_cannot_be_recorded_is_in_doubt_for_the_next_shift(
    rig: DeliveryRig, monkeypatch: pytest.MonkeyPatch, error: StoreError
) -> None:
    rig.order("alice")

    def fail(*_: object) -> None:
        raise error

    with rig.deliver.shift() as shift:
        monkeypatch.setattr(shift._outbox, "end", fail)
        with pytest.raises(type(error)):
            rig.work(shift, 10)
    assert rig.states() == {"alice": "sending"}
    rig.run(100)
    assert rig.states() == {"alice": "sent"}
    assert len(rig.post.taken) == 1


def test_one_person_with_two_addresses_is_told_once(rig: DeliveryRig) -> None:
    rig.order("alice")
    rig.run(5)
    with rig.store.engine.writing() as connection:
        connection.execute("UPDATE delivery SET recipient = 'ana.old@example.com'")
    rig.order("alice")
    rig.run(5)
    assert len(rig.post.taken) == 1
    assert rig.states() == {"alice": "dropped", "ana.old": "sent"}
    assert rig.watch.changes[-1] == ("alice", "dropped", None)
