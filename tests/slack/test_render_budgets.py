"""Budgets, as those read them who may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from inline_snapshot import snapshot

from bot.core.answers import BudgetsAnswer, BudgetsChange
from bot.core.budgets.forecast import Driver, Forecast
from bot.core.budgets.money import PriceSource
from bot.core.budgets.standing import PersonUse, Standing
from bot.core.budgets.terms import Budget, Cycle, Pace, Scope, Unit, period_of
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.slack.answers.budgets import SHOWN_IN_WORDS
from bot.slack.render import render
from tests.slack.cast import FRESH
from tests.slack.show import checked, shown

MONTH = Period(date(2026, 11, 1), date(2026, 11, 23), "month")
NOVEMBER = period_of(Cycle.MONTH, date(2026, 11, 1))
TEAM = Budget(1, Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 2_000 * MICRO, (50, 80, 100), 1, MONTH.since)
DRIVERS = (Driver("Bob", 900 * MICRO), Driver("Carol", 80 * MICRO))
LIKELY = Forecast(
    TEAM, NOVEMBER, 2_190 * MICRO, 1_950 * MICRO, 2_430 * MICRO, 0.82, date(2026, 11, 27), DRIVERS
)
STANDING = Standing(
    TEAM,
    NOVEMBER,
    1_700 * MICRO,
    pace=Pace(Fraction(17, 20), Fraction(22, 30)),
    said=(50, 80),
    forecast=LIKELY,
)
ANSWER = BudgetsAnswer((STANDING,), 0, True, PriceSource.CONTRACT, Decimal("0.04"), MONTH, FRESH)  # noqa: FBT003
EACH = replace(TEAM, id=5, scope=Scope.PERSON, name=None, amount_micro=100 * MICRO)


def words(*standings: Standing, **more: object) -> str:
    return checked(render(replace(ANSWER, standings=standings, **more))).text  # type: ignore[arg-type]  # by name


def test_a_budget_has_a_row_a_bar_and_its_words() -> None:
    assert shown(render(ANSWER)) == snapshot("""\
# Budgets
(This month (1–22 Nov 2026))
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial)
[table: Use of budgets in their current period]
Budget | Used | Of | Percent | Time over | Forecast
Team Core, monthly | 1,700 | 2,000 | 85 % | 73 % | 2,190
*Team Core, monthly*
`████████░░` 1,700 of 2,000 credits (85 %)
Ahead of an even pace: 73 % of the month is over.
The month will end at about 2,190 credits, with 80 % certainty between 1,950 and 2,430; more than the budget is 82 % likely, about on Fri 27 Nov. Most of it so far: Bob (900), Carol (80).
Said: 50 %, 80 %.
[Edit…: budget.edit 1] [Remove…: budget.remove 1.1]
[Add a budget…: budget.add ] [Alerts: ask.alerts alerts]
""")


def test_each_person_is_listed_for_who_may_see_them() -> None:
    people = (
        PersonUse("bob@example.com", "Bob", 120 * MICRO, is_part=False),
        PersonUse("c@x", "C", 1, is_part=True),
    )
    standing = Standing(EACH, NOVEMBER, people=people, over=((50, 3), (100, 1)))
    assert shown(render(replace(ANSWER, standings=(standing,)))) == snapshot("""\
# Budgets
(This month (1–22 Nov 2026))
(Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial)
*Each person, monthly*, 100 credits
3 people reached 50 %, 1 person reached 100 %
██████████ Bob: 120 (120 %)
█░░░░░░░░░ C: at least &lt;0.01 (0 %)
[Edit…: budget.edit 5] [Remove…: budget.remove 5.1]
[Add a budget…: budget.add ] [Alerts: ask.alerts alerts]
""")


def test_other_states_have_other_words() -> None:
    dollars = replace(TEAM, unit=Unit.USD, cycle=Cycle.WEEK, scope=Scope.COST_CENTER)
    day = replace(TEAM, cycle=Cycle.DAY, scope=Scope.ORGANISATION, name=None)
    unknown = Standing(dollars, NOVEMBER)
    lost = replace(STANDING, is_lost=True, forecast=None, said=(), pace=Pace(Fraction(1, 10), Fraction(1, 2)))
    on_pace = replace(lost, is_lost=False, is_part=True, pace=Pace(Fraction(1, 2), Fraction(1, 2)))
    of_today = Standing(
        day, period_of(Cycle.DAY, date(2026, 11, 22)), 10, pace=Pace(Fraction(0), Fraction(1))
    )
    assert words(unknown, lost, on_pace, of_today, price=None) == snapshot("""\
Budgets:
No price of a credit is known, so budgets in dollars cannot be measured: set CREDIT_PRICE_USD.
*Cost centre Core, weekly*
$2,000.00: what is used of it has no price
*Team Core, monthly* – nobody belongs to it any more
`████████░░` 1,700 of 2,000 credits (10 %)
Behind an even pace: 50 % of the month is over.
*Team Core, monthly*
`████████░░` at least 1,700 of 2,000 credits (50 %)
On pace: 50 % of the month is over.
*The organisation, daily*
`█░░░░░░░░░` &lt;0.01 of 2,000 credits (0 %) on Sun 22 Nov
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial.\
""")


def test_how_likely_it_is_is_said_in_words() -> None:
    said = []
    for probability in (0.0, 0.2, 0.9999, 1.0):
        forecast = replace(LIKELY, probability_over=probability, likely_date=None, drivers=())
        said += [
            line for line in words(replace(STANDING, forecast=forecast)).splitlines() if "end at" in line
        ]
    assert said == snapshot(
        [
            "The month will end at about 2,190 credits, with 80 % certainty between 1,950 and 2,430; more than the budget is very unlikely.",
            "The month will end at about 2,190 credits, with 80 % certainty between 1,950 and 2,430; more than the budget is 20 % likely.",
            "The month will end at about 2,190 credits, with 80 % certainty between 1,950 and 2,430; more than the budget is almost certain.",
            "The budget is exceeded; the month will end at about 2,190 credits, with 80 % certainty between 1,950 and 2,430.",
        ]
    )


def test_what_is_not_shown_is_said() -> None:
    dollars = replace(TEAM, unit=Unit.USD)
    assert words(Standing(dollars, NOVEMBER, 5), hidden=2) == snapshot("""\
Budgets:
2 budgets of so few people that their use is not yours to see are left out.
Dollars are computed from your contract price of $0.04 a credit.
*Team Core, monthly*
`█░░░░░░░░░` &lt;$0.01 of $2,000.00 ()
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial.\
""")
    assert words(Standing(dollars, NOVEMBER, 5), hidden=1, price=PriceSource.ESTIMATE) == snapshot("""\
Budgets:
1 budget of so few people that their use is not yours to see is left out.
Dollars are the usage API's own estimate of what the credits cost.
*Team Core, monthly*
`█░░░░░░░░░` &lt;$0.01 of $2,000.00 ()
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial.\
""")
    assert words() == snapshot("""\
Budgets:
No budget is set.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial.\
""")
    assert words(may_edit=False) == snapshot("""\
Budgets:
There is no budget for you to see.
Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC; today is partial.\
""")


def test_budgets_beyond_the_twentieth_are_counted() -> None:
    assert "1 more budget stands in the table only" in words(*[STANDING] * 21)


def test_twenty_budgets_have_buttons_and_still_fit_into_a_message() -> None:
    answer = replace(ANSWER, standings=(STANDING,) * 200, hidden=3, change=BudgetsChange.SAVED)
    blocks = checked(render(answer)).blocks
    edits = [
        e for b in blocks if b["type"] == "actions" for e in b["elements"] if e["action_id"] == "budget.edit"
    ]
    assert len(edits) == SHOWN_IN_WORDS
    assert len(blocks) == 46


def test_what_was_done_is_said_first() -> None:
    for change, said in ((BudgetsChange.SAVED, "Saved."), (BudgetsChange.REMOVED, "Removed.")):
        assert words(STANDING, change=change).startswith(f"Budgets:\n{said}\n")


def test_removing_asks_once_more_and_names_the_budget() -> None:
    (remove,) = [
        element
        for block in render(ANSWER).blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "budget.remove"
    ]
    assert {name: said["text"] for name, said in remove["confirm"].items() if name != "style"} == snapshot(
        {
            "title": "Remove this budget?",
            "text": "Team Core, monthly, 2,000 credits. It is measured no more.",
            "confirm": "Remove",
            "deny": "Keep",
        }
    )


def test_who_may_not_edit_has_no_buttons() -> None:
    assert "actions" not in {block["type"] for block in render(replace(ANSWER, may_edit=False)).blocks}
