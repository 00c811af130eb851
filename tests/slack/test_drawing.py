"""How wide text is in equal-width type."""

from __future__ import annotations

import pytest

from bot.slack.drawing import columns_of, left, right


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("Bob & Co. ~", 11),
        ("Zo\u00eb", 3),
        ("Zoe\u0308", 3),  # the same, its dots a sign of their own
        ("\u5f20\u4f1f", 4),
        ("\uff21", 2),
        ("\U0001f600", 2),
        ("\u0645\u06cc\u200c\u062e", 3),  # a joiner inside
        ("a\tb", 3),
        ("\x7f", 1),
    ],
)
def test_every_sign_takes_its_columns(text: str, columns: int) -> None:
    assert columns_of(text) == columns
    assert columns_of(text * 50) == 50 * columns
    assert columns_of(f"{text}|\u5f20") == columns + 3  # beside others, too


def test_text_is_filled_up_by_columns() -> None:
    assert left("\u5f20", 4) == "\u5f20  "
    assert right("\u5f20", 4) == "  \u5f20"
    assert right("longer", 4) == "longer"
