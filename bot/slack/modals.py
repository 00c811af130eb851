"""Modals that show something: an answer where there is no message to answer, and a word while it is made."""

from __future__ import annotations

from bot.slack.blocks import Block, section
from bot.slack.fallback import without_native_blocks
from bot.slack.messages import Message
from bot.slack.text import Mrkdwn
from bot.slack.views import View

TITLE = "Codex Usage"
_WAIT = Mrkdwn("One moment \u2026")


def waiting_modal() -> View:
    """Opened at once, because the right to open a modal ends after three seconds."""
    return _modal([section(_WAIT)])


def answer_modal(message: Message) -> View:
    """The answer without charts and tables, which no modal may hold, and without its buttons."""
    blocks = [block for block in without_native_blocks(message).blocks if block["type"] != "actions"]
    return _modal(blocks or [section(Mrkdwn(message.text))])


def _modal(blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": TITLE},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": blocks,
    }
