"""How the parts of an answer become one message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.blocks import Block, keep_lines
from bot.slack.messages import TEXT_LIMIT, Message
from bot.slack.text import Mrkdwn, length


def message(lines: Sequence[Mrkdwn], blocks: list[Block]) -> Message:
    """The lines as the message's text, without the last ones where there are too many."""
    return Message(keep_lines(Mrkdwn("\n".join(lines)), TEXT_LIMIT), blocks)


def room_beside(lines: Sequence[Mrkdwn]) -> int:
    """How many characters of the text are left for a list beside the lines."""
    return TEXT_LIMIT - sum(length(line) + 1 for line in lines)
