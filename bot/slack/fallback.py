"""The same message for a Slack that does not know the native charts and tables yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from bot.slack.blocks import MAX_BLOCKS, Block, context, preformatted, section
from bot.slack.drawing import chart_lines, table_lines
from bot.slack.messages import Message
from bot.slack.text import Mrkdwn, escape

_COLUMN = 26


def forms_of(message: Message) -> list[Message]:
    """What can be sent in place of each other: the message, with text for charts and tables, as text alone."""
    forms = [message]
    plain_message = without_native_blocks(message)
    if plain_message.blocks != message.blocks:
        forms.append(plain_message)
    if message.blocks:
        forms.append(Message(message.text, [], message.response_type))
    return forms


def without_native_blocks(message: Message) -> Message:
    """Tables in equal-width text and charts as bars; every other block as it was."""
    blocks = [plain_block for block in message.blocks for plain_block in _plain_blocks(block)]
    if len(blocks) > MAX_BLOCKS:
        blocks = [
            *blocks[: MAX_BLOCKS - 1],
            context([Mrkdwn("Shortened: this message was too long for Slack.")]),
        ]
    return dataclasses.replace(message, blocks=blocks)


def _plain_blocks(block: Block) -> Iterator[Block]:
    match block["type"]:
        case "data_table":
            yield section(Mrkdwn(f"*{escape(block['caption'])}*"))
            heading, *lines = table_lines(block["rows"], _COLUMN)
            yield from preformatted(lines, heading=heading)
        case "data_visualization":
            yield section(Mrkdwn(f"*{escape(block['title'])}*"))
            yield from preformatted(chart_lines(block["chart"]))
        case _:
            yield block
