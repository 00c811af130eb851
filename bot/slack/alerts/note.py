"""That an incident goes on, below its card."""

from __future__ import annotations

from bot.core.alerts.cards import AlertCard
from bot.slack.alerts.words import amounts_of, is_denied
from bot.slack.blocks import section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn


def render_note(card: AlertCard) -> Message:
    """A sentence each, in the thread of the card where that stands."""
    words = Mrkdwn(
        "\n".join(
            render_words("alert_again", not_me=is_denied(item), **amounts_of(item)) for item in card.items
        )
    )
    return Message(words, [section(words)], thread=card.thread, is_broadcast=True)
