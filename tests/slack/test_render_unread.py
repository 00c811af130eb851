"""Days of which nothing was read give a sentence and never a zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from inline_snapshot import snapshot

from bot.core.answers import Answer, OrgAnswer, PersonAnswer, ReviewsAnswer, TeamAnswer, TopAnswer
from bot.core.metrics import Metric
from bot.core.models import DayPoint, Freshness, Reviews, Totals
from bot.core.periods import Period
from bot.slack.render import render
from tests.slack.cast import ALICE, BOB, FRESH, LAST_28_DAYS, THIS_WEEK, figures, row
from tests.slack.show import checked, shown

NOT_ONE = replace(FRESH, missing=tuple(LAST_28_DAYS.days()))
NOTHING = figures(
    freshness=NOT_ONE,
    totals=Totals(),
    surfaces=(),
    models=(),
    days=tuple(DayPoint(day, Totals()) for day in LAST_28_DAYS.days()),
)
TEAM = TeamAnswer(ALICE, True, NOTHING, (row(BOB, 0),), None, 1, 0, 1)  # noqa: FBT003  # the fields in order
OWN = PersonAnswer(ALICE, is_viewer=True, figures=NOTHING, active_days=0, streak=0)


@pytest.mark.parametrize(
    "answer",
    [
        OWN,
        TEAM,
        OrgAnswer(NOTHING, 40, 0, 15, (), folded_groups=False, unattributed=Totals(), workspace_gap=None),
        TopAnswer(Metric.CREDITS, LAST_28_DAYS, (), 12, NOT_ONE),
        ReviewsAnswer(LAST_28_DAYS, Reviews(), Reviews(20), ((LAST_28_DAYS.since, 0),), NOT_ONE),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_there_are_no_figures(answer: Answer) -> None:
    message = checked(render(answer))

    assert [block["type"] for block in message.blocks] == ["header", "context", "section"]
    assert "Nothing has been read for these days" in message.text
    assert "Nothing has been read for these days" in shown(message)
    assert "%" not in message.text
    assert not {"0 credits", "0 pull requests", "0 threads"} & set(message.text.splitlines())


def test_days_before_all_that_was_read() -> None:
    assert shown(render(OWN)) == snapshot("""\
# Your Codex usage
(Last 28 days (25 Oct – 21 Nov 2026))
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC)
Nothing has been read for these days, so I cannot say what was used.
Please ask for later days. `/codex-usage status` shows how far the figures go.
""")
    assert render(OWN).text == snapshot("""\
Your Codex usage: last 28 days (25 Oct – 21 Nov 2026).
Nothing has been read for these days, so I cannot say what was used.
Please ask for later days. `/codex-usage status` shows how far the figures go.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC.\
""")


def test_before_the_first_sync_has_ended() -> None:
    first = replace(NOTHING, freshness=replace(NOT_ONE, complete_to=None, read_at=None))

    assert shown(render(replace(OWN, figures=first))) == snapshot("""\
# Your Codex usage
(Last 28 days (25 Oct – 21 Nov 2026))
(No day is complete yet, nothing read yet)
Nothing has been read for these days yet: the first sync is still to finish.
Please ask again in a few minutes. `/codex-usage status` shows how far it has come.
""")


def test_a_day_that_the_next_sync_will_read() -> None:
    today = Period(date(2026, 11, 22), date(2026, 11, 23), "today")
    fresh = replace(FRESH, missing=(date(2026, 11, 22),))

    assert shown(render(replace(OWN, figures=figures(period=today, freshness=fresh)))) == snapshot("""\
# Your Codex usage
(Today (22 Nov 2026))
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial, nothing of it was read yet)
Nothing has been read for this day yet.
The next sync will change that. `/codex-usage status` shows when it comes.
""")


def test_one_day_that_was_read_is_enough_for_figures_that_say_what_is_missing() -> None:
    freshness = replace(FRESH, missing=tuple(LAST_28_DAYS.days())[:-1])
    message = checked(render(replace(OWN, figures=figures(freshness=freshness))))

    first = message.blocks[1]["elements"][0]["text"]
    assert (
        first
        == "*These figures leave out 25 Oct \u2013 20 Nov 2026, which were not read, so changes look too low.*"
    )
    assert message.text.splitlines()[1] == first.strip("*")


def test_without_a_comparison_no_change_looks_too_low() -> None:
    freshness = replace(FRESH, missing=(LAST_28_DAYS.since,))
    text = render(replace(OWN, figures=figures(freshness=freshness, before=None))).text

    assert text.splitlines()[1] == "These figures leave out 25 Oct 2026, which was not read."


def test_a_ranking_says_what_is_missing() -> None:
    freshness = replace(FRESH, missing=(LAST_28_DAYS.since,))
    message = checked(render(TopAnswer(Metric.CREDITS, LAST_28_DAYS, (row(BOB, 9),), 12, freshness)))

    assert message.text.splitlines()[1] == "These figures leave out 25 Oct 2026, which was not read."
    assert "(*These figures leave out 25 Oct 2026, which was not read.*)" in shown(message)


def test_today_not_yet_read_is_partial_and_not_left_out() -> None:
    """A week that has begun always ends with a day that is not over."""
    freshness = replace(FRESH, missing=(date(2026, 11, 22),))
    message = render(replace(OWN, figures=figures(period=THIS_WEEK, freshness=freshness)))

    assert "leave out" not in message.text
    assert "today is partial, nothing of it was read yet" in shown(message)


def test_reviews_that_were_read_are_shown_though_usage_was_not() -> None:
    answer = ReviewsAnswer(LAST_28_DAYS, Reviews(20), None, (), NOT_ONE)

    assert "Codex reviewed 20 pull requests" in checked(render(answer)).text


def test_a_freshness_of_nothing_leaves_nothing_out() -> None:
    message = checked(render(replace(OWN, figures=figures(freshness=Freshness(None, None)))))

    assert "You used 1,000 credits" in message.text
