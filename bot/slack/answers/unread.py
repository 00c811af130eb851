"""The answer about days of which nothing was read: a sentence, since zeros would be taken for true."""

from __future__ import annotations

from bot.core.models import Freshness
from bot.core.periods import Period
from bot.slack.answers.freshness import capitalised, freshness_words, period_words
from bot.slack.answers.message import message
from bot.slack.blocks import context, header, section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, escape


def is_unread(period: Period, freshness: Freshness) -> bool:
    """True when not one day of the period was read."""
    return set(period.days()) <= set(freshness.missing)


def render_unread(title: str, period: Period, freshness: Freshness) -> Message:
    """That there is nothing to show, and when there will be."""
    why = render_words("unread", days=period.length, why=_why(period, freshness))
    asked, fresh = period_words(period), freshness_words(freshness, period)
    return message(
        [Mrkdwn(f"{escape(title)}: {asked}."), why, Mrkdwn(f"{fresh}.")],
        [header(title), context([capitalised(asked), fresh]), section(why)],
    )


def _why(period: Period, freshness: Freshness) -> str:
    if freshness.read_at is None:
        return "first"
    complete = freshness.complete_to
    return "next" if complete is not None and period.since > complete else "before"
