"""One incident as a message: what happened, against what, what drove it, the weeks before, and how it stands."""

from __future__ import annotations

from bot.core.alerts.cards import AlertItem
from bot.core.models import MICRO
from bot.core.periods import MONTHS
from bot.slack.alerts.buttons import alert_buttons
from bot.slack.alerts.words import item_words, state_words, who_of
from bot.slack.blocks import Block, context, section
from bot.slack.charts import Point, line_chart
from bot.slack.messages import Message

_SERIES = "Credits"


def render_card(item: AlertItem) -> Message:
    """The sentences, the last weeks as a line, and how it stands."""
    words, state = item_words(item), state_words(item)
    blocks: list[Block] = [section(words), *_chart(item), context([state]), alert_buttons(item)]
    return Message(f"{words}\n{state}", blocks)


def _chart(item: AlertItem) -> list[Block]:
    if not any(micro for _, micro in item.weeks):
        return []
    points = [Point(f"{day.day} {MONTHS[day.month - 1]}", micro / MICRO) for day, micro in item.weeks]
    return [line_chart(f"{who_of(item.subject)}, by day", _SERIES, points, "credits")]
