"""Outside text cannot format, mention or link anything."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.text import cut, escape, length, plain

ENTITY = re.compile("&(?:amp|lt|gt);")


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("Bob", "Bob"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1>", "&lt;@U1&gt;"),
        ("<https://x|y>", "&lt;https://x|y&gt;"),
        ("Tom & Ann", "Tom &amp; Ann"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("*bold* ~gone~ `code`", "\u2217bold\u2217 \u223cgone\u223c \u02cbcode\u02cb"),
        ("_it_ first_last", "\u02cdit\u02cd first_last"),
        (":tada: at 9:30", "\ua789tada: at 9:30"),
    ],
)
def test_escape(outside: str, shown: str) -> None:
    """What means something in mrkdwn no longer does; words with underscores inside stay as they are."""
    assert escape(outside) == shown


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("  Bob\n\tBuilder ", "Bob Builder"),
        ("Bob\u202egnp.exe", "Bobgnp.exe"),
        ("B\u0000o\u200bb\u2066", "Bob"),
        ("", "(no name)"),
        ("\u200b\n", "(no name)"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("x" * 61, "x" * 59 + "\u2026"),
    ],
)
def test_plain(outside: str, shown: str) -> None:
    """One line without what is invisible or turns the direction; joiners that scripts need are kept."""
    assert plain(outside) == shown


def test_length_counts_as_slack_may() -> None:
    assert length("a\U0001f600") == 3


@settings(derandomize=True)
@given(st.text(max_size=200), st.integers(1, 80))
def test_plain_is_one_short_visible_line(text: str, limit: int) -> None:
    """Whatever the text, nothing but visible characters is left, and no more than asked for."""
    result = plain(text, limit, empty="-")

    assert 1 <= len(result) <= limit
    joiners = {"\u200c", "\u200d"}
    assert not [c for c in result if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} and c not in joiners]


@settings(derandomize=True)
@given(st.text(alphabet=st.sampled_from("<>&!@#|*_~`:ab \u202e"), max_size=60))
def test_no_sign_of_mrkdwn_survives(text: str) -> None:
    """No bracket, no ampersand but of an entity, no formatting sign."""
    result = escape(text)

    assert not set("<>*~`") & set(result)
    assert "&" not in ENTITY.sub("", result)


def test_cut_marks_what_was_left_out() -> None:
    assert cut("abcdef", 4) == "abc\u2026"
