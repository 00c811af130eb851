"""Planned bursts as a message: who, up to how much, until when and why, with a button to end one early."""

from __future__ import annotations

from typing import Any

from bot.core.answers import PlanRow, PlansAnswer, PlansChange
from bot.core.formats import TIMES, count_text, day_text
from bot.core.plans.bursts import LONGEST_REASON
from bot.slack.answers.message import message
from bot.slack.answers.people import name_of
from bot.slack.blocks import Block, context, header, section
from bot.slack.buttons import END_PLAN, PLANS_BLOCK, button, with_confirm
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, plain

TITLE = "Planned bursts"
MOST_LINES = 40
"""Of 50 blocks that a message may have."""


def render_plans(answer: PlansAnswer) -> Message:
    """Those that there are; after a change the one that it was made to, and what that means."""
    lines = [plan_words(row) for row in answer.plans[:MOST_LINES]]
    foot = _foot(answer, len(answer.plans) - len(lines))
    buttons = answer.change is not PlansChange.ENDED
    blocks = [_line(row, words, has_button=buttons) for row, words in zip(answer.plans, lines, strict=False)]
    return message([Mrkdwn(f"{TITLE}:"), *lines, foot], [header(TITLE), *blocks, _held(foot)])


def plan_words(row: PlanRow) -> Mrkdwn:
    """One plan in a sentence."""
    plan = row.plan
    return render_words(
        "plan",
        who="You" if row.is_viewer else name_of(plan.person),
        factor=f"{TIMES}{plan.factor}",
        until=day_text(plan.last_day),
        by=plain(row.by) if row.by else "",
        reason=plain(plan.expectation.reason, LONGEST_REASON),
    )


def _foot(answer: PlansAnswer, more: int) -> Mrkdwn:
    change = answer.change.value if answer.change else ""
    return render_words(
        "plans_foot", change=change, is_empty=not answer.plans, more=count_text(more) if more else ""
    )


def _held(foot: Mrkdwn) -> Block:
    return {**context([foot]), "block_id": PLANS_BLOCK}


def _line(row: PlanRow, words: Mrkdwn, *, has_button: bool) -> Block:
    made = {**section(words), "block_id": f"{PLANS_BLOCK}.{row.plan.number}"}
    return {**made, "accessory": _end_button(row)} if has_button and row.may_end else made


def _end_button(row: PlanRow) -> dict[str, Any]:
    named = {**button(END_PLAN, "End"), "value": str(row.plan.number)}
    return with_confirm(
        named, "End this plan?", "From today on such days are told again.", "End it", "Keep it"
    )
