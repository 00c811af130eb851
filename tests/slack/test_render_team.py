"""Teams and rankings, as a manager reads them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.core.answers import Remainder, TeamAnswer, TeamRow, TopAnswer
from bot.core.metrics import Metric
from bot.core.models import Freshness, Totals
from bot.core.people import Person
from bot.slack.messages import Message
from bot.slack.render import render
from tests.slack.cast import ALICE, BOB, CAROL, FRESH, LAST_28_DAYS, ZOE, figures, person, row, used
from tests.slack.show import checked, shown

TEAM = TeamAnswer(
    lead=ALICE,
    is_viewer=True,
    figures=figures(),
    rows=(row(BOB, 900, 500), row(ZOE, 100), TeamRow(CAROL, Totals(), Totals())),
    remainder=None,
    people=2,
    active=1,
    active_before=2,
)
TOP = TopAnswer(
    metric=Metric.CREDITS,
    period=LAST_28_DAYS,
    rows=(row(BOB, 900), row(CAROL, 100), row(ZOE, 100)),
    among=12,
    freshness=FRESH,
)


def _table(message: Message) -> list[list[dict[str, object]]]:
    tables = [block for block in message.blocks if block["type"] == "data_table"]
    rows: list[list[dict[str, object]]] = tables[0]["rows"]
    return rows


def _credits(message: Message) -> float:
    return sum(float(str(cells[1]["value"])) for cells in _table(message)[1:])


def test_my_team() -> None:
    assert shown(render(TEAM)) == snapshot("""\
# Your team's Codex usage
(Last 28 days (25 Oct – 21 Nov 2026), compared with the 28 days before)
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC)
*Credits*
1,000 (+25 %)
*Threads*
50 (+25 %)
*Turns*
250 (+25 %)
*Tokens*
5.5M (+25 %)
Input: 5.2M (4.1M cached, 1.1M uncached)
Output: 300k
*Active people*
1 of 2 (50 %)
2 before
*Credits per active person*
900
[table: Each person, most credits first]
Person | Credits | Change | Threads | Turns | Tokens
Bob | 900 | +80 % | 45 | 225 | 5M
Zoe (left 3 Nov 2026) | 100 | no earlier data | 5 | 25 | 550k
Carol | 0 | ±0 % | 0 | 0 | 0
[chart: Credits in steps of 2 days (UTC): 25–26 Oct = 10, 27–28 Oct = 50, 29–30 Oct = 90, 31 Oct–1 Nov = 60, 2–3 Nov = 30, 4–5 Nov = 70, 6–7 Nov = 110, 8–9 Nov = 10, 10–11 Nov = 50, 12–13 Nov = 90, 14–15 Nov = 60, 16–17 Nov = 30, 18–19 Nov = 70, 20–21 Nov = 110 credits]
*By surface*
`███████░░░` CLI 70 %
700 credits · 35 threads · 175 turns · 3.9M tokens
`███░░░░░░░` IDE 30 %
300 credits · 15 threads · 75 turns · 1.7M tokens
*By model*
`██████████` gpt-5-codex 100 %
1,000 credits · 5.5M tokens
""")


def test_the_text_names_people_for_a_screen_reader() -> None:
    assert render(TEAM).text == snapshot("""\
Your team's Codex usage: last 28 days (25 Oct – 21 Nov 2026), compared with the 28 days before.
Your team used 1,000 credits (+25 %) in 50 threads (+25 %) and 250 turns (+25 %).
That took 5,500,000 tokens (+25 %): 5,200,000 input tokens (+25 %), of which 4,100,000 cached and 1,100,000 uncached, and 300,000 output tokens (+25 %).
1 of 2 people (50 %) was active, 2 before.
An active person used 900 credits on average.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.
Bob: 900 credits (+80 %), 45 threads, 225 turns.
Zoe (left 3 Nov 2026): 100 credits, 5 threads, 25 turns.
Carol: no use.
By surface: CLI 70 % (700 credits, 35 threads, 175 turns, 3.9M tokens); IDE 30 % (300 credits, 15 threads, 75 turns, 1.7M tokens).
By model: gpt-5-codex 100 % (1,000 credits, 5.5M tokens).
Credits in steps of 2 days (UTC): 25–26 Oct: 10, 27–28 Oct: 50, 29–30 Oct: 90, 31 Oct–1 Nov: 60, 2–3 Nov: 30, 4–5 Nov: 70, 6–7 Nov: 110, 8–9 Nov: 10, 10–11 Nov: 50, 12–13 Nov: 90, 14–15 Nov: 60, 16–17 Nov: 30, 18–19 Nov: 70, 20–21 Nov: 110.\
""")


def test_somebody_elses_team() -> None:
    message = checked(render(replace(TEAM, lead=BOB, is_viewer=False)))

    assert message.text.startswith("Codex usage of Bob's team: last 28 days")


def test_what_leavers_used_is_no_part_of_what_the_active_use() -> None:
    assert "An active person used 900 credits on average." in render(TEAM).text
    idle = render(replace(TEAM, active=0))
    assert "0 of 2 people (0 %) were active, 2 before.\n" in idle.text
    assert "*Credits per active person*\nnobody active" in shown(idle)


def test_an_empty_team() -> None:
    message = checked(render(replace(TEAM, rows=(), people=0, active=0, active_before=None)))

    assert "There is nobody to list for this period." in message.text
    assert "0 of 0 people were active.\n" in message.text
    assert "[table" not in shown(message)


def test_money_stands_beside_the_credits_when_there_is_a_price() -> None:
    header, first, *_ = _table(
        checked(render(replace(TEAM, figures=figures(credit_price_usd=Decimal("0.04")))))
    )

    assert header[-1]["text"] == "USD at $0.04 a credit"
    assert first[-1] == {"type": "raw_number", "value": 36.0, "text": "$36.00"}


@pytest.mark.parametrize("remainder", [None, Remainder(30, used(300))])
@pytest.mark.parametrize("name", ["Bob", "\u5f20" * 60])
def test_more_than_a_hundred_people_still_add_up(remainder: Remainder | None, name: str) -> None:
    """Whoever has no room in the table is in its last row, which is counted and summed."""
    rows = tuple(row(person(name), 10, 5) for _ in range(150))
    message = checked(render(replace(TEAM, rows=rows, remainder=remainder, people=180)))
    table = _table(message)

    assert _credits(message) == 1_500 + (300 if remainder else 0)
    hidden = 150 + (30 if remainder else 0) - (len(table) - 2)
    assert table[-1][0]["text"] == f"{hidden} more people"
    assert f"The last row sums up {hidden} more people" in shown(message)
    assert "more people:" in message.text


def test_one_person_too_many_is_one_person() -> None:
    message = checked(render(replace(TEAM, remainder=Remainder(1, used(20)))))

    assert _table(message)[-1][0]["text"] == "1 more person"
    assert "1 more person: 20 credits, 1 thread, 5 turns." in message.text


def test_tokens_of_a_row_can_be_unknown_or_known_in_part() -> None:
    rows = (
        TeamRow(BOB, used(10, token_rows=0)),
        TeamRow(CAROL, used(10, token_rows=5)),
        TeamRow(ALICE, Totals()),
    )
    cells = [cells[-1] for cells in _table(checked(render(replace(TEAM, rows=rows))))[1:]]

    assert [cell["text"] for cell in cells] == ["not available", "\u226555k", "0"]
    assert {cell["type"] for cell in cells} == {"raw_number"}


def test_no_column_of_changes_without_earlier_data() -> None:
    rows = (row(BOB, 10),)
    assert [cell["text"] for cell in _table(render(replace(TEAM, rows=rows)))[0]] == [
        "Person",
        "Credits",
        "Threads",
        "Turns",
        "Tokens",
    ]


def test_a_change_from_nothing_is_no_number() -> None:
    rows = (row(BOB, 10, 0), row(CAROL, 0, 0), row(ALICE, 10))
    cells = [cells[2]["text"] for cells in _table(render(replace(TEAM, rows=rows)))[1:]]

    assert cells == ["none before", "\u00b10 %", "no earlier data"]


def test_a_ranking() -> None:
    """Those who have as much share a rank."""
    assert shown(render(TOP)) == snapshot("""\
# Top by credits
(Last 28 days (25 Oct – 21 Nov 2026))
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC)
(3 listed of 12 people whom you may see)
[table: Most credits first]
Rank | Person | Credits
1 | Bob | 900
2 | Carol | 100
2 | Zoe (left 3 Nov 2026) | 100
""")
    assert render(TOP).text == snapshot("""\
Top by credits, last 28 days (25 Oct – 21 Nov 2026), among 12 people whom you may see.
1. Bob: 900 credits.
2. Carol: 100 credits.
2. Zoe (left 3 Nov 2026): 100 credits.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.\
""")


@pytest.mark.parametrize(
    ("metric", "column", "line"),
    [
        (Metric.THREADS, "Threads", "1. Bob: 900 threads."),
        (Metric.TURNS, "Turns", "1. Bob: 900 turns."),
        (Metric.TOKENS, "Tokens", "1. Bob: 5M tokens."),
        (Metric.STREAK, "Days in a row", "1. Bob: 900 days in a row."),
    ],
)
def test_a_ranking_by_something_else(metric: Metric, column: str, line: str) -> None:
    message = checked(render(replace(TOP, metric=metric, credit_price_usd=Decimal("1.5"))))

    assert line in message.text
    assert [cell["text"] for cell in _table(message)[0]] == [
        "Rank",
        "Person",
        column,
        "Credits",
        "USD at $1.50 a credit",
    ]


def test_a_ranking_by_tokens_that_nobody_told() -> None:
    rows = (TeamRow(BOB, used(10, token_rows=0)),)
    message = checked(render(replace(TOP, metric=Metric.TOKENS, rows=rows)))

    assert "1. Bob: tokens not available." in message.text


def test_a_ranking_of_streaks_says_what_it_ranks() -> None:
    assert "[table: Longest first]" in shown(render(replace(TOP, metric=Metric.STREAK)))


def test_a_ranking_of_nobody() -> None:
    message = checked(render(replace(TOP, rows=(), among=0, freshness=Freshness(None, None))))

    assert "There is nobody to list for this period." in message.text


def test_a_long_ranking_says_how_many_are_listed() -> None:
    people: list[Person] = [person("N" * 60) for _ in range(120)]
    message = checked(render(replace(TOP, rows=tuple(row(who, 5) for who in people), among=300)))

    listed = len(_table(message)) - 1
    assert f"{listed} listed of 300 people whom you may see" in shown(message)
