"""Every message about budgets as a Slack message: which, how much of it, since when, and where it will end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from bot.core.budgets.cards import BudgetCard, BudgetItem
from bot.core.budgets.orders import BudgetAlertKind
from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import WHOLE_PERCENT, Cycle, Scope, Unit
from bot.core.formats import count_text, day_text, month_text
from bot.core.models import MICRO
from bot.core.periods import MONTHS
from bot.slack.alerts.words import who_of
from bot.slack.answers.budgets import (
    amount_text,
    forecast_words,
    pace_words,
    part_text,
    scope_label,
    used_text,
)
from bot.slack.blocks import Block, context, keep_lines, section
from bot.slack.buttons import actions, ask_button
from bot.slack.charts import MAX_POINTS, lines_chart
from bot.slack.messages import TEXT_LIMIT, Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

MOST_LINES = 40
"""Of 50 blocks that a message may have."""

ESTIMATED = ", by the usage API's own estimate"
_FEWEST_POINTS = 2
_UNITS = {Unit.CREDITS: "credits", Unit.USD: "US dollars"}


def render_budget_alert(card: BudgetCard) -> Message:
    """The message for its recipient."""
    return _one(card, card.items[0]) if len(card.items) == 1 else _many(card)


def _one(card: BudgetCard, item: BudgetItem) -> Message:
    words = render_words(
        "budget_alert",
        **_facts(card, item),
        has="have" if card.kind is BudgetAlertKind.OWN else "has",
        its="your" if card.kind is BudgetAlertKind.OWN else "its" if item.subject is None else "their",
        is_exactly=item.threshold == WHOLE_PERCENT,
        pace=pace_words(item.standing) if _is_running(item) else "",
        forecast=forecast_words(item.standing.forecast) if item.standing.forecast else "",
    )
    return Message(words, [section(words), *_chart(item), _button()])


def _many(card: BudgetCard) -> Message:
    head = render_words("budget_alert_many", count=count_text(len(card.items)))
    lines = [_line(card, item) for item in card.items[:MOST_LINES]]
    blocks: list[Block] = [section(head), *map(section, lines)]
    if rest := len(card.items) - len(lines):
        blocks.append(context([Mrkdwn(f"And {count_text(rest)} more, of which less is used.")]))
    return Message(keep_lines(Mrkdwn("\n".join([head, *lines])), TEXT_LIMIT), [*blocks, _button()])


def _line(card: BudgetCard, item: BudgetItem) -> Mrkdwn:
    forecast = item.standing.forecast
    likely = forecast.likely_date if forecast and item.threshold is None else None
    return render_words("budget_alert_line", **_facts(card, item), date=day_text(likely) if likely else "")


def _facts(card: BudgetCard, item: BudgetItem) -> dict[str, Any]:
    standing, budget = item.standing, item.standing.budget
    return {
        "who": _who(card.kind, item),
        "period": _period_words(standing),
        "threshold": item.threshold,
        "used": used_text(standing),
        "plural": budget.unit is Unit.CREDITS,
        "amount": amount_text(budget.unit, budget.amount_micro),
        "percent": part_text(standing.pace.used) if standing.pace else "",
        "estimate": ESTIMATED if card.is_estimated and budget.unit is Unit.USD else "",
        "reached": day_text(item.reached_on) if item.reached_on and budget.cycle is not Cycle.DAY else "",
        "missing": render_words("budget_alert_missing", count=item.missing) if item.missing else "",
        "armed": _armed_words(item),
    }


def _who(kind: BudgetAlertKind, item: BudgetItem) -> str:
    if kind is BudgetAlertKind.OWN:
        return "You"
    return scope_label(item.standing.budget) if item.subject is None else who_of(item.subject)


def _period_words(standing: Standing) -> str:
    """``November``, ``the week from Mon 16 Nov``, ``Mon 16 Nov``."""
    since = standing.period.since
    match standing.budget.cycle:
        case Cycle.MONTH:
            return month_text(since)
        case Cycle.WEEK:
            return f"the week from {day_text(since)}"
        case _:
            return day_text(since)


def _armed_words(item: BudgetItem) -> str:
    if item.armed is None:
        return ""
    return render_words("budget_alert_armed", on=day_text(item.armed.on), is_new=item.armed.is_new)


def _is_running(item: BudgetItem) -> bool:
    pace = item.standing.pace
    return pace is not None and pace.elapsed < 1


def _chart(item: BudgetItem) -> list[Block]:
    """What was used up to each day, against the budget; not of a single day, nor of people alone."""
    if len(item.days) < _FEWEST_POINTS:
        return []
    budget = item.standing.budget
    used = list(accumulate(micro for _, micro in item.days))[-MAX_POINTS:]
    labels = [f"{day.day} {MONTHS[day.month - 1]}" for day, _ in item.days[-MAX_POINTS:]]
    series: dict[str, Sequence[float]] = {
        "Used": [micro / MICRO for micro in used],
        "Budget": [budget.amount_micro / MICRO] * len(used),
    }
    title = "Used so far" if budget.scope is Scope.ORGANISATION else f"{scope_label(budget)}: used so far"
    return [lines_chart(title, labels, series, _UNITS[budget.unit])]


def _button() -> Block:
    return actions([ask_button("budget", "Budgets", "budget")])
