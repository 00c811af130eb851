"""One person's usage, as they read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from inline_snapshot import snapshot

from bot.core.answers import PersonAnswer
from bot.core.models import MICRO, CodeTotals, Freshness, Slice, Totals
from bot.core.periods import Period
from bot.slack.render import render
from tests.slack.cast import ALICE, BOB, THIS_WEEK, ZOE, figures, used
from tests.slack.show import chart_of, checked, shown

OWN = PersonAnswer(ALICE, is_viewer=True, figures=figures(), active_days=12, streak=5)


def test_my_own_usage() -> None:
    assert shown(render(OWN)) == snapshot("""\
# Your Codex usage
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
*Active days*
12 of 28 (43 %)
*Current streak*
5 days
*Top surface*
CLI, 70 %
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


def test_the_text_carries_all_figures_for_a_screen_reader() -> None:
    assert render(OWN).text == snapshot("""\
Your Codex usage: last 28 days (25 Oct – 21 Nov 2026), compared with the 28 days before.
You used 1,000 credits (+25 %) in 50 threads (+25 %) and 250 turns (+25 %).
That took 5,500,000 tokens (+25 %): 5,200,000 input tokens (+25 %), of which 4,100,000 cached and 1,100,000 uncached, and 300,000 output tokens (+25 %).
You were active on 12 of 28 days (43 %), with a current streak of 5 days.
The top surface was CLI, with 70 % of the use.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.
By surface: CLI 70 % (700 credits, 35 threads, 175 turns, 3.9M tokens); IDE 30 % (300 credits, 15 threads, 75 turns, 1.7M tokens).
By model: gpt-5-codex 100 % (1,000 credits, 5.5M tokens).
Credits in steps of 2 days (UTC): 25–26 Oct: 10, 27–28 Oct: 50, 29–30 Oct: 90, 31 Oct–1 Nov: 60, 2–3 Nov: 30, 4–5 Nov: 70, 6–7 Nov: 110, 8–9 Nov: 10, 10–11 Nov: 50, 12–13 Nov: 90, 14–15 Nov: 60, 16–17 Nov: 30, 18–19 Nov: 70, 20–21 Nov: 110.\
""")


def test_only_the_person_who_asked_sees_it() -> None:
    assert render(OWN).as_dict().keys() == {"response_type", "text", "blocks"}
    assert render(OWN).as_dict()["response_type"] == "ephemeral"


def test_tokens_that_are_known_for_a_part_say_so() -> None:
    partly = figures(totals=used(1_000, token_rows=12))
    text = checked(render(replace(OWN, figures=partly))).text

    assert "Tokens are known for 12 of 20 days only." in text
    assert "That took 5,500,000 tokens (not comparable): " in text


def test_tokens_that_nobody_told_are_not_zero() -> None:
    untold = used(
        10, token_rows=0, uncached_input_tokens=0, cached_input_tokens=0, output_tokens=0, total_tokens=0
    )
    message = checked(render(replace(OWN, figures=figures(totals=untold, models=(), surfaces=()))))

    assert "How many tokens that took is not available." in message.text
    assert "*Tokens*\nnot available\n" in shown(message)
    assert "0 tokens" not in message.text


def test_tokens_that_were_not_told_before_have_no_change() -> None:
    text = render(replace(OWN, figures=figures(before=used(800, token_rows=0)))).text

    assert "That took 5,500,000 tokens (no earlier data): " in text


def test_no_earlier_data_is_said_once() -> None:
    message = checked(render(replace(OWN, figures=figures(before=None))))

    assert message.text.count("no earlier data") == 1
    assert "*Credits*\n1,000\n" in shown(message)


def test_a_rise_from_nothing_has_no_percentage() -> None:
    text = render(replace(OWN, figures=figures(before=Totals()))).text

    assert "You used 1,000 credits (none before) in 50 threads" in text


def test_money_is_of_three_kinds_and_each_says_which() -> None:
    paid = used(
        1_000,
        cost_usd_micro=12 * MICRO,
        cost_rows=3,
        estimated_cost_usd_micro=45 * MICRO,
        estimated_rows=15,
    )
    message = render(replace(OWN, figures=figures(totals=paid, credit_price_usd=Decimal("0.0375"))))

    money = shown(message).partition("*Money*\n")[2].partition("[chart")[0]
    assert money == snapshot("""\
$12.00 billed in USD by OpenAI, in addition to the credits
$45.00 for the credits, by the usage API's own estimate (known for 15 of 20 days)
$37.50 for the credits, computed from your contract price of $0.0375 a credit
""")


def test_no_money_is_invented() -> None:
    assert "$" not in render(OWN).text


def test_code_that_was_attributed() -> None:
    code = CodeTotals(20, 1_200, 300, 900, 4_000, 12, 40)
    message = render(replace(OWN, figures=figures(code=code)))

    assert "Attributed to Codex: 1,200 lines added, 300 removed; 12 of 40 commits (30 %)" in message.text
    assert "*Attributed to Codex*\n1,200 lines added" in shown(message)


def test_code_without_whole_numbers_to_compare_with() -> None:
    code = CodeTotals(rows=1, codex_commits=3, lines_committed=70)
    text = render(replace(OWN, figures=figures(code=code))).text

    assert "Attributed to Codex: 3 commits; 70 committed lines." in text


def test_days_that_cannot_be_trusted_are_named() -> None:
    freshness = Freshness(
        date(2026, 11, 16),
        datetime(2026, 11, 22, 9, 12, tzinfo=UTC),
        partial=(date(2026, 11, 21), date(2026, 11, 22)),
        missing=(date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 20)),
        refused=(date(2026, 11, 19),),
    )
    message = render(replace(OWN, figures=figures(period=THIS_WEEK, freshness=freshness)))

    assert shown(message).splitlines()[1:4] == snapshot(
        [
            "(*These figures leave out 17–18 Nov 2026 and 20 Nov 2026, which were not read, so changes look too low.*)",
            "(This week (16–22 Nov 2026), compared with the 7 days before)",
            "(Complete to Mon 16 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial; partial: 21 Nov 2026; older figures kept for 19 Nov 2026, because the newest looked wrong)",
        ]
    )
    assert (
        "17 Nov: not read, 18 Nov: not read, 19 Nov: 30, 20 Nov: not read, 21 Nov: 50 (partial)"
        in message.text
    )
    assert "17 Nov no data = 10, 18 Nov no data = 20, 19 Nov = 30" in shown(message)
    assert "22 Nov part. = 60 credits (UTC days; part. = not complete)" in shown(message)


def test_nothing_read_yet() -> None:
    message = checked(render(replace(OWN, figures=figures(freshness=Freshness(None, None)))))

    assert "No day is complete yet, nothing read yet." in message.text


def test_a_long_list_of_days_is_summed_up() -> None:
    missing = tuple(date(2026, 11, day) for day in range(1, 20, 2))
    text = render(replace(OWN, figures=figures(freshness=Freshness(None, None, missing=missing)))).text

    assert (
        "These figures leave out 1 Nov 2026, 3 Nov 2026, 5 Nov 2026, 7 Nov 2026 and 6 more days, which were not read, "
        "so changes look too low." in text
    )


def test_no_use_at_all() -> None:
    nothing = figures(totals=Totals(), days=(), surfaces=(), models=())
    message = render(replace(OWN, figures=nothing, active_days=0, streak=0))

    assert shown(message) == snapshot("""\
# Your Codex usage
(Last 28 days (25 Oct – 21 Nov 2026), compared with the 28 days before)
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC)
*Credits*
0 (−100 %)
*Threads*
0 (−100 %)
*Turns*
0 (−100 %)
*Tokens*
0 (−100 %)
*Active days*
0 of 28 (0 %)
*Current streak*
0 days
""")


def test_use_without_credits_is_drawn_in_turns() -> None:
    free = figures(
        totals=used(100, credits_micro=0),
        days=tuple(replace(p, totals=used(100, credits_micro=0)) for p in figures().days),
        surfaces=(Slice("CLI", used(100, credits_micro=0)),),
        models=(Slice("mini", used(100, credits_micro=0, turns=0, threads=0)),),
    )
    message = checked(render(replace(OWN, figures=free)))

    assert "Turns in steps of 2 days (UTC)" in message.text
    assert "CLI 100 %" in message.text
    assert "mini 100 %" in message.text


def test_many_models_are_folded_and_what_was_not_split_is_shown() -> None:
    models = tuple(Slice(f"model-{n}", used(100)) for n in range(8))
    text = render(replace(OWN, figures=figures(models=models))).text

    assert "model-4" in text
    assert "Other models 30 % (300 credits" in text
    assert "Without a model 20 % (200 credits, counted in the total only)" in text

    text = render(replace(OWN, figures=figures(models=models[:1]))).text
    assert "model-0 10 %" in text
    assert "Without a model 90 % (900 credits, counted in the total only)" in text


def test_a_share_is_everything_or_nothing_only_when_it_is() -> None:
    models = (Slice("large", used(99_999)), Slice("small", used(1)))
    text = render(replace(OWN, figures=figures(totals=used(100_000), models=models))).text

    assert "large >99 %" in text.replace("&gt;", ">")
    assert "small <1 %" in text.replace("&lt;", "<")


def test_a_year_is_drawn_in_steps_that_say_what_they_hold() -> None:
    year = Period(date(2025, 11, 1), date(2026, 11, 22), "2025-11-01..2026-11-21")
    message = checked(render(replace(OWN, figures=figures(period=year))))
    chart = chart_of(message)

    assert chart["title"] == "Credits in steps of 20 days (UTC)"
    assert len(chart["chart"]["axis_config"]["categories"]) == 20
    assert chart["chart"]["axis_config"]["categories"][:2] == snapshot(["1–6 Nov", "7–26 Nov"])


def test_a_quarter_is_drawn_by_week() -> None:
    quarter = Period(date(2026, 8, 24), date(2026, 11, 22), "90d")
    chart = chart_of(render(replace(OWN, figures=figures(period=quarter))))

    assert chart["title"] == "Credits in steps of 7 days (UTC)"
    assert chart["chart"]["axis_config"]["categories"][0] == "24\u201329 Aug"


def test_somebody_else_is_named_and_a_leaver_marked() -> None:
    assert render(replace(OWN, person=BOB, is_viewer=False)).blocks[0]["text"]["text"] == "Codex usage of Bob"
    left = render(replace(OWN, person=ZOE, is_viewer=False))
    assert left.blocks[0]["text"]["text"] == "Codex usage of Zoe (left 3 Nov 2026)"
    undated = render(replace(OWN, person=replace(ZOE, left_on=None), is_viewer=False))
    assert undated.blocks[0]["text"]["text"] == "Codex usage of Zoe (left)"


def test_somebody_without_a_name_has_an_address() -> None:
    title = render(replace(OWN, person=replace(BOB, name=" "), is_viewer=False)).blocks[0]["text"]["text"]

    assert title == "Codex usage of bob@example.com"
