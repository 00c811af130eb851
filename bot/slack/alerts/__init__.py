"""Every message about incidents as a Slack message."""

from __future__ import annotations

from bot.core.alerts.cards import AlertCard
from bot.core.alerts.orders import LINES
from bot.slack.alerts.card import render_card
from bot.slack.alerts.lines import render_lines
from bot.slack.alerts.many import render_many
from bot.slack.alerts.note import render_note
from bot.slack.messages import Message


def render_alert(card: AlertCard) -> Message:
    """The message for its recipient."""
    if card.kind in LINES:
        return render_lines(card)
    if not card.kind.is_card:
        return render_note(card)
    return render_card(card.items[0]) if len(card.items) == 1 else render_many(card.items)
