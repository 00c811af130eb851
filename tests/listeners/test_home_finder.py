"""The bot learns whose it is while it already serves."""

from __future__ import annotations

import threading
import time

import pytest

from bot.errors import DeliveryError
from bot.listeners import home
from bot.listeners.home import Home, HomeFinder


def wait_for(finder: HomeFinder, wanted: Home) -> None:
    give_up = time.monotonic() + 5
    while finder() != wanted:
        assert time.monotonic() < give_up
        threading.Event().wait(0.005)


def test_nothing_is_known_before_slack_has_told() -> None:
    assert HomeFinder(lambda: Home("T1"))() == Home()


def test_it_asks_again_until_slack_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "FIRST_PAUSE_SECONDS", 0.001)
    answers: list[DeliveryError | Home] = [
        DeliveryError("fatal_error"),
        DeliveryError("ratelimited"),
        Home("T1", "E1"),
    ]

    def fetch() -> Home:
        answer = answers.pop(0)
        if isinstance(answer, DeliveryError):
            raise answer
        return answer

    finder = HomeFinder(fetch)
    finder.start()
    wait_for(finder, Home("T1", "E1"))
    finder.stop()

    assert answers == []


def test_it_stops_asking_when_the_bot_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "FIRST_PAUSE_SECONDS", 60.0)
    asked = threading.Event()

    def fetch() -> Home:
        asked.set()
        raise DeliveryError("fatal_error")

    finder = HomeFinder(fetch)
    finder.start()
    assert asked.wait(5)
    finder.stop()
    finder._thread.join(5)

    assert not finder._thread.is_alive()
    assert finder() == Home()
