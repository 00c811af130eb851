"""What has happened to the incidents of a card, in its thread: a line each."""

from __future__ import annotations

from bot.core.alerts.cards import AlertCard, AlertItem
from bot.core.formats import count_text
from bot.slack.alerts.words import state_words, who_of
from bot.slack.blocks import keep_lines, section
from bot.slack.messages import TEXT_LIMIT, Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

MOST_LINES = 10


def render_lines(card: AlertCard) -> Message:
    """Whom it is about, and what happened. Nobody is told of it who does not read the thread."""
    lines = [_line(item) for item in card.items[:MOST_LINES]]
    if rest := len(card.items) - len(lines):
        lines.append(Mrkdwn(f"And {count_text(rest)} more: see the card."))
    words = keep_lines(Mrkdwn("\n".join(lines)), TEXT_LIMIT)
    return Message(words, [section(words)], thread=card.thread)


def _line(item: AlertItem) -> Mrkdwn:
    return render_words("alert_happened", who=who_of(item.subject), state=state_words(item))
