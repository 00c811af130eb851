"""How a process learns that it should end, in the main thread or any other."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from bot.stopping import LOOK_SECONDS, Stopping


@pytest.fixture(autouse=True)
def _handlers_as_they_were() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGUSR1, signal.SIGUSR2)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def seconds_of_waiting(stopping: Stopping, seconds: float) -> float:
    begun = time.monotonic()
    stopping.wait(seconds)
    return time.monotonic() - begun


def test_without_a_signal_it_waits_as_long_as_asked() -> None:
    stopping = Stopping(signal.SIGUSR1)

    assert not stopping.wait(0)
    assert seconds_of_waiting(stopping, 1.5 * LOOK_SECONDS) >= 1.5 * LOOK_SECONDS
    assert not stopping.is_set()


def test_any_of_its_signals_sets_it_for_good() -> None:
    stopping = Stopping(signal.SIGUSR1, signal.SIGUSR2)
    os.kill(os.getpid(), signal.SIGUSR2)

    assert stopping.wait()
    assert stopping.is_set()
    assert seconds_of_waiting(stopping, 60) < 5


def test_a_wait_of_any_thread_ends_when_the_signal_comes() -> None:
    stopping = Stopping(signal.SIGUSR1)
    waited: list[bool] = []
    thread = threading.Thread(target=lambda: waited.append(stopping.wait(60)))
    thread.start()
    os.kill(os.getpid(), signal.SIGUSR1)
    thread.join(10)

    assert waited == [True]


def test_signals_by_the_hundred_in_the_middle_of_waiting_meet_no_lock() -> None:
    stopping = Stopping(signal.SIGUSR1)

    def send() -> None:
        for _ in range(500):
            os.kill(os.getpid(), signal.SIGUSR1)

    sender = threading.Thread(target=send)
    sender.start()
    while sender.is_alive():
        stopping.wait(0.001)
        stopping.is_set()

    assert stopping.is_set()
