"""The Home tab as people see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from inline_snapshot import snapshot

from bot.core.answers import HelpLine, NotKnown, PersonAnswer
from bot.core.grammar import HELP
from bot.core.home import HomeAnswer, TeamSummary
from bot.core.models import Freshness
from bot.demo.slack.gestures import elements_of
from bot.demo.slack.view_rules import view_is_too_large, view_problems
from bot.slack.home import home_with, render_home
from bot.slack.messages import Message, sentence
from bot.slack.terminal import as_text
from bot.slack.views import View
from tests.slack.cast import FRESH, LAST_28_DAYS, figures, person, used
from tests.slack.test_limits import DAY, NAMES, PAID, RAGGED
from tests.slack.test_settings import USUAL

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LINES = tuple(HelpLine(line.usage, line.does) for line in HELP)
BOB = person("Bob", team="Payments")
OWN = PersonAnswer(BOB, is_viewer=True, figures=figures(), active_days=20, streak=3)
MANAGER = HomeAnswer(
    now=NOW,
    period=LAST_28_DAYS,
    person=BOB,
    is_admin=False,
    is_finance=False,
    own=OWN,
    team=TeamSummary(people=5, active=4, active_before=3, totals=used(1_000), before=used(800)),
    settings=USUAL,
    lines=LINES[:3],
    freshness=FRESH,
)
OUTSIDER = replace(
    MANAGER, person=None, own=None, team=None, settings=None, is_admin=True, is_finance=True, lines=LINES[-1:]
)
UNREAD = Freshness(None, None, missing=tuple(LAST_28_DAYS.days()))


def shown(view: View) -> str:
    return as_text(Message("", view["blocks"]))


def buttons(view: View) -> dict[str, str]:
    """What each button says, and the command that it is."""
    return {
        element["text"]["text"]: str(element.get("value") or element["action_id"])
        for _, element in elements_of(view["blocks"])
    }


def test_a_manager_sees_themselves_the_team_and_the_settings() -> None:
    assert shown(render_home(MANAGER)) == snapshot("""\
Codex Usage
===========

You are Bob (bob@example.com), in the team Payments.
5 people report to you, directly or through others.

------------------------------------------------------------------------------

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
Active days     20 of 28 (71 %)
Current streak  3 days
Top surface     CLI, 70 %

Credits in steps of 2 days (UTC)

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
1,000 credits · 5.5M tokens

------------------------------------------------------------------------------

Your team
=========

Last 28 days (25 Oct – 21 Nov 2026), compared with the 28 days before

Active people  4 of 5 (80 %)
               3 before
Credits        1,000 (+25 %)
Threads        50 (+25 %)
Turns          250 (+25 %)
Tokens         5.5M (+25 %)
               Input: 5.2M (4.1M cached, 1.1M uncached)
               Output: 300k

------------------------------------------------------------------------------

Your digest settings
====================

Your weekly digest comes on Mondays at 09:00 (Europe/Berlin), the usual time
in your company.
Next: Mon 23 Nov, 09:00.
About everyone below you: on.
About your own usage: off.

------------------------------------------------------------------------------

In any conversation, seen only by you:
/codex-usage me [period]
/codex-usage @person [period]
/codex-usage team [@manager] [period]

As of 22 Nov 2026 09:30 UTC. Open this tab again for newer figures.

What this bot stores: counts by day (threads, turns, credits, tokens, lines
and commits), never what you asked or wrote; names, addresses and who reports
to whom, from your company's list and from Slack; and your settings here.

Who sees it: you, everyone above you in the reporting lines, and admins.
Finance sees sums of at least five people. Your colleagues see nothing of
yours.\
""")
    assert buttons(render_home(MANAGER)) == snapshot(
        {
            "Last 7 days": "me 7d",
            "This month": "me month",
            "Last 90 days": "me 90d",
            "Everyone below you": "team",
            "Last week": "team last week",
            "Ranking": "top",
            "Pause": "settings.pause",
            "Change…": "settings.open",
            "Everything you can ask": "help",
            "Code reviews": "reviews",
        }
    )


def test_an_admin_who_is_not_in_the_roster_sees_what_to_ask() -> None:
    assert shown(render_home(OUTSIDER)) == snapshot("""\
Codex Usage
===========

You are not in your company's list of employees, so there is no usage of your
own to show.
As an admin you may see everyone.
As finance you may see the organisation and its teams, without names.

------------------------------------------------------------------------------

The organisation
================

------------------------------------------------------------------------------

In any conversation, seen only by you:
/codex-usage help

As of 22 Nov 2026 09:30 UTC. Open this tab again for newer figures. Complete
to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.

What this bot stores: counts by day (threads, turns, credits, tokens, lines
and commits), never what you asked or wrote; names, addresses and who reports
to whom, from your company's list and from Slack; and your settings here.

Who sees it: you, everyone above you in the reporting lines, and admins.
Finance sees sums of at least five people. Your colleagues see nothing of
yours.\
""")
    assert buttons(render_home(OUTSIDER)) == snapshot(
        {
            "Last 28 days": "org",
            "Last month": "org last month",
            "State of the figures": "status",
            "Everything you can ask": "help",
            "Code reviews": "reviews",
        }
    )


def test_who_is_not_known_reads_how_to_become_known_and_what_is_stored() -> None:
    assert shown(render_home(NotKnown())) == snapshot("""\
Codex Usage
===========

I do not know you yet, so I cannot show you anything.
I find people by their e-mail address: the one in your Slack profile has to be
the one that your company's list of employees has for you.
If you have just joined, please try again tomorrow. If the addresses differ,
please tell the people who run this bot.

What this bot stores: counts by day (threads, turns, credits, tokens, lines
and commits), never what you asked or wrote; names, addresses and who reports
to whom, from your company's list and from Slack; and your settings here.

Who sees it: you, everyone above you in the reporting lines, and admins.
Finance sees sums of at least five people. Your colleagues see nothing of
yours.\
""")
    assert buttons(render_home(NotKnown())) == {}


def test_before_anything_was_read_there_are_no_figures() -> None:
    own = replace(OWN, figures=figures(freshness=UNREAD))
    page = shown(render_home(replace(MANAGER, own=own, freshness=UNREAD)))

    assert "the first sync is still to finish" in page
    assert "Credits" not in page


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("spent", [used(0), PAID], ids=["none", "most"])
def test_slack_takes_every_home(name: str, spent: object) -> None:
    who = replace(BOB, name=name, team=name, email=f"{name}@example.com")
    ragged = Freshness(DAY.since, NOW, RAGGED, RAGGED, RAGGED)
    own = replace(OWN, person=who, figures=figures(totals=spent, freshness=ragged))
    for answer in (
        replace(MANAGER, person=who, own=own, lines=LINES, is_admin=True, is_finance=True, freshness=ragged),
        replace(OUTSIDER, lines=LINES),
        NotKnown(),
    ):
        view = render_home(answer)
        assert view_problems(view, native_blocks=False) == []
        assert not view_is_too_large(view)


def test_a_page_with_a_sentence_on_it() -> None:
    view = home_with(sentence("Something went wrong."))

    assert view_problems(view) == []
    assert "Something went wrong." in shown(view)
