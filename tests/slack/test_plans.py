"""Planned bursts as their readers have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from inline_snapshot import snapshot

from bot.core.alerts.cards import Subject
from bot.core.answers import PlanRow, PlansAnswer, PlansChange
from bot.core.periods import Period
from bot.core.plans.bursts import Plan
from bot.core.plans.expectations import Expectation
from bot.core.plans.notices import PlanNotice
from bot.slack.digests.plans import plan_lines
from bot.slack.plans import render_plan_notice
from bot.slack.render import render
from bot.slack.terminal import as_text
from tests.slack.cast import person
from tests.slack.show import shown

HOSTILE = "<!channel> & <https://x.example|pay>"
PERIOD = Period(date(2026, 11, 20), date(2026, 11, 23))
CAROL = person("Carol <@U1>")
PLAN = Plan(7, CAROL, Expectation("carol@example.com", PERIOD, HOSTILE, "bob@example.com", factor=5))
OWN = PlanRow(replace(PLAN, number=8), None, is_viewer=True, may_end=False)
ROW = PlanRow(PLAN, "Bob <@U2>", is_viewer=False, may_end=True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            PlansAnswer(()),
            snapshot("""\
# Planned bursts
(Nothing is planned that you may see. `/codex-usage expect 3d 5x load test` announces that you will use up to five times your usual for three days, today included.)
"""),
        ),
        (
            PlansAnswer((ROW, OWN)),
            snapshot("""\
# Planned bursts
*Carol &lt;@U1&gt;*: up to ×5 the usual until Sun 22 Nov, planned by Bob &lt;@U2&gt;: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;
*You*: up to ×5 the usual until Sun 22 Nov: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;
(Days are UTC days, to the end of the one that is named. What goes beyond a plan is told.)
"""),
        ),
        (
            PlansAnswer((ROW,), PlansChange.MADE),
            snapshot("""\
# Planned bursts
*Carol &lt;@U1&gt;*: up to ×5 the usual until Sun 22 Nov, planned by Bob &lt;@U2&gt;: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;
(Until the end of that day (UTC) nobody is told of days up to so much; more than that is told, and so is a day that reaches a fixed limit. The finance channel and the manager read of this plan. `/codex-usage expect` shows and ends it.)
"""),
        ),
        (
            PlansAnswer((ROW,), PlansChange.ENDED),
            snapshot("""\
# Planned bursts
*Carol &lt;@U1&gt;*: up to ×5 the usual until Sun 22 Nov, planned by Bob &lt;@U2&gt;: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;
(This plan has ended: from today (UTC) on such days are told again.)
"""),
        ),
    ],
)
def test_plans_are_shown_and_read_aloud(answer: PlansAnswer, words: str) -> None:
    message = render(answer)
    assert shown(message) == words
    assert message.text.splitlines()[1] in shown(message)


def test_each_plan_that_may_be_ended_has_a_button() -> None:
    blocks = render(PlansAnswer((ROW, OWN))).blocks
    assert [block.get("accessory", {}).get("value") for block in blocks] == [None, "7", None, None]
    assert all("accessory" not in block for block in render(PlansAnswer((ROW,), PlansChange.ENDED)).blocks)


def test_more_than_fit_are_counted() -> None:
    rows = tuple(replace(ROW, plan=replace(PLAN, number=number)) for number in range(45))
    assert "And 5 more, which end later." in shown(render(PlansAnswer(rows)))


def test_the_terminal_shows_them() -> None:
    assert "Carol" in as_text(render(PlansAnswer((ROW,))))


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (
            PlanNotice(Subject(name="Carol <@U1>"), 5, PLAN.last_day, None, HOSTILE),
            snapshot("""\
*Planned:* Carol &lt;@U1&gt; will use up to ×5 the usual until Sun 22 Nov (UTC): &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;
More than that is told as ever. `/codex-usage expect` shows what is planned.
"""),
        ),
        (
            PlanNotice(Subject(name="Carol"), 5, PLAN.last_day, "Bob", "load test"),
            snapshot("""\
*Planned:* Carol will use up to ×5 the usual until Sun 22 Nov (UTC), as Bob announces: load test
More than that is told as ever. `/codex-usage expect` shows what is planned.
"""),
        ),
        (
            PlanNotice(Subject(pseudonym="3F2A"), 5, PLAN.last_day),
            snapshot("""\
*Planned:* Person 3F2A will use up to ×5 the usual until Sun 22 Nov (UTC).
More than that is told as ever. `/codex-usage expect` shows what is planned.
"""),
        ),
    ],
)
def test_a_plan_is_announced_in_two_lines(notice: PlanNotice, words: str) -> None:
    message = render_plan_notice(notice)
    assert shown(message) == words
    assert f"{message.text}\n" == shown(message)


def test_a_digest_names_three_and_counts_the_rest() -> None:
    assert plan_lines([]) == []
    assert plan_lines([PLAN] * 2) == snapshot(
        ["Planned: Carol &lt;@U1&gt; up to ×5 until Sun 22 Nov, Carol &lt;@U1&gt; up to ×5 until Sun 22 Nov."]
    )
    assert plan_lines([PLAN] * 4)[0].endswith("1 more.")
