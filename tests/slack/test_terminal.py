"""A message in a terminal: words without markup, aligned figures, no line too wide."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.answers import PersonAnswer
from bot.slack.blocks import context, fields, header, preformatted, section
from bot.slack.charts import Point, bar_chart
from bot.slack.messages import Message
from bot.slack.render import render
from bot.slack.tables import data_table, number_cell, text_cell
from bot.slack.terminal import WIDTH, as_text, plain_text
from bot.slack.text import Mrkdwn, escape, plain
from tests.slack.cast import ALICE, figures


@pytest.mark.parametrize(
    ("mrkdwn", "text"),
    [
        ("*bold* and _slanted_ and ~gone~", "bold and slanted and gone"),
        ("`/codex-usage me [period]` \u2013 yours", "/codex-usage me [period] \u2013 yours"),
        ("*`both`*", "both"),
        ("*two words* of *three*", "two words of three"),
        ("2 * 3 * 4 and first_last_name", "2 * 3 * 4 and first_last_name"),
        ("Tom &amp; Ann &lt;!here&gt;", "Tom & Ann <!here>"),
        ("&amp;lt;", "&lt;"),
        ("<https://example.com|the page> or <https://example.org>", "the page or https://example.org"),
        ("<@U1|steve> in <#C1|general>", "steve in general"),
        ("at <!date^1795392000^{date_short} {time}|22 Nov 24:00 UTC>", "at 22 Nov 24:00 UTC"),
        ("", ""),
    ],
)
def test_markup_goes_and_words_stay(mrkdwn: str, text: str) -> None:
    assert plain_text(mrkdwn) == text


@pytest.mark.parametrize(
    "name", ["*Bob*", "_Bob_", "first_last", "`rm`", ":tada: Bob", "a & <b>", "~x~", "9:30"]
)
def test_a_name_reads_as_it_is_spelt(name: str) -> None:
    """The signs that look alike, which only Slack needs, are turned back."""
    assert plain_text(f"*{escape(name)}*: 3 credits") == f"{name}: 3 credits"


@settings(derandomize=True)
@given(st.text(alphabet=st.sampled_from("abc *_~`:<>&;@!|"), max_size=40))
def test_whatever_was_escaped_comes_back(outside: str) -> None:
    assert plain_text(escape(plain(outside))) == plain(outside)


def test_long_lines_are_wrapped_and_drawn_ones_are_not() -> None:
    long = Mrkdwn("These words go on for longer than a terminal is wide. " * 4)
    message = Message("t", [context([long, Mrkdwn("short")]), section(long), *preformatted(["x" * 120])])
    lines = as_text(message).split("\n")

    assert "short" in lines
    assert "x" * 120 in lines
    assert max(len(line) for line in lines if "x" * 120 not in line) <= WIDTH


def test_what_explains_a_command_hangs_below_it() -> None:
    lines = as_text(Message("t", [section(Mrkdwn("`/codex-usage top` \u2013 " + "word " * 30))])).split("\n")

    assert [line[:4] for line in lines] == ["/cod", "    ", "    "]


def test_fields_stand_in_columns() -> None:
    texts = [
        Mrkdwn("*Credits*\n1,000 (+25 %)"),
        Mrkdwn("*Active days*\n12 of 28\n11 before"),
        Mrkdwn("*\u5f20*\n1"),
    ]

    assert as_text(Message("t", fields(texts))) == snapshot("""\
Credits      1,000 (+25 %)
Active days  12 of 28
             11 before
张           1\
""")


def test_tables_and_charts_are_drawn_whole() -> None:
    rows = [[text_cell(f"Person with quite a long name {n}"), number_cell(n, str(n))] for n in range(100)]
    chart = bar_chart(
        "Credits by day", "Credits", [Point("1 Nov", 10.5), Point("2 Nov", 1_200)], "credits", "UTC"
    )
    message = Message("t", [header("T\u5f20"), data_table("All", ["Person", "n"], rows), chart])
    text = as_text(message)

    assert text.count("Person  ") == 1
    assert text[:150] == snapshot("""\
T张
===

All
---
Person                             n
Person with quite a long name 0    0
Person with quite a long name 1    1
Person with quite a lon\
""")
    assert text[-120:] == snapshot("""\
erson with quite a long name 99  99

Credits by day
--------------
1 Nov █░░░░░░░░░    10.5
2 Nov ██████████ 1,200.0
UTC\
""")


def test_a_message_of_text_alone() -> None:
    assert as_text(Message("Tom &amp; *Ann* `x`\n\n" + "word " * 30, [])) == snapshot("""\
Tom & Ann x
word word word word word word word word word word word word word word word
word word word word word word word word word word word word word word word\
""")


def test_other_blocks_of_slack() -> None:
    rich: dict[str, Any] = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a * b"}]}],
    }
    picture = {"type": "context", "elements": [{"type": "image", "image_url": "x", "alt_text": "x"}]}

    assert as_text(Message("t", [rich, {"type": "divider"}, picture, {"type": "actions"}])) == snapshot("""\
a * b

------------------------------------------------------------------------------\
""")


def test_an_answer() -> None:
    answer = PersonAnswer(ALICE, is_viewer=True, figures=figures(), active_days=12, streak=5)

    assert as_text(render(answer)) == snapshot("""\
Your Codex usage
================

Last 28 days (25 Oct – 21 Nov 2026), compared with the 28 days before
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC

Credits         1,000 (+25 %)
Threads         50 (+25 %)
Turns           250 (+25 %)
Tokens          5.5M (+25 %)
                Input: 5.2M (4.1M cached, 1.1M uncached)
                Output: 300k
Active days     12 of 28 (43 %)
Current streak  5 days
Top surface     CLI, 70 %

Credits in steps of 2 days (UTC)
--------------------------------
25–26 Oct    █░░░░░░░░░  10
27–28 Oct    █████░░░░░  50
29–30 Oct    ████████░░  90
31 Oct–1 Nov █████░░░░░  60
2–3 Nov      ███░░░░░░░  30
4–5 Nov      ██████░░░░  70
6–7 Nov      ██████████ 110
8–9 Nov      █░░░░░░░░░  10
10–11 Nov    █████░░░░░  50
12–13 Nov    ████████░░  90
14–15 Nov    █████░░░░░  60
16–17 Nov    ███░░░░░░░  30
18–19 Nov    ██████░░░░  70
20–21 Nov    ██████████ 110

By surface
███████░░░ CLI 70 %
700 credits · 35 threads · 175 turns · 3.9M tokens
███░░░░░░░ IDE 30 %
300 credits · 15 threads · 75 turns · 1.7M tokens

By model
██████████ gpt-5-codex 100 %
1,000 credits · 5.5M tokens\
""")
