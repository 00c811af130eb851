"""A message as Slack takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.slack.text import cut, entities

TEXT_LIMIT = 3_000


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` is what notifications show and screen readers read, so it carries the figures in sentences.

    ``thread`` is the message below which it is posted; one that ``is_broadcast`` is shown in the channel, too.
    """

    text: str
    blocks: list[dict[str, Any]]
    response_type: str = "ephemeral"
    thread: str | None = None
    is_broadcast: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The payload, with exactly these three keys."""
        return {"response_type": self.response_type, "text": self.text, "blocks": self.blocks}


def sentence(text: str) -> Message:
    """A message of nothing but these words, shown as they are."""
    return Message(entities(cut(text, TEXT_LIMIT)), [])
