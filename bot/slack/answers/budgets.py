"""Budgets as a message: a table, and a bar with a few words for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from bot.core.answers import BudgetsAnswer, BudgetsChange
from bot.core.budgets.forecast import Forecast
from bot.core.budgets.standing import PersonUse, Standing
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit
from bot.core.formats import NOTHING, credits_text, day_text, usd_text
from bot.slack.answers.freshness import freshness_words, left_out_words, small_print
from bot.slack.answers.message import message
from bot.slack.answers.money import price_text
from bot.slack.bars import bar
from bot.slack.blocks import Block, context, header, section
from bot.slack.buttons import (
    ADD_BUDGET,
    BUDGETS_BLOCK,
    EDIT_BUDGET,
    REMOVE_BUDGET,
    actions,
    ask_button,
    button,
    with_confirm,
)
from bot.slack.messages import Message
from bot.slack.tables import Row, data_table, number_cell, rows_that_fit, text_cell, unknown_cell
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, plain
from bot.slack.words import counted, counted_credits

TITLE = "Budgets"
SHOWN_IN_WORDS = 20
DONE = {BudgetsChange.SAVED: "Saved.", BudgetsChange.REMOVED: "Removed."}
AT_LEAST = "at least "
_KINDS = {Scope.DEPARTMENT: "Department", Scope.TEAM: "Team", Scope.COST_CENTER: "Cost centre"}
_CYCLES = {Cycle.DAY: "daily", Cycle.WEEK: "weekly", Cycle.MONTH: "monthly"}
_HEADER = ("Budget", "Used", "Of", "Percent", "Time over", "Forecast")
_ADD = actions(
    [button(ADD_BUDGET, "Add a budget\u2026"), ask_button("alerts", "Alerts", "alerts")], BUDGETS_BLOCK
)
_EVEN = Fraction(1, 20)
_CERTAIN = 0.995


def render_budgets(answer: BudgetsAnswer) -> Message:
    """Every budget that the viewer may see."""
    notes = _notes(answer)
    words = [_words(standing) for standing in answer.standings[:SHOWN_IN_WORDS]]
    words = words or [render_words("budgets_none", may_edit=answer.may_edit)]
    done = [Mrkdwn(DONE[answer.change])] if answer.change else []
    head = [*done, *left_out_words(answer.freshness, answer.period, is_compared=False)]
    tail = Mrkdwn(f"{freshness_words(answer.freshness, answer.period)}.")
    return message(
        [Mrkdwn(f"{TITLE}:"), *head, *notes, *words, tail],
        [
            header(TITLE),
            *map(section, done),
            small_print(answer.period, answer.freshness),
            *_table(answer.standings),
            *_sections(answer, words),
            *([context(notes)] if notes else []),
            *([_ADD] if answer.may_edit else []),
        ],
    )


def budget_label(budget: Budget) -> str:
    """``Team Core, monthly``."""
    return f"{scope_label(budget)}, {_CYCLES[budget.cycle]}"


def scope_label(budget: Budget) -> str:
    """Whose budget it is: ``The organisation``, ``Team Core``, ``Each person``."""
    if budget.scope is Scope.ORGANISATION:
        return "The organisation"
    if budget.scope is Scope.PERSON:
        return "Each person"
    return f"{_KINDS[budget.scope]} {plain(budget.name or '')}"


def amount_text(unit: Unit, micro: int) -> str:
    """``1,000 credits`` or ``$40.00``."""
    return counted_credits(micro) if unit is Unit.CREDITS else usd_text(micro)


def short_text(budget: Budget, micro: int) -> str:
    """``1,000`` or ``$40.00``: where the unit is told already."""
    return credits_text(micro) if budget.unit is Unit.CREDITS else usd_text(micro)


def used_text(standing: Standing) -> str:
    """What is used, "at least" where that is a part of it; nothing where it has no price."""
    if standing.used_micro is None:
        return ""
    used = short_text(standing.budget, standing.used_micro)
    return f"{AT_LEAST}{used}" if standing.is_part else used


def part_text(part: Fraction) -> str:
    """Rounded down, so that nothing reads as reached that is not."""
    return f"{_percent(part):,} %"


def pace_words(standing: Standing) -> str:
    """What the calendar says to it; of a single day there is nothing to say."""
    pace = standing.pace
    if pace is None or standing.budget.cycle is Cycle.DAY:
        return ""
    over = f"{part_text(pace.elapsed)} of the {standing.budget.cycle} is over"
    if abs(pace.ahead) <= _EVEN:
        return f"On pace: {over}."
    return f"{'Ahead of' if pace.ahead > 0 else 'Behind'} an even pace: {over}."


def forecast_words(forecast: Forecast) -> Mrkdwn:
    """Where the period will end, how likely that exceeds the budget, about when, and what drives it."""
    budget = forecast.budget
    drivers = [f"{plain(one.label)} ({short_text(budget, one.used_micro)})" for one in forecast.drivers]
    return render_words(
        "budget_forecast",
        cycle=budget.cycle.value,
        expected=amount_text(budget.unit, forecast.expected_micro),
        low=short_text(budget, forecast.low_micro),
        high=short_text(budget, forecast.high_micro),
        probability=_likelihood(forecast.probability_over),
        date=day_text(forecast.likely_date) if forecast.likely_date else "",
        drivers=", ".join(drivers),
    )


def seen_value(budget: Budget) -> str:
    """Which version of which budget somebody looks at: ``12.3``."""
    return f"{budget.id}.{budget.version}"


def _sections(answer: BudgetsAnswer, words: Sequence[Mrkdwn]) -> Iterator[Block]:
    """The words of each, and buttons for who may edit: two blocks a budget, so that twenty have room."""
    if not answer.may_edit or not answer.standings:
        yield from map(section, words)
        return
    for place, (standing, said) in enumerate(zip(answer.standings, words, strict=False)):
        yield section(said)
        yield actions(_buttons(standing.budget), f"{BUDGETS_BLOCK}.{place}")


def _buttons(budget: Budget) -> list[dict[str, Any]]:
    what = f"{budget_label(budget)}, {amount_text(budget.unit, budget.amount_micro)}"
    remove = {**button(REMOVE_BUDGET, "Remove\u2026"), "value": seen_value(budget)}
    return [
        {**button(EDIT_BUDGET, "Edit\u2026"), "value": str(budget.id)},
        with_confirm(remove, "Remove this budget?", f"{what}. It is measured no more.", "Remove", "Keep"),
    ]


def _table(standings: Sequence[Standing]) -> list[Block]:
    rows = [_cells(standing) for standing in standings if standing.budget.scope is not Scope.PERSON]
    shown = rows[: rows_that_fit(rows)]
    return [data_table("Use of budgets in their current period", _HEADER, shown)] if shown else []


def _cells(standing: Standing) -> Row:
    budget, pace, forecast = standing.budget, standing.pace, standing.forecast
    return [
        text_cell(budget_label(budget)),
        text_cell(used_text(standing) or NOTHING),
        text_cell(short_text(budget, budget.amount_micro)),
        unknown_cell(NOTHING) if pace is None else number_cell(_percent(pace.used), part_text(pace.used)),
        unknown_cell(NOTHING)
        if pace is None
        else number_cell(_percent(pace.elapsed), part_text(pace.elapsed)),
        text_cell(short_text(budget, forecast.expected_micro) if forecast else NOTHING),
    ]


def _words(standing: Standing) -> Mrkdwn:
    budget, used = standing.budget, standing.used_micro
    if budget.scope is Scope.PERSON:
        return _words_of_each(standing)
    known = used is not None and standing.pace is not None
    return render_words(
        "budget",
        label=budget_label(budget),
        lost=standing.is_lost,
        bar=bar(used or 0, budget.amount_micro),
        used=used_text(standing),
        amount=amount_text(budget.unit, budget.amount_micro),
        percent=part_text(standing.pace.used) if standing.pace else "",
        days=day_text(standing.period.since) if budget.cycle is Cycle.DAY else "",
        pace=pace_words(standing) if known else "",
        forecast=forecast_words(standing.forecast) if standing.forecast else "",
        said=f"Said: {', '.join(f'{percent} %' for percent in standing.said)}." if standing.said else "",
    )


def _likelihood(probability: float) -> str:
    if probability >= 1:
        return "certain"
    if probability >= _CERTAIN:
        return "almost certain"
    return f"{round(100 * probability)} % likely" if probability >= 1 - _CERTAIN else "very unlikely"


def _words_of_each(standing: Standing) -> Mrkdwn:
    budget = standing.budget
    return render_words(
        "budget_each",
        label=budget_label(budget),
        amount=amount_text(budget.unit, budget.amount_micro),
        over=[(f"{percent} %", counted(people, "person")) for percent, people in standing.over],
        lines=[_person_line(budget, one) for one in standing.people],
    )


def _person_line(budget: Budget, one: PersonUse) -> str:
    share = Fraction(one.used_micro, budget.amount_micro)
    used = f"{AT_LEAST if one.is_part else ''}{short_text(budget, one.used_micro)}"
    return f"{bar(one.used_micro, budget.amount_micro)} {plain(one.name)}: {used} ({part_text(share)})"


def _notes(answer: BudgetsAnswer) -> list[Mrkdwn]:
    has_dollars = any(standing.budget.unit is Unit.USD for standing in answer.standings)
    source = answer.price.value if answer.price else "unknown"
    price = answer.credit_price_usd
    words = render_words(
        "budgets_notes",
        hidden=answer.hidden,
        more=max(len(answer.standings) - SHOWN_IN_WORDS, 0),
        dollars=source if has_dollars else "",
        price=price_text(price) if price is not None else "",
    )
    return [words] if words else []


def _percent(part: Fraction) -> int:
    return int(100 * part)
