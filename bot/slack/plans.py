"""The message that announces a plan."""

from __future__ import annotations

from bot.core.formats import TIMES, day_text
from bot.core.plans.bursts import LONGEST_REASON
from bot.core.plans.notices import PlanNotice
from bot.slack.alerts.words import who_of
from bot.slack.blocks import section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import plain


def render_plan_notice(notice: PlanNotice) -> Message:
    """Two short lines."""
    words = render_words(
        "plan_notice",
        who=who_of(notice.subject),
        factor=f"{TIMES}{notice.factor}",
        until=day_text(notice.last_day),
        by=plain(notice.by) if notice.by else "",
        reason=plain(notice.reason, LONGEST_REASON) if notice.reason else "",
    )
    return Message(words, [section(words)])
