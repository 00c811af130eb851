"""A message whose fate is unknown rests, and is settled by the rule that the operator chose."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.deliveries import (
    Absent,
    Busy,
    CannotLook,
    DeliveryState,
    DoubtRule,
    InDoubt,
    PostOutcome,
    Refused,
    Shut,
    Unfit,
    Unreached,
)
from bot.features.alerts.write import NO_CARD
from tests.features.delivery_rig import QUARANTINE, START, WEEK, post_office

TAKEN = (InDoubt("ReadTimeout"), True)
LOST = (InDoubt("http_500"), False)


def test_never_twice(tmp_path: Path) -> None:
    with post_office(tmp_path, "skip") as rig:
        rig.order("alice", "bob")
        rig.post.answers = [TAKEN, LOST]
        rig.run(QUARANTINE - 5)
        assert set(rig.states().values()) == {"doubtful"}
        rig.run(2 * QUARANTINE)
        assert rig.states() == {"alice": "unknown", "bob": "unknown"}
        assert rig.reasons() == ["ReadTimeout", "http_500"]
        assert len(rig.post.taken) == 1
        assert rig.post.looked == []


def test_never_missing(tmp_path: Path) -> None:
    with post_office(tmp_path, "resend") as rig:
        rig.order("alice", "bob")
        rig.post.answers = [TAKEN, LOST]
        rig.run(2 * QUARANTINE)
        assert rig.states() == {"alice": "sent", "bob": "sent"}
        assert [to for to, _, _ in rig.post.taken].count("UBOB") == 1


def test_looking_finds_what_was_taken_and_sends_what_was_not(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("alice", "bob")
        rig.post.answers = [TAKEN, LOST]
        rig.run(2 * QUARANTINE)
        assert rig.states() == {"alice": "sent", "bob": "sent"}
        assert sorted(to for to, _, _ in rig.post.taken) == ["UALICE", "UBOB"]
        assert rig.post.looked == [(who, None, START - timedelta(days=1)) for who in ("UALICE", "UBOB")]


def test_a_line_below_a_card_is_looked_for_in_its_thread(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("C0FINANCE", kind="alert")
        rig.run(5)
        card = rig.store.find_conversation("alert", "C0FINANCE", WEEK)
        assert card is not None
        rig.order("C0FINANCE", kind="alert_line")
        rig.post.answers = [TAKEN]
        rig.run(2 * QUARANTINE)
        assert rig.post.looked == [("C0FINANCE", card[0], START - timedelta(days=1))]
        assert rig.post.threads == [card[1]]
        assert len(rig.post.taken) == 2


def test_a_line_whose_card_does_not_stand_was_never_sent(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("C0FINANCE", kind="alert_line")
        rig.writer.says["C0FINANCE"] = lambda: NO_CARD
        with rig.store.only_delivery(START) as outbox:
            found = outbox.claim(START)
            assert found is not None
            outbox.set_aside(found, DeliveryState.DOUBTFUL, "restored", START)
        rig.run(2 * QUARANTINE)
        assert (rig.states(), rig.post.looked) == ({"C0FINANCE": "dropped"}, [])
        assert rig.reasons() == [NO_CARD]


def test_an_earlier_message_tells_the_conversation(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("alice", kind="personal_digest")
        rig.run(5)
        rig.order("alice")
        rig.post.answers = [LOST]
        rig.run(2 * QUARANTINE)
        assert [conversation for _, conversation, _ in rig.post.looked] == ["DALICE"]


def test_a_clock_that_is_set_does_not_shorten_the_rest(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("alice")
        rig.post.answers = [TAKEN]
        with rig.deliver.shift() as shift:
            rig.work(shift, 5)
            rig.time.now += timedelta(hours=3)
            rig.work(shift, QUARANTINE - 10)
            assert rig.post.looked == []
            rig.time.now -= timedelta(hours=8)
            rig.work(shift, 10)
        assert rig.states() == {"alice": "sent"}


def test_what_a_dead_process_left_rests_from_the_takeover_on(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("alice")
        with rig.store.only_delivery(START) as outbox:
            found = outbox.claim(START)
            assert found is not None
            outbox.begin(found, "UALICE", None, START)
        rig.time.sleep(10 * QUARANTINE)
        rig.run(QUARANTINE - 1)
        assert rig.states() == {"alice": "doubtful"}
        rig.run(QUARANTINE + 1)
        assert rig.states() == {"alice": "sent"}


def test_a_place_that_cannot_be_looked_into_means_never_twice_and_says_so(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("alice")
        rig.post.answers = [LOST]
        rig.post.finds = [CannotLook("missing_scope: im:history is needed.")]
        rig.run(2 * QUARANTINE)
        assert rig.states() == {"alice": "unknown"}
        assert rig.reasons() == ["http_500 missing_scope: im:history is needed."]
        assert rig.post.taken == []


def test_looking_waits_as_long_as_slack_wants_while_others_are_sent(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        rig.order("alice")
        rig.post.answers = [LOST]
        rig.post.finds = [Busy(30), Absent()]
        with rig.deliver.shift() as shift:
            rig.work(shift, QUARANTINE + 5)
            rig.order("bob")
            rig.work(shift, 10)
            assert rig.states() == {"alice": "doubtful", "bob": "sent"}
            rig.work(shift, 30)
        assert rig.states() == {"alice": "sent", "bob": "sent"}


@pytest.mark.parametrize("trouble", [Unreached("ConnectError"), Shut("invalid_auth")])
def test_looking_in_vain_stands_still_and_looks_again(tmp_path: Path, trouble: Unreached | Shut) -> None:
    with post_office(tmp_path) as rig:
        rig.order("alice")
        rig.post.answers = [TAKEN]
        rig.post.finds = [trouble]
        rig.run(3 * QUARANTINE)
        assert rig.states() == {"alice": "sent"}
        assert len(rig.post.taken) == 1
        assert rig.store.load_standstill() is None


def test_after_a_restore_a_message_to_somebody_who_has_gone_stays_unknown(tmp_path: Path) -> None:
    with post_office(tmp_path) as rig:
        with rig.store.engine.writing() as connection:
            connection.execute("UPDATE courier SET doubt_until = ?", (int(START.timestamp()),))
        rig.order("zoe", "alice")
        rig.run(2 * QUARANTINE)
        assert rig.states() == {"alice": "sent", "zoe": "unknown"}
        assert rig.reasons() == [None, "has no Slack account"]
        assert [to for to, *_ in rig.post.looked] == ["UALICE"]


@pytest.mark.parametrize(("doubt", "state"), [("check", "parked"), ("resend", "unknown")])
def test_a_message_that_slack_neither_takes_nor_refuses_is_given_up(
    tmp_path: Path, doubt: DoubtRule, state: str
) -> None:
    with post_office(tmp_path, doubt) as rig:
        rig.order("alice")
        rig.post.answers = [LOST] * 20
        rig.run(24 * 3600, stride=100)
        assert rig.states() == {"alice": state}
        assert rig.reasons() == ["Given up after 8 attempts. http_500"]
        assert len(rig.post.tried) == 8


OUTCOMES: st.SearchStrategy[PostOutcome | tuple[PostOutcome, bool]] = st.sampled_from(
    [
        TAKEN,
        LOST,
        Busy(3),
        Unreached("x"),
        Shut("token_revoked"),
        Unfit("invalid_blocks"),
        Refused("is_archived"),
    ]
)
NAMES = ["alice", "bob", "carol", "dan"]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(OUTCOMES, max_size=12),
    st.sampled_from(["skip", "check"]),
    st.lists(st.integers(1, 25), max_size=4),
)
def test_whatever_slack_does_and_whenever_the_process_dies_nobody_gets_it_twice(
    outcomes: list[PostOutcome | tuple[PostOutcome, bool]], doubt: DoubtRule, deaths: list[int]
) -> None:
    with TemporaryDirectory() as folder, post_office(Path(folder), doubt) as rig:
        rig.order(*NAMES)
        rig.post.answers = list(outcomes)
        for steps in deaths:
            rig.new_process()
            rig.run(10 * QUARANTINE, steps=steps, stride=40)
        rig.new_process()
        rig.run(8 * 3600, stride=200)
        assert set(rig.states().values()) <= {"sent", "parked", "unknown"}
        times = Counter(to for to, _, _ in rig.post.taken)
        assert not times or max(times.values()) == 1
        sent = {f"U{name.upper()}" for name, state in rig.states().items() if state == "sent"}
        assert sent <= times.keys()
        if doubt == "check":
            assert sent == times.keys()
            assert "unknown" not in rig.states().values()
