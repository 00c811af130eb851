"""A bell that counts its rings."""

from __future__ import annotations

import threading

from bot.demo.slack.changes import Changes


def test_a_ring_between_two_looks_is_not_missed() -> None:
    changes = Changes()
    seen = changes.count
    changes.ring()
    assert changes.wait_past(seen, 0) == seen + 1


def test_whoever_waits_is_woken() -> None:
    changes = Changes()
    ringing = threading.Timer(0.01, changes.ring)
    ringing.start()
    assert changes.wait_past(0, 5) == 1
    ringing.join()


def test_without_a_ring_the_wait_ends_with_the_same_count() -> None:
    assert Changes().wait_past(0, 0.001) == 0
