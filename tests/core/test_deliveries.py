"""A message is recognised by a key that tells nothing and is always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.deliveries import DeliveryState, Order, delivery_key

AT = datetime(2026, 11, 16, tzinfo=UTC)
ORDER = Order("manager_digest", "alice@example.com", "2026-W46", AT, AT, AT)


def test_the_key_is_of_what_is_sent_to_whom_and_of_nothing_else() -> None:
    key = delivery_key("secret", ORDER)
    assert key == delivery_key("secret", replace(ORDER, due_at=datetime.now(UTC), priority=0))
    others = [
        replace(ORDER, kind="personal_digest"),
        replace(ORDER, recipient="bob@example.com"),
        replace(ORDER, period="2026-W47"),
    ]
    assert len({key, delivery_key("another", ORDER), *(delivery_key("secret", one) for one in others)}) == 5


def test_the_key_shows_neither_address_nor_secret() -> None:
    key = delivery_key("secret", ORDER)
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


def test_what_may_still_change_is_not_final() -> None:
    final = {state for state in DeliveryState if state.is_final}
    assert final == {"sent", "parked", "dropped", "unknown"}
