"""The exchanges between the app and Slack as the inspector lists them, and one of them in full."""

from __future__ import annotations

import json

from bot.demo.page.items import Item, local_time
from bot.demo.page.places import MissingError
from bot.demo.slack import Workspace
from bot.demo.slack.journal import Exchange
from bot.demo.slack.values import Json

NEWEST = 100
MAX_DRAWN = 2000


class Inspector:
    """Draws the list; each line once, for it never changes."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._drawn: dict[tuple[str, int], Item] = {}

    def items(self, timezone: str) -> list[Item]:
        """The newest first, as many as somebody would look through."""
        with self._workspace.changed:
            newest = self._workspace.journal.newest(NEWEST)
        return [self._item(one, timezone) for one in reversed(newest)]

    def _item(self, exchange: Exchange, timezone: str) -> Item:
        place = (timezone, exchange.number)
        known = self._drawn.get(place)
        if known is None:
            at = local_time(exchange.at, timezone)
            known = Item.filled(str(exchange.number), "exchange", row=exchange, at=at)
            if len(self._drawn) > MAX_DRAWN:
                self._drawn.clear()
            self._drawn[place] = known
        return known


def show_exchange(workspace: Workspace, number: int) -> Json:
    """Request and answer as text to read. Raises `MissingError` when it is too long ago."""
    with workspace.changed:
        found = workspace.journal.find(number)
    if found is None:
        raise MissingError(f"no exchange {number}")
    return {
        "title": f"{found.route}: {found.name}",
        "request": to_text(found.request),
        "answer": to_text(found.answer),
    }


def to_text(value: object) -> str:
    """JSON as people read it."""
    return json.dumps(value, indent=2, ensure_ascii=False)
