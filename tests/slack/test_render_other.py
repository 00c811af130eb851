"""The organisation, reviews, status, help and the short answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.answers import (
    AdminStatus,
    Answer,
    GroupSlice,
    HelpAnswer,
    HelpLine,
    NoReports,
    NotForYou,
    NotKnown,
    OrgAnswer,
    PersonAnswer,
    ReviewsAnswer,
    StatusAnswer,
    TeamAnswer,
)
from bot.core.grammar import HELP
from bot.core.models import MICRO, Reviews, Slice, Totals
from bot.slack.render import render
from tests.slack.cast import ALICE, BOB, FRESH, THIS_WEEK, figures, person, row, used
from tests.slack.show import checked, shown

ORG = OrgAnswer(
    figures=figures(),
    people=40,
    active=18,
    active_before=15,
    groups=(GroupSlice("Platform", 10, 8, used(600)), GroupSlice(None, 30, 10, used(300))),
    folded_groups=True,
    unattributed=used(100),
    workspace_gap=None,
)
TEAM = TeamAnswer(
    lead=ALICE,
    is_viewer=False,
    figures=figures(),
    rows=(),
    remainder=None,
    people=40,
    active=40,
    active_before=None,
)
REVIEWS = ReviewsAnswer(
    period=THIS_WEEK,
    reviews=Reviews(40, 100, 1, 20, 79, 30, 50, 25, 10, 5, 3, 1),
    before=Reviews(20, 50, 0, 20, 30),
    days=tuple((day, n) for n, day in enumerate(THIS_WEEK.days())),
    freshness=FRESH,
)
STATUS = StatusAnswer(
    freshness=FRESH,
    last_run=datetime(2026, 11, 22, 9, 12, tzinfo=UTC),
    last_run_ok=True,
    next_run=datetime(2026, 11, 22, 10, 12, tzinfo=UTC),
    admin=None,
)


def test_the_organisation() -> None:
    assert shown(render(ORG)) == snapshot("""\
# Codex usage of the organisation
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
18 of 40 (45 %)
15 before
*Credits per active person*
50
[table: Each team, most credits first]
Team | People | Active | Credits | Threads | Turns | Tokens
Platform | 10 | 8 | 600 | 30 | 150 | 3.3M
No team | 30 | 10 | 300 | 15 | 75 | 1.7M
Small teams are shown together, without saying how many of their people are active.
Not matched to an employee: 100 credits, 5 threads, 25 turns.
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


def test_the_organisation_for_a_screen_reader() -> None:
    assert render(ORG).text == snapshot("""\
Codex usage of the organisation: last 28 days (25 Oct – 21 Nov 2026), compared with the 28 days before.
The organisation used 1,000 credits (+25 %) in 50 threads (+25 %) and 250 turns (+25 %).
That took 5,500,000 tokens (+25 %): 5,200,000 input tokens (+25 %), of which 4,100,000 cached and 1,100,000 uncached, and 300,000 output tokens (+25 %).
18 of 40 people (45 %) were active, 15 before.
An active person used 50 credits on average.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.
Platform: 8 of 10 (80 %) active, 600 credits, 30 threads, 150 turns.
No team: 10 of 30 (33 %) active, 300 credits, 15 threads, 75 turns.
Small teams are shown together, without saying how many of their people are active.
Not matched to an employee: 100 credits, 5 threads, 25 turns.
By surface: CLI 70 % (700 credits, 35 threads, 175 turns, 3.9M tokens); IDE 30 % (300 credits, 15 threads, 75 turns, 1.7M tokens).
By model: gpt-5-codex 100 % (1,000 credits, 5.5M tokens).
Credits in steps of 2 days (UTC): 25–26 Oct: 10, 27–28 Oct: 50, 29–30 Oct: 90, 31 Oct–1 Nov: 60, 2–3 Nov: 30, 4–5 Nov: 70, 6–7 Nov: 110, 8–9 Nov: 10, 10–11 Nov: 50, 12–13 Nov: 90, 14–15 Nov: 60, 16–17 Nov: 30, 18–19 Nov: 70, 20–21 Nov: 110.\
""")


def test_a_gap_is_shown_only_where_there_is_one() -> None:
    assert "workspace's own total" not in render(replace(ORG, workspace_gap=Totals())).text
    gap = Totals(credits_micro=-5 * MICRO, turns=1)
    assert (
        "The workspace's own total differs from the sum of its accounts by \u22125 credits, 0 threads, 1 turn."
        in checked(render(replace(ORG, workspace_gap=gap))).text
    )


def test_an_organisation_without_teams_or_loose_ends() -> None:
    message = checked(render(replace(ORG, groups=(), folded_groups=False, unattributed=Totals())))

    assert "An active person used 55.56 credits on average." in message.text
    assert "[table" not in shown(message)


def test_many_teams_still_add_up() -> None:
    groups = tuple(GroupSlice(f"Team {n}", 3, 2, used(10)) for n in range(150))
    message = checked(render(replace(ORG, groups=groups)))
    rows = next(block["rows"] for block in message.blocks if block["type"] == "data_table")

    assert rows[-1][0]["text"] == "51 more teams"
    assert [sum(cells[n]["value"] for cells in rows[1:]) for n in (1, 2, 3)] == [450, 300, 1_500]
    assert "more teams: " in message.text


def test_a_team_whose_active_people_were_not_counted() -> None:
    groups = (*(GroupSlice("Web", 3, 2, used(10)) for _ in range(100)), GroupSlice("Ops", 4, None, used(10)))
    message = checked(render(replace(ORG, groups=groups[-1:])))
    assert "Ops: 4 people, 10 credits" in message.text
    assert "Ops | 4 | \u2013 | 10" in shown(message)

    folded = checked(render(replace(ORG, groups=groups)))
    assert "2 more teams | 7 | \u2013 | 20" in shown(folded)


def test_reviews() -> None:
    assert shown(render(REVIEWS)) == snapshot("""\
# Code reviews by Codex
(This week (16–22 Nov 2026), compared with the 7 days before)
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial)
*Pull requests reviewed*
40 (+100 %)
*Comments*
100 (+100 %)
*P0 findings*
1 (none before)
*P1 findings*
20 (±0 %)
*P2 findings*
79 (+163 %)
Codex had reviewed 30 pull requests merged in this period, with 50 comments.
*Engaged with*
25 of 50 (50 %)
*Replied to*
10 of 50 (20 %)
*Reacted to*
5 of 50 (10 %)
*Voted up*
3 of 50 (6 %)
*Voted down*
1 of 50 (2 %)
[chart: Reviews by day (UTC): 16 Nov = 0, 17 Nov = 1, 18 Nov = 2, 19 Nov = 3, 20 Nov = 4, 21 Nov = 5, 22 Nov = 6 reviews]
""")
    assert render(REVIEWS).text == snapshot("""\
Code reviews by Codex: this week (16–22 Nov 2026), compared with the 7 days before.
Codex reviewed 40 pull requests (+100 %) and left 100 comments (+100 %): 1 P0 finding (none before), 20 P1 findings (±0 %), 79 P2 findings (+163 %).
Codex had reviewed 30 pull requests merged in this period, with 50 comments.
Of those comments, 25 of 50 (50 %) were engaged with, 10 of 50 (20 %) were replied to, 5 of 50 (10 %) were reacted to, 3 of 50 (6 %) were voted up, 1 of 50 (2 %) was voted down.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial.
Reviews by day (UTC): 16 Nov: 0, 17 Nov: 1, 18 Nov: 2, 19 Nov: 3, 20 Nov: 4, 21 Nov: 5, 22 Nov: 6.\
""")


def test_reviews_of_days_of_which_some_were_not_read() -> None:
    freshness = replace(FRESH, missing=(date(2026, 11, 17),))
    message = checked(render(replace(REVIEWS, freshness=freshness)))

    assert "(*These figures leave out 17 Nov 2026, which was not read, so changes look too low.*)" in shown(
        message
    )
    assert "17 Nov: not read, 18 Nov: 2" in message.text


def test_no_reviews() -> None:
    message = checked(render(replace(REVIEWS, reviews=Reviews(), before=None, days=())))

    assert "Codex reviewed 0 pull requests and left 0 comments: 0 P0 findings, " in message.text
    assert "no earlier data" in message.text
    assert "ngaged" not in message.text
    assert "[chart" not in shown(message)


def test_status() -> None:
    assert shown(render(STATUS)) == snapshot("""\
# State of the figures
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.
Last run 22 Nov 2026 09:12 UTC: all went well.
Next run 22 Nov 2026 10:12 UTC.
""")


def test_status_before_the_first_run() -> None:
    message = checked(render(replace(STATUS, last_run=None, next_run=None)))

    assert "There was no run yet." in message.text


def test_status_for_an_admin() -> None:
    admin = AdminStatus(17, 15, 20, 3, (date(2026, 11, 3),), "HTTP 500\nfrom <https://api.example.com|here>")
    message = render(replace(STATUS, last_run_ok=False, admin=admin))

    assert shown(message) == snapshot("""\
# State of the figures
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.
Last run 22 Nov 2026 09:12 UTC: a part failed.
Next run 22 Nov 2026 10:12 UTC.
People in the roster: 17; matched to Slack: 15 of 17 (88 %).
Usage accounts: 20; not matched to anybody: 3 of 20 (15 %).
Days whose newest figures were refused: 3 Nov 2026.
Last error: HTTP 500 from &lt;https://api.example.com|here&gt;
""")


def test_help() -> None:
    lines = (HelpLine("me [period]", "your own usage"), HelpLine("/codex-usage help", "this list"))
    message = render(HelpAnswer(lines))

    assert shown(message) == snapshot("""\
# What you can ask
*Usage of people*
`/codex-usage me [period]` – your own usage
*This bot*
`/codex-usage help` – this list
*For example*
`/codex-usage me 7d` – your last seven complete days
*Periods* are whole UTC days; without one you get the last 28
`7d` `28d` `90d` – that many complete days, today not in it
`today` `yesterday` `week` `last week` `month` `last month`
`2026-W47` `2026-10` `2026-10-01` `2026-10-01..2026-10-31`
""")


def test_the_nearest_command_comes_first() -> None:
    lines = (HelpLine("me [period]", "your own usage"),)
    message = render(HelpAnswer(lines, "I do not know \u201ctaem\u201d.", "team"))

    assert shown(message).splitlines()[:4] == [
        "Did you mean `/codex-usage team`?",
        "I do not know \u201ctaem\u201d.",
        "# What you can ask",
        "*Usage of people*",
    ]
    assert message.text.startswith("Did you mean `/codex-usage team`?\nI do not know \u201ctaem\u201d.\n")


def test_every_command_has_its_group() -> None:
    text = render(HelpAnswer(tuple(HelpLine(line.usage, line.does) for line in HELP))).text

    assert "*As a file*\n`/codex-usage export" in text
    assert "*More*" not in text


def test_a_command_of_no_group_is_shown_and_examples_are_only_of_what_one_may_use() -> None:
    text = render(HelpAnswer((HelpLine("who", "looks"), HelpLine("org [period]", "all")))).text

    assert "*More*\n`/codex-usage who` \u2013 looks" in text
    assert "`/codex-usage org 2026-10`" in text
    assert "`/codex-usage team last week`" not in text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            NotKnown(),
            snapshot("""\
I do not know you yet, so I cannot show you anything.
I find people by their e-mail address: the one in your Slack profile has to be the one that your company's list of employees has for you.
If you have just joined, please try again tomorrow. If the addresses differ, please tell the people who run this bot.\
"""),
        ),
        (
            NotForYou(),
            snapshot("""\
I have nothing to show you for that.
You can ask about yourself and about everyone who reports to you, directly or through others. For anything else I always answer with these words, whether it exists or not.
`/codex-usage help` lists what you can ask.\
"""),
        ),
        (
            NoReports(ALICE, is_viewer=True),
            snapshot(
                "Nobody reports to you in your company's list of employees, so there is no team to show. `/codex-usage me` shows your own usage; if somebody should report to you, please tell the people who run this bot."
            ),
        ),
        (
            NoReports(BOB, is_viewer=False),
            snapshot(
                "Nobody reports to Bob in your company's list of employees, so there is no team to show."
            ),
        ),
    ],
)
def test_short_answers(answer: Answer, words: str) -> None:
    assert checked(render(answer)).text == words


NAMES = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("<>&!@#|*_~`:\n\u202e\U0001f600")), max_size=120
)


def _mrkdwn(value: object) -> list[str]:
    """Every text that Slack would parse."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for part in value.values() for text in _mrkdwn(part)]
    return [text for part in value for text in _mrkdwn(part)] if isinstance(value, list) else []


@settings(derandomize=True, max_examples=60, deadline=None)
@given(NAMES, NAMES)
def test_no_name_does_anything(name: str, label: str) -> None:
    """Names, teams, models and typed words reach Slack without a bracket, and within its limits."""
    who = person("x")
    named = replace(who, name=name)
    models = (Slice(label, used(1_000)),)
    answers: list[Answer] = [
        PersonAnswer(named, is_viewer=False, figures=figures(models=models), active_days=1, streak=1),
        replace(TEAM, lead=named, rows=tuple(row(named, 1, 1) for _ in range(40))),
        replace(ORG, groups=(GroupSlice(label, 1, 1, used(1)),)),
        NoReports(named, is_viewer=False),
        HelpAnswer((), name, label),
    ]

    for answer in answers:
        message = checked(render(answer))
        for text in [message.text, *_mrkdwn(message.blocks)]:
            assert "<" not in text
            assert ">" not in text
