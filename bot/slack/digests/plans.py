"""The planned bursts of a manager's direct reports, in one line of the digest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.formats import TIMES, count_text, day_text
from bot.core.plans.bursts import Plan
from bot.slack.answers.people import name_of
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

MOST_NAMED = 3


def plan_lines(plans: Sequence[Plan]) -> list[Mrkdwn]:
    """The first to end first, the rest counted; the reasons are a command away."""
    if not plans:
        return []
    told = [
        f"{name_of(plan.person)} up to {TIMES}{plan.factor} until {day_text(plan.last_day)}"
        for plan in plans[:MOST_NAMED]
    ]
    rest = [f"{count_text(len(plans) - MOST_NAMED)} more"] if len(plans) > MOST_NAMED else []
    return [render_words("digest_plans", plans=", ".join([*told, *rest]))]
