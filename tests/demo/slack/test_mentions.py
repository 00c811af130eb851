"""What a person types and what the command gets."""

from __future__ import annotations

import pytest

from bot.demo.slack import build_member
from bot.demo.slack.mentions import escape_typed

PEOPLE = [
    build_member("Bob"),
    build_member("Bob Marsh", slack_id="UMARSH"),
    build_member("Zoe", deleted=True),
]


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("@Bob", "<@UBOB|bob>"),
        ("team @bob 7d", "team <@UBOB|bob> 7d"),
        ("@Bob Marsh 7d", "<@UMARSH|bob.marsh> 7d"),
        ("@Bobby", "@Bobby"),
        ("@Zoe", "@Zoe"),
        ("@", "@"),
        ("a@b", "a@b"),
        ("bob@example.com", "<mailto:bob@example.com|bob@example.com>"),
        ("https://example.com/?a=1&b=2", "<https://example.com/?a=1&amp;b=2>"),
        ("<!channel> & co", "&lt;!channel&gt; &amp; co"),
        ("<@UBOB|bob> <#C1|x>", "<@UBOB|bob> <#C1|x>"),
        ("@Bob @Bob Marsh", "<@UBOB|bob> <@UMARSH|bob.marsh>"),
    ],
)
def test_typed_text_is_escaped_as_slack_does(typed: str, arrives: str) -> None:
    assert escape_typed(typed, PEOPLE) == arrives
