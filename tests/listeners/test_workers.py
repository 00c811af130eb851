"""The queue behind the acknowledgement."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial

import pytest

from bot.listeners.workers import LULL_SECONDS, PATIENCE_SECONDS, Workers


def hold(started: threading.Event, gate: threading.Event) -> None:
    started.set()
    gate.wait(10)


def failing() -> None:
    raise ZeroDivisionError


def test_every_job_is_done_once() -> None:
    workers = Workers("test", threads=4, limit=1000)
    done: list[int] = []

    for number in range(500):
        assert workers.submit(partial(done.append, number))
    dropped = workers.close(10)

    assert dropped == 0
    assert sorted(done) == list(range(500))


def test_one_thread_keeps_the_order() -> None:
    workers = Workers("test", threads=1, limit=1000)
    done: list[int] = []

    for number in range(100):
        workers.submit(partial(done.append, number))
    workers.close(10)

    assert done == list(range(100))


def test_more_than_the_limit_is_refused_and_the_rest_still_done() -> None:
    gate, started, done = threading.Event(), threading.Event(), []
    workers = Workers("test", threads=1, limit=2)

    workers.submit(partial(hold, started, gate))
    assert started.wait(10)
    taken = [workers.submit(lambda: done.append(1)) for _ in range(5)]
    gate.set()
    workers.close(10)

    assert taken == [True, True, False, False, False]
    assert len(done) == 2


def test_a_job_that_fails_is_logged_and_the_thread_lives_on(caplog: pytest.LogCaptureFixture) -> None:
    workers = Workers("test", threads=1, limit=10)
    done: list[int] = []

    workers.submit(failing)
    workers.submit(lambda: done.append(1))
    workers.close(10)

    assert done == [1]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert caplog.records[0].exc_info


def test_the_end_comes_in_time_and_what_waits_is_dropped() -> None:
    gate, started, done = threading.Event(), threading.Event(), []
    workers = Workers("test", threads=1, limit=10)
    workers.submit(partial(hold, started, gate))
    assert started.wait(10)
    workers.submit(lambda: done.append(1))

    before = time.monotonic()
    dropped = workers.close(0.2)
    took = time.monotonic() - before
    gate.set()

    assert dropped == 1
    assert took < 2
    assert workers.is_over
    assert not workers.submit(lambda: done.append(2))
    workers._threads[0].join(10)
    assert done == []


def test_a_job_lets_a_rush_pass_but_not_for_ever() -> None:
    """While submissions keep coming, the first job waits for its patience and no longer."""
    workers = Workers("test", threads=1, limit=10_000)
    began: list[float] = []
    start = time.monotonic()

    while not began and time.monotonic() < start + 10:
        workers.submit(lambda: began.append(time.monotonic()))
        time.sleep(LULL_SECONDS / 10)  # the rush itself: nothing is waited for
    workers.close(10)

    assert began[0] - start >= LULL_SECONDS
    assert began[0] - start < PATIENCE_SECONDS + 2
