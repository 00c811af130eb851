"""The messages of a conversation as one person sees them, each drawn once as long as it stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from bot.demo.blocks import Reader, draw_blocks, draw_text
from bot.demo.page.items import Item, hue_of, local_time
from bot.demo.slack import Workspace
from bot.demo.slack.members import SLACKBOT
from bot.demo.slack.values import Json, Message

NEWEST = 200
MAX_DRAWN = 2000


class Messages:
    """Draws for everybody, from any thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._drawn: dict[tuple[str, str, str], tuple[Json, object, Item]] = {}

    def items(self, channel_id: str, reader: Reader) -> Iterator[Item]:
        """The newest messages, oldest first, with a line where a day begins for the reader."""
        day = ""
        around = (f"{local_time(reader.now.timestamp(), reader.timezone):%Y-%m-%d}", reader.people)
        for message in self._workspace.seen_by(reader.slack_id, channel_id)[-NEWEST:]:
            at = local_time(float(message.ts), reader.timezone)
            if day != (day := f"{at:%Y-%m-%d}"):
                yield Item.filled(f"day-{day}", "day", day=at)
            yield self._item(message, reader, around)

    def _item(self, message: Message, reader: Reader, around: object) -> Item:
        """``around`` is what else a drawing depends on: the day of the reader, and what people are called."""
        place = (reader.slack_id, message.channel_id, message.ts)
        known = self._drawn.get(place)
        if known is not None and known[0] is message.body and known[1] == around:
            return known[2]
        made = Item.filled(message.ts, "message", **_describe(message, reader))
        if len(self._drawn) > MAX_DRAWN:
            self._drawn.clear()
        self._drawn[place] = (message.body, around, made)
        return made


def _describe(message: Message, reader: Reader) -> dict[str, Any]:
    body, author = message.body, str(message.body.get("user", ""))
    return {
        "body": _draw(body, reader),
        "is_text": not body.get("blocks"),
        "is_reply": body.get("thread_ts") not in {None, message.ts},
        "message": message,
        "user_id": reader.slack_id,
        "author": reader.names(author) or author,
        "is_app": "bot_id" in body,
        "is_slackbot": author == SLACKBOT,
        "hue": hue_of(author),
        "at": local_time(float(message.ts), reader.timezone),
        "files": body.get("files") or [],
    }


def _draw(body: Json, reader: Reader) -> Markup:
    if blocks := body.get("blocks"):
        return draw_blocks(blocks, reader)
    return draw_text(str(body.get("text", "")), reader)
