"""Alerts of budgets as their readers have them: which, how far, since when, and where it will end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from inline_snapshot import snapshot

from bot.core.alerts.cards import Subject
from bot.core.budgets.cards import Armed, BudgetCard, BudgetItem
from bot.core.budgets.forecast import Driver, Forecast
from bot.core.budgets.orders import BudgetAlertKind
from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Budget, Cycle, Pace, Scope, Unit, period_of
from bot.core.models import MICRO
from bot.slack.alerts.budgets import MOST_LINES, render_budget_alert
from bot.slack.fallback import forms_of
from bot.slack.messages import Message
from tests.slack.show import checked, shown

TODAY = date(2026, 11, 20)
NOVEMBER = period_of(Cycle.MONTH, TODAY)
CORE = Budget(3, Scope.TEAM, "Core <b>", Cycle.MONTH, Unit.CREDITS, 10_000 * MICRO, (50, 80, 100), 1, TODAY)
FORECAST = Forecast(
    CORE,
    NOVEMBER,
    12_300 * MICRO,
    11_000 * MICRO,
    13_600 * MICRO,
    0.93,
    date(2026, 11, 24),
    (Driver("Ana", 4_000 * MICRO), Driver("Ben", 3_000 * MICRO), Driver("Cleo", 500 * MICRO)),
)
STANDING = Standing(
    CORE, NOVEMBER, 8_200 * MICRO, pace=Pace(Fraction(82, 100), Fraction(20, 30)), forecast=FORECAST
)
ITEM = BudgetItem(
    STANDING,
    80,
    date(2026, 11, 18),
    days=tuple((date(2026, 11, day), 400 * MICRO) for day in range(1, 21)),
)
CAROL = replace(
    ITEM,
    standing=replace(
        STANDING, budget=replace(CORE, scope=Scope.PERSON, name=None), forecast=None, used_micro=10_400 * MICRO,
        pace=Pace(Fraction(104, 100), Fraction(20, 30)),
    ),
    threshold=100,
    subject=Subject(name="Carol <@U1>"),
    days=(),
)  # fmt: skip


def message(*items: BudgetItem, kind: BudgetAlertKind = BudgetAlertKind.CHANNEL) -> Message:
    return render_budget_alert(BudgetCard(kind, items, is_estimated=True))


def first_lines(*items: BudgetItem, kind: BudgetAlertKind = BudgetAlertKind.CHANNEL) -> str:
    return str(message(*items, kind=kind).text)


def test_a_card_of_one_budget() -> None:
    assert shown(message(ITEM)) == snapshot("""\
*Team Core &lt;b&gt; has reached 80 % of its budget for November:* 8,200 of 10,000 credits (82 %).
That was on Wed 18 Nov. Ahead of an even pace: 66 % of the month is over.
The month will end at about 12,300 credits, with 80 % certainty between 11,000 and 13,600; more than the budget is 93 % likely, about on Tue 24 Nov. Most of it so far: Ana (4,000), Ben (3,000), Cleo (500).
[chart: Team Core <b>: used so far: Used: 1 Nov = 400, 2 Nov = 800, 3 Nov = 1200, 4 Nov = 1600, 5 Nov = 2000, 6 Nov = 2400, 7 Nov = 2800, 8 Nov = 3200, 9 Nov = 3600, 10 Nov = 4000, 11 Nov = 4400, 12 Nov = 4800, 13 Nov = 5200, 14 Nov = 5600, 15 Nov = 6000, 16 Nov = 6400, 17 Nov = 6800, 18 Nov = 7200, 19 Nov = 7600, 20 Nov = 8000; Budget: 1 Nov = 10000, 2 Nov = 10000, 3 Nov = 10000, 4 Nov = 10000, 5 Nov = 10000, 6 Nov = 10000, 7 Nov = 10000, 8 Nov = 10000, 9 Nov = 10000, 10 Nov = 10000, 11 Nov = 10000, 12 Nov = 10000, 13 Nov = 10000, 14 Nov = 10000, 15 Nov = 10000, 16 Nov = 10000, 17 Nov = 10000, 18 Nov = 10000, 19 Nov = 10000, 20 Nov = 10000 credits]
[Budgets: ask.budget budget]
""")


def test_a_card_is_read_aloud_in_full() -> None:
    assert first_lines(ITEM) == snapshot("""\
*Team Core &lt;b&gt; has reached 80 % of its budget for November:* 8,200 of 10,000 credits (82 %).
That was on Wed 18 Nov. Ahead of an even pace: 66 % of the month is over.
The month will end at about 12,300 credits, with 80 % certainty between 11,000 and 13,600; more than the budget is 93 % likely, about on Tue 24 Nov. Most of it so far: Ana (4,000), Ben (3,000), Cleo (500).\
""")


def test_a_forecast_alone() -> None:
    assert first_lines(replace(ITEM, threshold=None, reached_on=None)) == snapshot("""\
*Team Core &lt;b&gt; will probably exceed its budget for November.* So far 8,200 of 10,000 credits (82 %) are used.
Ahead of an even pace: 66 % of the month is over.
The month will end at about 12,300 credits, with 80 % certainty between 11,000 and 13,600; more than the budget is 93 % likely, about on Tue 24 Nov. Most of it so far: Ana (4,000), Ben (3,000), Cleo (500).\
""")


def test_the_whole_organisation_in_dollars_says_whose_figures_they_are() -> None:
    whole = replace(CORE, scope=Scope.ORGANISATION, name=None, unit=Unit.USD)
    item = replace(ITEM, standing=replace(STANDING, budget=whole, forecast=None))
    assert shown(message(item)) == snapshot("""\
*The organisation has reached 80 % of its budget for November:* $8,200.00 of $10,000.00 (82 %), by the usage API's own estimate.
That was on Wed 18 Nov. Ahead of an even pace: 66 % of the month is over.
[chart: Used so far: Used: 1 Nov = 400, 2 Nov = 800, 3 Nov = 1200, 4 Nov = 1600, 5 Nov = 2000, 6 Nov = 2400, 7 Nov = 2800, 8 Nov = 3200, 9 Nov = 3600, 10 Nov = 4000, 11 Nov = 4400, 12 Nov = 4800, 13 Nov = 5200, 14 Nov = 5600, 15 Nov = 6000, 16 Nov = 6400, 17 Nov = 6800, 18 Nov = 7200, 19 Nov = 7600, 20 Nov = 8000; Budget: 1 Nov = 10000, 2 Nov = 10000, 3 Nov = 10000, 4 Nov = 10000, 5 Nov = 10000, 6 Nov = 10000, 7 Nov = 10000, 8 Nov = 10000, 9 Nov = 10000, 10 Nov = 10000, 11 Nov = 10000, 12 Nov = 10000, 13 Nov = 10000, 14 Nov = 10000, 15 Nov = 10000, 16 Nov = 10000, 17 Nov = 10000, 18 Nov = 10000, 19 Nov = 10000, 20 Nov = 10000 US dollars]
[Budgets: ask.budget budget]
""")


def test_a_part_says_that_it_is_one() -> None:
    item = replace(ITEM, standing=replace(STANDING, is_part=True, forecast=None), missing=2)
    assert first_lines(item) == snapshot("""\
*Team Core &lt;b&gt; has reached 80 % of its budget for November:* at least 8,200 of 10,000 credits (82 %).
That was on Wed 18 Nov. Ahead of an even pace: 66 % of the month is over.
2 days of it were not read, so there may be more, and there is no forecast.\
""")


@pytest.mark.parametrize(
    ("armed", "words"),
    [
        (
            Armed(date(2026, 11, 19), is_new=False),
            snapshot("The budget was edited on Thu 19 Nov, and its thresholds are told anew."),
        ),
        (
            Armed(date(2026, 11, 20), is_new=True),
            snapshot("The budget was set on Fri 20 Nov, when that was reached already."),
        ),
    ],
)
def test_what_made_it_news_is_said(armed: Armed, words: str) -> None:
    assert first_lines(replace(ITEM, armed=armed)).splitlines()[-1] == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            BudgetAlertKind.CHANNEL,
            snapshot("""\
*Carol &lt;@U1&gt; has reached their budget for November:* 10,400 of 10,000 credits (104 %).
That was on Wed 18 Nov. Ahead of an even pace: 66 % of the month is over.\
"""),
        ),
        (
            BudgetAlertKind.MANAGER,
            snapshot("""\
*Carol &lt;@U1&gt; has reached their budget for November:* 10,400 of 10,000 credits (104 %).
That was on Wed 18 Nov. Ahead of an even pace: 66 % of the month is over.\
"""),
        ),
        (
            BudgetAlertKind.OWN,
            snapshot("""\
*You have reached your budget for November:* 10,400 of 10,000 credits (104 %).
That was on Wed 18 Nov. Ahead of an even pace: 66 % of the month is over.\
"""),
        ),
    ],
)
def test_a_budget_for_each_person(kind: BudgetAlertKind, words: str) -> None:
    assert first_lines(CAROL, kind=kind) == words
    assert "chart" not in shown(message(CAROL, kind=kind))


def test_a_day_and_a_week_are_named() -> None:
    lines = []
    for cycle in (Cycle.DAY, Cycle.WEEK):
        budget, period = replace(CORE, cycle=cycle), period_of(cycle, TODAY)
        standing = Standing(budget, period, 8_200 * MICRO, pace=Pace(Fraction(82, 100), Fraction(1)))
        lines.append(first_lines(BudgetItem(standing, 80, TODAY)))
    assert lines == snapshot(
        [
            "*Team Core &lt;b&gt; has reached 80 % of its budget for Fri 20 Nov:* 8,200 of 10,000 credits (82 %).",
            """\
*Team Core &lt;b&gt; has reached 80 % of its budget for the week from Mon 16 Nov:* 8,200 of 10,000 credits (82 %).
That was on Fri 20 Nov.\
""",
        ]
    )


def test_several_are_a_line_each() -> None:
    pseudonym = replace(CAROL, subject=Subject(pseudonym="3F2A"), armed=Armed(TODAY, is_new=False), missing=1)
    assert shown(message(ITEM, pseudonym, replace(ITEM, threshold=None, reached_on=None))) == snapshot("""\
*News of 3 budgets at once.* Those of which most is used stand first.
*Team Core &lt;b&gt;*, November: 8,200 of 10,000 credits (82 %); 80 % reached on Wed 18 Nov.
*Person 3F2A*, November: 10,400 of 10,000 credits (104 %); 100 % reached on Wed 18 Nov. 1 day of it was not read, so there may be more, and there is no forecast. The budget was edited on Fri 20 Nov, and its thresholds are told anew.
*Team Core &lt;b&gt;*, November: 8,200 of 10,000 credits (82 %); probably exceeded about on Tue 24 Nov.
[Budgets: ask.budget budget]
""")


def test_as_many_as_fit_stand_in_a_message() -> None:
    many = message(*[CAROL] * 200)
    assert shown(many).splitlines()[-2:] == snapshot(
        ["(And 160 more, of which less is used.)", "[Budgets: ask.budget budget]"]
    )
    assert len(many.blocks) == MOST_LINES + 3
    checked(many)


def test_every_form_can_be_sent() -> None:
    for form in forms_of(message(ITEM)):
        checked(form)


def test_a_chart_has_the_last_twenty_days() -> None:
    days = tuple((date(2026, 11, 1) + timedelta(days=n), 400 * MICRO) for n in range(30))
    assert "11 Nov = 4,400" in shown(message(replace(ITEM, days=days))).replace("4400", "4,400")
