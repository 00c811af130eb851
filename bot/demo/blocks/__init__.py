"""What a Slack app sends, as HTML: blocks, and text in Slack's own mrkdwn."""

from __future__ import annotations

from bot.demo.blocks.drawing import draw_blocks, draw_text
from bot.demo.blocks.reader import Reader

__all__ = ["Reader", "draw_blocks", "draw_text"]
