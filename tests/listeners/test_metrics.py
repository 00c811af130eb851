"""What the listeners count."""

from __future__ import annotations

import pytest

from bot.listeners.metrics import command_label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", "me"),
        ("   ", "me"),
        ("me 7d", "me"),
        (" TEAM last week", "team"),
        ("top credits", "top"),
        ("<@U0CAROL|carol> 7d", "other"),
        ("carol@example.com", "other"),
        ("7d", "other"),
        ("\u200bme", "other"),
    ],
)
def test_a_label_is_one_of_a_few_words(text: str, label: str) -> None:
    assert command_label(text) == label
