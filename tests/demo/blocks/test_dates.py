"""Slack's date tokens in the reader's zone."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from bot.demo.blocks import draw_text
from bot.demo.blocks.dates import date_words
from tests.demo.blocks.gallery import READER
from tests.demo.blocks.reading import seen

NOW = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)
OLD = datetime(2014, 2, 18, 6, 39, 42, tzinfo=UTC)

WORDS = {
    "Posted {date_num} {time_secs}": "Posted 2014-02-18 6:39:42 AM",
    "{date} at {time}": "February 18th, 2014 at 6:39 AM",
    "{date_long}": "Tuesday, February 18th, 2014",
    "{date_long_full}": "February 18, 2014",
    "{date_short}": "Feb 18, 2014",
    "{date_slash}": "18/02/2014",
    "{date_pretty}": "February 18th, 2014",
    "{date_long_pretty}": "Tuesday, February 18th, 2014",
    "{day_divider_pretty}": "Tuesday, February 18th, 2014",
    "{ago}": "12 years ago",
    "{unheard} {of}": "{unheard} {of}",
}


@pytest.mark.parametrize("pattern", WORDS)
def test_a_token_becomes_the_words_of_slacks_own_examples(pattern: str) -> None:
    assert date_words(pattern, OLD, NOW) == WORDS[pattern]


NEAR = {
    (24, 23, 59): "Yesterday 11:59 PM",
    (25, 0, 0): "Today 12:00 AM",
    (26, 12, 5): "Tomorrow 12:05 PM",
    (27, 1, 0): "Nov 27, 2026 1:00 AM",
}


@pytest.mark.parametrize("at", NEAR)
def test_near_days_have_their_own_words_and_a_capital(at: tuple[int, int, int]) -> None:
    day, hour, minute = at
    moment = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    assert date_words("{date_short_pretty} {time}", moment, NOW) == NEAR[at]


def test_this_year_is_not_named() -> None:
    moment = datetime(2026, 1, 22, tzinfo=UTC)
    assert date_words("{date}", moment, NOW) == "January 22nd"
    assert date_words("{date_pretty}", moment, NOW) == "January 22nd"
    assert date_words("{day_divider_pretty}", moment, NOW) == "Thursday, January 22nd"


@pytest.mark.parametrize(
    ("day", "ordinal"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (31, "31st")],
)
def test_days_have_their_endings(day: int, ordinal: str) -> None:
    assert date_words("{date}", datetime(2026, 12, day, tzinfo=UTC), NOW) == f"December {ordinal}"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "Just now"),
        (59, "Just now"),
        (60, "1 minute ago"),
        (7_300, "2 hours ago"),
        (-172_800, "In 2 days"),
    ],
)
def test_ago_counts_in_the_largest_unit(seconds: int, words: str) -> None:
    assert date_words("{ago}", datetime.fromtimestamp(NOW.timestamp() - seconds, UTC), NOW) == words


def test_a_date_is_told_in_the_zone_of_whoever_reads_it() -> None:
    text = "<!date^1795392000^{date_short} {time}|22 Nov 24:00 UTC>"
    tokyo = dataclasses.replace(READER, timezone="Asia/Tokyo")
    assert seen(draw_text(text, READER)).text == "Nov 22, 2026 4:00 PM"
    assert seen(draw_text(text, tokyo)).text == "Nov 23, 2026 9:00 AM"
    assert '<time datetime="2026-11-23T00:00:00+00:00" title="22 Nov 24:00 UTC">' in draw_text(text, READER)


def test_a_date_may_be_a_link() -> None:
    text = "<!date^1795392000^{time}^https://example.com/?a&amp;b|then>"
    assert seen(draw_text(text, READER)).links == ["https://example.com/?a&b"]
    hostile = text.replace("https:", "javascript:")
    assert seen(draw_text(hostile, READER)).links == []


@pytest.mark.parametrize("moment", ["x", "", "99999999999999", "1e400"])
def test_what_is_no_moment_shows_the_fallback(moment: str) -> None:
    assert seen(draw_text(f"<!date^{moment}^{{time}}|a &lt;day&gt;>", READER)).text == "a <day>"
    linked = seen(draw_text(f"<!date^{moment}^{{time}}^https://example.com|a day>", READER))
    assert (linked.text, linked.links) == ("a day", ["https://example.com"])
