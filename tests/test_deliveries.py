"""The thread that delivers: it begins, goes on after any trouble, and ends within a moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.deliveries import DeliveryState, InDoubt, Letter, PostOutcome
from bot.core.ledger import Run
from bot.errors import StoreError
from bot.features.deliveries.deliver import Deliver
from bot.features.deliveries.desk import Clocks
from bot.schedule import Deliveries
from bot.schedule.deliveries import EDIT_SECONDS, ELSEWHERE_SECONDS, PLAN_SECONDS, TROUBLE_SECONDS
from bot.schedule.delivery_log import DeliveryLog
from tests.end_to_end.rig import wait_until
from tests.features.delivery_rig import START, WEEK, DeliveryRig, post_office


class Planner:
    """Orders something at every look; ``trouble`` is what goes wrong in it."""

    def __init__(self, rig: DeliveryRig) -> None:
        self.looks: list[datetime] = []
        self.trouble: Exception | None = None
        self.sync: Run | None = None
        self._rig = rig

    def last_sync(self) -> Run | None:
        return self.sync

    def plan(self, now: datetime) -> int:
        self.looks.append(now)
        if self.trouble is not None:
            raise self.trouble
        self._rig.order("alice")
        return 1


class Desk:
    def __init__(self, rig: DeliveryRig) -> None:
        self.rig = rig
        self.planner = Planner(rig)
        self.stopping = threading.Event()
        self.faults: list[BaseException] = []
        self.ticked = 0.0
        self.edits = 0
        clocks = Clocks(lambda: rig.time.now, time.monotonic, self.sleep)
        self.deliver = Deliver(rig.store, rig.writer, rig.post, rig.settings, clocks, rig.watch)
        self.deliveries = Deliveries(
            self.planner,  # type: ignore[arg-type]  # a planner of the test's own
            self.deliver,
            self,  # type: ignore[arg-type]  # edits of the test's own
            clocks=Clocks(lambda: rig.time.now, lambda: self.ticked, self.sleep),
            stopping=self.stopping,
            report=self.faults.append,
        )

    def sleep(self, seconds: float) -> None:
        self.stopping.wait(seconds)

    def edit_stale(self) -> None:
        self.edits += 1


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with post_office(tmp_path) as rig:
        desk = Desk(rig)
        yield desk
        desk.deliveries.stop(timeout=5)


def test_what_has_become_due_is_ordered_and_sent(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    desk.deliveries.start()
    wait_until(lambda: desk.rig.states() == {"alice": "sent"}, "the message")
    assert desk.planner.looks == [START]
    assert "Digests have become due: 1" in caplog.messages


def test_it_is_looked_once_a_minute_whose_digest_is_due(desk: Desk) -> None:
    desk.deliveries.start()
    wait_until(lambda: len(desk.planner.looks) == 1, "the first look")
    desk.ticked += PLAN_SECONDS - 1
    wait_until(lambda: desk.rig.states() == {"alice": "sent"}, "the message")
    assert len(desk.planner.looks) == 1
    desk.ticked += 1
    wait_until(lambda: len(desk.planner.looks) == 2, "the second look")


def test_cards_are_looked_at_once_a_second(desk: Desk) -> None:
    desk.deliveries.start()
    wait_until(lambda: desk.rig.states() == {"alice": "sent"}, "the message")
    assert desk.edits == 1
    desk.ticked += EDIT_SECONDS
    wait_until(lambda: desk.edits == 2, "the second look")


def test_a_clock_that_is_set_ahead_is_noticed_at_once_and_one_that_is_set_back_waits(desk: Desk) -> None:
    for ahead, looks in ((0, 1), (-3 * 3600, 1), (PLAN_SECONDS - 1, 1), (7 * 86400, 2), (7 * 86400, 2)):
        desk.rig.time.now = START + timedelta(seconds=ahead)
        desk.deliveries._plan_if_due()
        assert len(desk.planner.looks) == looks
    assert desk.planner.looks[-1] == START + timedelta(days=7)


def test_the_end_of_a_sync_is_noticed_at_once(desk: Desk) -> None:
    for finished_at, looks in ((None, 1), (None, 1), (START, 2), (START, 2)):
        desk.planner.sync = Run(7, START, finished_at, None)
        desk.deliveries._plan_if_due()
        assert len(desk.planner.looks) == looks


def test_it_ends_at_once_when_nothing_is_under_way(desk: Desk) -> None:
    desk.deliveries.start()
    wait_until(lambda: desk.rig.states() == {"alice": "sent"}, "the message")
    begun = time.monotonic()
    desk.deliveries.stop(timeout=5)
    assert time.monotonic() - begun < 2


def test_it_may_be_stopped_before_it_has_begun(desk: Desk) -> None:
    desk.deliveries.stop(timeout=5)
    desk.deliveries.start()
    desk.deliveries.stop(timeout=5)
    assert desk.planner.looks == []


def test_a_call_that_hangs_does_not_hold_up_the_end_and_is_in_doubt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, go_on = threading.Event(), threading.Event()

    def hang(*_: object) -> PostOutcome:
        hanging.set()
        go_on.wait(10)
        return InDoubt("too late")

    monkeypatch.setattr(desk.rig.post, "post", hang)
    desk.deliveries.start()
    assert hanging.wait(5)
    begun = time.monotonic()
    desk.deliveries.stop(timeout=0.1)
    assert time.monotonic() - begun < 2
    assert desk.rig.states() == {"alice": "sending"}
    go_on.set()
    desk.deliveries.stop(timeout=5)
    assert desk.rig.states() == {"alice": "doubtful"}


def test_another_process_goes_first(desk: Desk) -> None:
    with desk.rig.store.only_delivery(START):
        assert desk.deliveries._work_once() == ELSEWHERE_SECONDS
    assert desk.planner.looks == []


def test_a_store_that_fails_is_waited_for(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.planner.trouble = StoreError("The disk is full.")
    assert desk.deliveries._work_once() == TROUBLE_SECONDS
    assert "Nothing can be delivered: The disk is full." in caplog.messages
    assert desk.faults == []


def test_a_fault_of_our_own_is_reported_and_the_thread_lives_on(desk: Desk) -> None:
    desk.planner.trouble = ZeroDivisionError()
    assert desk.deliveries._work_once() == TROUBLE_SECONDS
    assert desk.faults == [desk.planner.trouble]


def test_the_log_tells_of_trouble_and_of_no_name(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    counted: list[str] = []
    watch = DeliveryLog(counted.append, lambda _error: "0123abcd")
    desk.rig.order("alice")
    (delivery,) = desk.rig.store.load_deliveries(WEEK)
    for state in DeliveryState:
        watch.on_change(delivery, state, "why")
    watch.on_busy(7, 4.0)
    watch.on_halt("http_503", 2)
    watch.on_resume()
    assert watch.on_fault(ZeroDivisionError()) == "0123abcd"
    assert caplog.messages == [
        "Delivery 1 is doubtful: why",
        "Delivery 1 is parked: why",
        "Delivery 1 is unknown: why",
        "Slack wants 7 s of quiet; at most 4.0 messages a second from then on",
        "Messages stand still: http_503; trying again in 2 s",
        "Slack answers; messages go on",
    ]
    assert "pending" not in counted
    assert {"sent", "doubtful", "parked", "dropped", "unknown", "busy"} <= set(counted)
    assert "alice" not in caplog.text


def test_a_letter_without_a_form_is_parked(desk: Desk) -> None:
    desk.rig.writer.says["alice"] = lambda: Letter([])
    desk.rig.order("alice")
    desk.rig.run(1)
    assert desk.rig.reasons() == ["It has no form."]
