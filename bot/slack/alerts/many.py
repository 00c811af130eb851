"""Many incidents in one message: a line each, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.alerts.cards import AlertItem
from bot.core.formats import count_text
from bot.slack.alerts.buttons import details_button
from bot.slack.alerts.words import line_words
from bot.slack.blocks import Block, context, keep_lines, section
from bot.slack.messages import TEXT_LIMIT, Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

MOST_LINES = 40
"""Of 50 blocks that a message may have."""


def render_many(items: Sequence[AlertItem]) -> Message:
    """What is largest stands first; the rest is counted."""
    head = render_words("alert_many", count=count_text(len(items)))
    lines = [line_words(item) for item in items[:MOST_LINES]]
    blocks: list[Block] = [section(head), *(_line(*pair) for pair in zip(items, lines, strict=False))]
    if rest := len(items) - len(lines):
        blocks.append(context([Mrkdwn(f"And {count_text(rest)} more, each smaller than these.")]))
    return Message(keep_lines(Mrkdwn("\n".join([head, *lines])), TEXT_LIMIT), blocks)


def _line(item: AlertItem, words: Mrkdwn) -> Block:
    return {**section(words), "accessory": details_button(item.number)}
