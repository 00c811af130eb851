"""Digests as their readers have them: on a phone, and read aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.core.alerts.quality import AlertQuality
from bot.core.commands import Help
from bot.core.digests.contents import Digest, Headcount
from bot.core.grammar import parse_command
from bot.core.models import MICRO, Totals
from bot.core.periods import Period
from bot.slack.digests import render_digest
from bot.slack.terminal import as_text
from tests.slack.cast import used
from tests.slack.digest_cast import (
    BOBS_TEAM,
    CORRECTIONS,
    GAIL,
    LASTING,
    LEFT_OUT,
    MANAGER,
    ORGANISATION,
    PERSONAL,
    QUIET,
    READ_AT,
    UNREAD,
    W47,
    WHOLE,
    points,
    week,
)
from tests.slack.show import checked, shown


def test_a_managers_week() -> None:
    assert shown(render_digest(MANAGER)) == snapshot("""\
*Your team's Codex week, 16–22 Nov 2026*
*Active people*
14 of 17 (82 %)
12 before
*Credits*
1,240 (+12 %)
*Credits per active person*
88.57
*Threads*
62 (+13 %)
*Turns*
310 (+12 %)
*Code reviews, whole workspace*
41
12 of 60 comments (20 %) answered
[chart: Credits by day: This week: Mon = 210, Tue = 260, Wed = 240, Thu = 300, Fri = 220, Sat = 10, Sun = 0; Week before: Mon = 200, Tue = 240, Wed = 230, Thu = 220, Fri = 210, Sat = 7, Sun = 0 credits (UTC days)]
[table: Your direct reports, most credits first]
Person | Credits | Change | Active days
Bob's team (7 of 9 active) | 500 | +47 % | –
Gail | 430 | +79 % | 5
Bob | 310 | −41 % | 4
Carol | 0 | ±0 % | 0
*Changed most*
Gail: 430 credits, up from 240 (+79 %), mostly through CLI
Bob's team: 500 credits, up from 340 (+47 %)
Bob: 310 credits, down from 527 (−41 %), mostly with gpt-5.5 (fast)
3 people have not used Codex yet: Carol and 2 more people. The figures begin on 24 Aug 2026.
Gail used Codex on every weekday.
[Details: ask.details team 2026-W47] [Week before: ask.before team 2026-W46] [CSV: ask.csv export team csv 2026-W47] [Settings: settings.open 2026-W47]
(Complete to Sun 22 Nov (UTC), read 23 Nov 2026 12:40 UTC)
(Usage tells how Codex is used, not how well anybody works.)
""")


def test_a_managers_week_read_aloud() -> None:
    assert checked(render_digest(MANAGER)).text == snapshot("""\
Your team's Codex week, 16–22 Nov 2026.
14 of 17 people (82 %) used Codex, 12 the week before.
In all: 1,240 credits (+12 %), 62 threads (+13 %) and 310 turns (+12 %).
An active person used 88.57 credits on average.
Changed most: Gail, 430 credits, up from 240 (+79 %), mostly through CLI; Bob's team, 500 credits, up from 340 (+47 %); Bob, 310 credits, down from 527 (−41 %), mostly with gpt-5.5 (fast).
3 people have not used Codex yet: Carol and 2 more people. The figures begin on 24 Aug 2026.
Gail used Codex on every weekday.
In the whole workspace Codex reviewed 41 pull requests and left 97 comments.
Of the comments on what was merged, 12 of 60 comments (20 %) got an answer.
Bob's team (7 of 9 active): 500 credits (+47 %), 25 threads, 125 turns.
Gail: 430 credits (+79 %), 21 threads, 107 turns.
Bob: 310 credits (−41 %), 15 threads, 77 turns.
Carol: no use.\
""")


def test_a_week_that_is_not_complete_says_so_first() -> None:
    """And compares nothing, not even in the table."""
    assert shown(render_digest(LEFT_OUT)) == snapshot("""\
*Your team's Codex week, 16–22 Nov 2026*
These figures leave out 20 Nov 2026, which was not read.
22 Nov 2026 is not complete yet: the figures may still grow.
So this week is not compared with the week before.
For 16 Nov 2026 older figures are shown, because the newest looked wrong.
*Active people*
14 of 17 (82 %)
*Credits*
1,240
*Credits per active person*
87.14
*Threads*
62
*Turns*
310
*Code reviews, whole workspace*
41
12 of 60 comments (20 %) answered
[chart: Credits by day: Mon = 210, Tue = 260, Wed = 240, Thu = 300, Fri no data = 220, Sat = 10, Sun part. = 0 credits (UTC days; part. = not complete)]
[table: Your direct reports, most credits first]
Person | Credits | Active days
Gail | 430 | 5
Zoe (left 3 Nov 2026) | 20 | 2
Carol | 0 | 0
[Details: ask.details team 2026-W47] [Week before: ask.before team 2026-W46] [CSV: ask.csv export team csv 2026-W47] [Settings: settings.open 2026-W47]
(Complete to Thu 19 Nov (UTC), read 23 Nov 2026 12:40 UTC)
(Usage tells how Codex is used, not how well anybody works.)
""")


def test_a_week_that_is_not_complete_read_aloud() -> None:
    assert checked(render_digest(LEFT_OUT)).text == snapshot("""\
Your team's Codex week, 16–22 Nov 2026.
These figures leave out 20 Nov 2026, which was not read.
22 Nov 2026 is not complete yet: the figures may still grow.
So this week is not compared with the week before.
For 16 Nov 2026 older figures are shown, because the newest looked wrong.
14 of 17 people (82 %) used Codex.
In all: 1,240 credits, 62 threads and 310 turns.
An active person used 87.14 credits on average.
In the whole workspace Codex reviewed 41 pull requests and left 97 comments.
Of the comments on what was merged, 12 of 60 comments (20 %) got an answer.
Gail: 430 credits, 21 threads, 107 turns.
Zoe (left 3 Nov 2026): 20 credits, 1 thread, 5 turns.
Carol: no use.\
""")


def test_a_team_that_everybody_left_has_no_share_of_active_people() -> None:
    gone = replace(BOBS_TEAM, team=Headcount(0, 0, 2))
    text = render_digest(replace(MANAGER, rows=(gone,), movers=())).text
    assert text.split("\n")[-1] == snapshot("Bob's team: 500 credits (+47 %), 25 threads, 125 turns.")


def test_corrections_are_told() -> None:
    digest = replace(MANAGER, week=week(corrections=CORRECTIONS))
    (line,) = [line for line in render_digest(digest).text.split("\n") if line.startswith("Corrected")]
    assert line == snapshot(
        "Corrected since last week's digest: Mon 9 Nov −12 %, now 176 credits; Fri 13 Nov none before, now 44 credits."
    )


def lasting_lines(digest: Digest) -> list[str]:
    """What is said of them; it is the same for eyes and ears."""
    message = checked(render_digest(digest))
    lines = [line for line in message.text.split("\n") if line.startswith("Lasting")]
    assert [line for line in shown(message).split("\n") if line.startswith("Lasting")] == lines
    return lines


def test_lasting_changes_are_told_and_the_others_counted() -> None:
    new = replace(LASTING, person=GAIL, usual_micro=MICRO // 2, driver=None)
    assert lasting_lines(replace(MANAGER, lasting=(LASTING, new), more_lasting=2)) == snapshot(
        [
            "Lasting change: Carol, since Tue 3 Nov about 240 credits an active day, before 80 (×3.0), mostly through CLI.",
            "Lasting change: Gail, since Tue 3 Nov about 240 credits an active day, before 0.",
            "Lasting changes of 2 more people.",
        ]
    )


def test_ones_own_lasting_change_is_told_to_oneself() -> None:
    assert lasting_lines(replace(PERSONAL, lasting=LASTING)) == snapshot(
        [
            "Lasting change: you, since Tue 3 Nov about 240 credits an active day, before 80 (×3.0), mostly through CLI."
        ]
    )


def test_a_quiet_week_is_one_line() -> None:
    assert shown(render_digest(QUIET)) == snapshot("""\
*Your team's Codex week, 16–22 Nov 2026.* It was quiet: nobody used Codex.
[Details: ask.details team 2026-W47] [Week before: ask.before team 2026-W46] [CSV: ask.csv export team csv 2026-W47] [Settings: settings.open 2026-W47]
""")


def test_next_to_nothing_is_a_quiet_week_too() -> None:
    little = Totals(rows=1, threads=1, turns=2, credits_micro=400_000)
    digest = replace(
        QUIET, week=replace(QUIET.week, totals=little), headcount=replace(QUIET.headcount, active=1)
    )
    assert render_digest(digest).text == snapshot(
        "Your team's Codex week, 16–22 Nov 2026. It was quiet: 1 of 9 people (11 %) used Codex, 0.4 credits in all."
    )


def test_a_quiet_week_that_is_not_complete_says_so() -> None:
    digest = replace(QUIET, week=replace(QUIET.week, freshness=LEFT_OUT.week.freshness, before=None))
    assert shown(render_digest(digest)) == snapshot("""\
*Your team's Codex week, 16–22 Nov 2026.* It was quiet: nobody used Codex.
These figures leave out 20 Nov 2026, which was not read.
22 Nov 2026 is not complete yet: the figures may still grow.
So this week is not compared with the week before.
For 16 Nov 2026 older figures are shown, because the newest looked wrong.
[Details: ask.details team 2026-W47] [Week before: ask.before team 2026-W46] [CSV: ask.csv export team csv 2026-W47] [Settings: settings.open 2026-W47]
""")


def test_a_week_of_which_nothing_was_read_is_no_quiet_week() -> None:
    assert shown(render_digest(UNREAD)) == snapshot("""\
*Your team's Codex week, 16–22 Nov 2026.* Nothing of this week could be read yet, so there is nothing to tell.
[Details: ask.details team 2026-W47] [Week before: ask.before team 2026-W46] [CSV: ask.csv export team csv 2026-W47] [Settings: settings.open 2026-W47]
""")


def test_ones_own_week() -> None:
    assert shown(render_digest(PERSONAL)) == snapshot("""\
*Your Codex week, 16–22 Nov 2026*
*Credits*
1,240 (+12 %)
*Threads*
62 (+13 %)
*Turns*
310 (+12 %)
*Tokens*
6.8M (+12 %)
*Active days*
5 of 7 (71 %)
*Weekdays in a row*
12
By surface: CLI 65 %, IDE 27 %, Cloud 8 %.
By model: gpt-5.5 81 %, gpt-5.5 (fast) 19 %.
[chart: Credits by day: This week: Mon = 210, Tue = 260, Wed = 240, Thu = 300, Fri = 220, Sat = 10, Sun = 0; Week before: Mon = 200, Tue = 240, Wed = 230, Thu = 220, Fri = 210, Sat = 7, Sun = 0 credits (UTC days)]
[Details: ask.details me 2026-W47] [Week before: ask.before me 2026-W46] [CSV: ask.csv export me csv 2026-W47] [Settings: settings.open 2026-W47]
(Complete to Sun 22 Nov (UTC), read 23 Nov 2026 12:40 UTC)
""")


def test_ones_own_week_read_aloud() -> None:
    assert checked(render_digest(PERSONAL)).text == snapshot("""\
Your Codex week, 16–22 Nov 2026.
You used 1,240 credits (+12 %) in 62 threads (+13 %) and 310 turns (+12 %), which took 6,820,000 tokens (+12 %).
You were active on 5 of 7 days (71 %), 12 weekdays in a row by now.
By surface: CLI 65 %, IDE 27 %, Cloud 8 %.
By model: gpt-5.5 81 %, gpt-5.5 (fast) 19 %.\
""")


def test_ones_own_quiet_week() -> None:
    quiet = replace(PERSONAL, week=QUIET.week, active_days=0, streak=0, is_quiet=True)
    assert render_digest(quiet).text == snapshot(
        "Your Codex week, 16–22 Nov 2026. It was quiet: you used no Codex."
    )
    little = Totals(rows=1, threads=1, turns=2, credits_micro=400_000)
    some = replace(quiet, week=replace(QUIET.week, totals=little), active_days=1)
    assert render_digest(some).text == snapshot(
        "Your Codex week, 16–22 Nov 2026. It was quiet: you used 0.4 credits on 1 day."
    )


def test_the_organisations_week() -> None:
    assert shown(render_digest(ORGANISATION)) == snapshot("""\
*The organisation's Codex week, 16–22 Nov 2026*
*Active people*
30 of 42 (71 %)
28 before
*Credits*
1,240 (+12 %)
*Credits per active person*
40
*Threads*
62 (+13 %)
*Turns*
310 (+12 %)
*Code reviews, whole workspace*
41
12 of 60 comments (20 %) answered
[chart: Credits by day: This week: Mon = 210, Tue = 260, Wed = 240, Thu = 300, Fri = 220, Sat = 10, Sun = 0; Week before: Mon = 200, Tue = 240, Wed = 230, Thu = 220, Fri = 210, Sat = 7, Sun = 0 credits (UTC days)]
[table: Each team, most credits first]
Team | People | Active | Credits | Change | Credits per active person
Platform | 12 | 9 | 700 | +40 % | 77.78
No team | 9 | – | 300 | −6 % | –
All other teams | 21 | – | 200 | – | –
*Changed most*
Platform: 700 credits, up from 500 (+40 %)
By surface: CLI 65 %, IDE 27 %, Cloud 8 %.
By model: gpt-5.5 81 %, gpt-5.5 (fast) 19 %.
Not matched to an employee: 40 credits (3 %), 2 threads, 10 turns.
Small teams are shown together and few active people are not counted, so that no figure is one person's.
[Details: ask.details org 2026-W47] [Week before: ask.before org 2026-W46] [CSV: ask.csv export org csv 2026-W47]
(Complete to Sun 22 Nov (UTC), read 23 Nov 2026 12:40 UTC)
""")


def test_the_organisations_week_read_aloud() -> None:
    assert checked(render_digest(ORGANISATION)).text == snapshot("""\
The organisation's Codex week, 16–22 Nov 2026.
30 of 42 people (71 %) used Codex, 28 the week before.
In all: 1,240 credits (+12 %), 62 threads (+13 %) and 310 turns (+12 %).
An active person used 40 credits on average.
Changed most: Platform, 700 credits, up from 500 (+40 %).
By surface: CLI 65 %, IDE 27 %, Cloud 8 %.
By model: gpt-5.5 81 %, gpt-5.5 (fast) 19 %.
Not matched to an employee: 40 credits (3 %), 2 threads, 10 turns.
Small teams are shown together and few active people are not counted, so that no figure is one person's.
In the whole workspace Codex reviewed 41 pull requests and left 97 comments.
Of the comments on what was merged, 12 of 60 comments (20 %) got an answer.
Platform: 9 of 12 people (75 %) active, 700 credits, 77.78 credits for each active person.
No team: 9 people, 300 credits.
All other teams: 21 people, 200 credits.\
""")


def test_money_says_where_it_comes_from() -> None:
    totals = used(
        1_240, cost_usd_micro=5_000_000, cost_rows=1, estimated_cost_usd_micro=40_000_000, estimated_rows=20
    )
    digest = replace(ORGANISATION, week=week(totals=totals, credit_price_usd=Decimal("0.04")))
    assert [line for line in render_digest(digest).text.split("\n") if "$" in line] == snapshot(
        [
            "$5.00 billed in USD by OpenAI, in addition to the credits.",
            "$40.00 for the credits, by the usage API's own estimate.",
            "$49.60 for the credits, computed from your contract price of $0.04 a credit.",
        ]
    )


def test_the_organisations_week_tells_how_good_the_alerts_of_the_month_were() -> None:
    october = Period(date(2026, 10, 1), date(2026, 11, 1))
    digest = replace(ORGANISATION, alerts=AlertQuality(october, 9, 4, 2, 1, timedelta(hours=5)))
    words = "*Alerts in October:* 9 alerts: 4 real, 2 expected or normal, 1 corrected by the source, 2 not answered."
    assert words in shown(render_digest(digest))


@pytest.mark.parametrize("is_quiet", [False, True])
def test_the_alerts_of_the_month_are_told_in_a_quiet_week_too(*, is_quiet: bool) -> None:
    october = Period(date(2026, 10, 1), date(2026, 11, 1))
    digest = render_digest(replace(ORGANISATION, alerts=AlertQuality(october, 9, 4), is_quiet=is_quiet))
    assert "*Alerts in October:* 9 alerts: 4 real" in shown(digest)
    assert "Alerts in October" in digest.text


def test_the_organisations_quiet_week() -> None:
    quiet = replace(ORGANISATION, week=QUIET.week, headcount=QUIET.headcount, is_quiet=True)
    assert shown(render_digest(quiet)) == snapshot("""\
*The organisation's Codex week, 16–22 Nov 2026.* It was quiet: nobody used Codex.
[Details: ask.details org 2026-W47] [Week before: ask.before org 2026-W46] [CSV: ask.csv export org csv 2026-W47]
""")


def test_without_credits_the_chart_is_of_turns() -> None:
    turns = tuple(replace(p, totals=Totals(rows=1, turns=3)) for p in points(W47, *[0] * 7))
    digest = replace(PERSONAL, week=week(totals=Totals(rows=7, turns=21), days=turns, days_before=()))
    assert [
        line for line in shown(render_digest(digest)).split("\n") if line.startswith("[chart")
    ] == snapshot(
        [
            "[chart: Turns by day: Mon = 3, Tue = 3, Wed = 3, Thu = 3, Fri = 3, Sat = 3, Sun = 3 turns (UTC days)]"
        ]
    )


def test_a_chart_of_nothing_is_left_out() -> None:
    empty = points(W47, *[0] * 7)
    digest = replace(
        PERSONAL, week=week(totals=Totals(), days=empty, days_before=empty, surfaces=(), models=())
    )
    assert "[chart" not in shown(render_digest(digest))


@pytest.mark.parametrize("digest", [MANAGER, PERSONAL, ORGANISATION])
def test_a_button_that_asks_is_a_command(digest: Digest) -> None:
    (buttons,) = (block["elements"] for block in render_digest(digest).blocks if block["type"] == "actions")
    texts = [one["value"] for one in buttons if one["action_id"] in {"ask.details", "ask.before"}]
    assert len(texts) == 2
    assert not any(isinstance(parse_command(text, READ_AT.date()), Help) for text in texts)


def test_the_week_before_a_new_year_is_asked_for_by_its_name() -> None:
    """2026 has 53 ISO weeks."""
    first = Period(date(2027, 1, 4), date(2027, 1, 11), "2027-W01")
    lines = shown(render_digest(replace(QUIET, week=replace(QUIET.week, period=first, freshness=WHOLE))))
    assert lines.split("\n")[1] == snapshot(
        "[Details: ask.details team 2027-W01] [Week before: ask.before team 2026-W53] [CSV: ask.csv export team csv 2027-W01] [Settings: settings.open 2027-W01]"
    )


def test_a_digest_can_be_read_in_a_terminal() -> None:
    assert as_text(render_digest(MANAGER)) == snapshot("""\
Your team's Codex week, 16–22 Nov 2026

Active people                  14 of 17 (82 %)
                               12 before
Credits                        1,240 (+12 %)
Credits per active person      88.57
Threads                        62 (+13 %)
Turns                          310 (+12 %)
Code reviews, whole workspace  41
                               12 of 60 comments (20 %) answered

Credits by day
--------------
This week
Mon ███████░░░ 210
Tue █████████░ 260
Wed ████████░░ 240
Thu ██████████ 300
Fri ███████░░░ 220
Sat █░░░░░░░░░  10
Sun ░░░░░░░░░░   0
Week before
Mon ████████░░ 200
Tue ██████████ 240
Wed ██████████ 230
Thu █████████░ 220
Fri █████████░ 210
Sat █░░░░░░░░░   7
Sun ░░░░░░░░░░   0
UTC days

Your direct reports, most credits first
---------------------------------------
Person                      Credits  Change  Active days
Bob's team (7 of 9 active)      500   +47 %            –
Gail                            430   +79 %            5
Bob                             310   −41 %            4
Carol                             0    ±0 %            0

Changed most
Gail: 430 credits, up from 240 (+79 %), mostly through CLI
Bob's team: 500 credits, up from 340 (+47 %)
Bob: 310 credits, down from 527 (−41 %), mostly with gpt-5.5 (fast)

3 people have not used Codex yet: Carol and 2 more people. The figures begin
on 24 Aug 2026.
Gail used Codex on every weekday.

Complete to Sun 22 Nov (UTC), read 23 Nov 2026 12:40 UTC
Usage tells how Codex is used, not how well anybody works.\
""")
