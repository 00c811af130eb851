"""Native charts and tables keep Slack's limits, and have a spelling without them."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.demo.slack.block_rules import problems
from bot.slack.bars import bar
from bot.slack.blocks import fields, header, keep_lines, preformatted, section
from bot.slack.charts import Point, bar_chart, unique_labels
from bot.slack.fallback import without_native_blocks
from bot.slack.messages import Message
from bot.slack.tables import Row, data_table, number_cell, rows_that_fit, text_cell, unknown_cell
from bot.slack.text import Mrkdwn


def _rows(count: int, name: str = "Bob") -> list[Row]:
    return [[text_cell(name), number_cell(n, str(n))] for n in range(count)]


def _texts(message: Message) -> str:
    return "\n".join(block["text"]["text"] for block in message.blocks if "text" in block)


def test_a_chart_is_what_slack_takes() -> None:
    block = bar_chart("Credits by day", "Credits", [Point("1 Nov", 2.5), Point("2 Nov", 3.0)], "credits")

    assert problems([block], "message") == []
    assert block["chart"]["series"][0]["data"] == [
        {"label": "1 Nov", "value": 2.5},
        {"label": "2 Nov", "value": 3},
    ]


@pytest.mark.parametrize("count", [0, 21])
def test_a_chart_of_too_few_or_too_many_points_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        bar_chart("t", "s", [Point(str(n), n) for n in range(count)], "u")


def test_long_labels_stay_unique_when_cut() -> None:
    labels = unique_labels(
        ["Alexander Konstantinopolous", "Alexander Konstantinovich", "Alexander Konstantin\u2026"]
    )

    assert labels == ["Alexander Konstanti\u2026", "Alexander Konst\u2026 (2)", "Alexander Konst\u2026 (3)"]


def test_up_to_a_hundred_rows_fit() -> None:
    assert rows_that_fit(_rows(100)) == 100
    assert rows_that_fit(_rows(100), more_follow=True) == 99
    assert rows_that_fit(_rows(101)) == 99
    assert rows_that_fit([]) == 0


def test_long_names_leave_room_for_fewer_rows() -> None:
    rows = _rows(100, "\U0001f600" * 80)
    count = rows_that_fit(rows)

    assert 0 < count < 99
    assert problems([data_table("t", ["Person", "n"], rows[:count])], "message") == []


def test_an_unknown_figure_is_a_number_below_all_others() -> None:
    assert unknown_cell("not available")["type"] == "raw_number"
    assert unknown_cell("not available")["value"] < 0


def test_a_table_without_native_blocks() -> None:
    """Words to the left, figures to the right, wide signs counted twice, nothing that ends the code fence."""
    rows = [*_rows(1, "Ann ```<!here>"), [text_cell("\u5f20\u4f1f"), number_cell(1234, "1,234")]]
    message = Message("t", [data_table("By *person*", ["Person", "Credits"], rows)])

    plain = without_native_blocks(message)
    assert problems(plain.blocks, "message", native_blocks=False) == []
    assert plain.text == "t"
    assert _texts(plain) == snapshot("""\
*By \u2217person\u2217*
```
Person          Credits
Ann \u02cb\u02cb\u02cb&lt;!here&gt;        0
\u5f20\u4f1f              1,234
```\
""")


def test_a_chart_without_native_blocks() -> None:
    block = bar_chart("Credits", "Credits", [Point("1 Nov", 10), Point("2 Nov", 0), Point("3 Nov", 0.1)], "u")

    plain = without_native_blocks(Message("t", [block]))
    assert problems(plain.blocks, "message", native_blocks=False) == []
    assert _texts(plain) == snapshot("""\
*Credits*
```
1 Nov ██████████ 10.0
2 Nov ░░░░░░░░░░  0.0
3 Nov █░░░░░░░░░  0.1
```\
""")


def test_every_kind_of_chart_has_bars() -> None:
    pie = {"type": "pie", "segments": [{"label": "CLI", "value": 2}]}
    two = [
        {"name": "Spend", "data": [{"label": "Mon", "value": 1}]},
        {"name": "Budget", "data": [{"label": "Mon", "value": -1}]},
    ]
    charts: list[dict[str, Any]] = [pie, {"type": "line", "series": two}]
    blocks = [{"type": "data_visualization", "title": "t", "chart": chart} for chart in charts]

    text = _texts(without_native_blocks(Message("t", blocks)))
    assert "CLI \u2588" in text
    assert "Spend\nMon" in text
    assert "Budget\nMon \u2591" in text


def test_a_long_table_is_spread_over_sections_with_its_header() -> None:
    message = Message("t", [data_table("All", ["Person", "n"], _rows(100, "Somebody with a very long name"))])

    plain = without_native_blocks(message)
    assert problems(plain.blocks, "message", native_blocks=False) == []
    assert _texts(plain).count("Person") == len(plain.blocks) - 1 > 1


def test_a_message_that_grows_too_long_says_so() -> None:
    table = data_table("All", ["Person", "n"], _rows(3))
    message = Message("t", [*([section(Mrkdwn("x"))] * 49), table])

    plain = without_native_blocks(message)
    assert problems(plain.blocks, "message", native_blocks=False) == []
    assert len(plain.blocks) == 50
    assert "Shortened" in plain.blocks[-1]["elements"][0]["text"]


def test_text_blocks_keep_their_limits() -> None:
    lines = Mrkdwn("\n".join(["word " * 20] * 200))
    blocks = [header("x" * 200), section(lines), *fields([lines] * 11), *preformatted(["y" * 100] * 100)]

    assert problems(blocks, "message") == []


def test_a_text_that_is_too_long_loses_whole_lines() -> None:
    assert keep_lines(Mrkdwn("ab\ncd\nef"), 7) == "ab\n\u2026"
    assert keep_lines(Mrkdwn("&amp;" * 3), 10) == "\u2026"


def test_bars_are_full_of_all_and_never_empty_of_something() -> None:
    assert bar(1, 1) == "\u2588" * 10
    assert bar(1, 1000).count("\u2588") == 1
    assert bar(0, 0) == "\u2591" * 10


def test_signs_of_no_width_take_no_column() -> None:
    """An accent of its own and a joiner stand on the letter before."""
    rows = [[text_cell("Zoe\u0308"), number_cell(1, "1")], [text_cell("Ann"), number_cell(2, "2")]]

    assert "Zoe\u0308           1\nAnn           2" in _texts(
        without_native_blocks(Message("t", [data_table("t", ["Person", "Credits"], rows)]))
    )
