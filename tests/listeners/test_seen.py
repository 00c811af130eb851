"""The memory of what was already received."""

from __future__ import annotations

from bot.listeners.seen import Seen


def test_a_key_is_new_once() -> None:
    seen = Seen(600, 10)

    assert [seen.is_new("a", 0), seen.is_new("a", 1), seen.is_new("b", 1)] == [True, False, True]


def test_a_key_is_kept_exactly_as_long_as_promised() -> None:
    seen = Seen(600, 10)
    seen.is_new("a", 0)

    assert not seen.is_new("a", 600)
    assert seen.is_new("a", 600.1)


def test_the_memory_is_bounded_and_the_oldest_goes_first() -> None:
    seen = Seen(600, 3)

    for number in range(100):
        seen.is_new(str(number), number)

    assert len(seen) == 3
    assert not seen.is_new("98", 100)
    assert seen.is_new("1", 100)


def test_old_keys_leave_even_where_few_come() -> None:
    seen = Seen(600, 1000)
    for number in range(50):
        seen.is_new(str(number), 0)

    seen.is_new("late", 1000)

    assert len(seen) == 1


def test_a_forgotten_key_is_new_again() -> None:
    seen = Seen(600, 10)
    seen.is_new("a", 0)

    seen.forget("a")
    seen.forget("never seen")

    assert seen.is_new("a", 1)
