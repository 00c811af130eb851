"""The live page: a stream of server-sent events with what changed on it, until the tab or the demo is closed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

from bot.demo.page.desk import Desk
from bot.demo.page.items import Item
from bot.demo.page.places import Place, conversation_at
from bot.demo.page.views import Views
from bot.demo.slack import Workspace

QUIET_SECONDS = 15.0
AGAIN_MILLISECONDS = 500


class Feed:
    """Follows the workspace for every tab; `stop` ends all streams."""

    def __init__(self, workspace: Workspace, views: Views, desk: Desk) -> None:
        self._workspace = workspace
        self._views = views
        self._desk = desk
        self._stopping = threading.Event()

    def stop(self) -> None:
        """No stream waits any longer."""
        self._stopping.set()
        self._workspace.changed.ring()

    def follow(self, place: Place) -> Iterator[bytes]:
        """Everything at first, then each change; a line of nothing when it is quiet, to notice who has left."""
        yield f"retry: {AGAIN_MILLISECONDS}\n\n".encode()
        sent: dict[str, dict[str, str]] = {}
        while not self._stopping.is_set():
            seen = self._workspace.changed.count
            self._mark_read(place)
            for region, items in self._views.regions(place):
                patch = build_patch(region, items, sent.get(region))
                sent[region] = {item.key: item.digest for item in items}
                if patch is not None:
                    yield patch
            if self._workspace.changed.wait_past(seen, QUIET_SECONDS) == seen:
                yield b": quiet\n\n"

    def _mark_read(self, place: Place) -> None:
        conversation = conversation_at(self._workspace, place)
        if conversation is not None:
            self._desk.mark_read(place.user_id, conversation.id)


def build_patch(region: str, items: list[Item], sent: dict[str, str] | None) -> bytes | None:
    """The event that brings a region up to date: the order of its items, and those that look different."""
    now = {item.key: item.digest for item in items}
    if sent is not None and list(sent.items()) == list(now.items()):
        return None
    changed = {
        item.key: {"digest": item.digest, "html": item.html}
        for item in items
        if (sent or {}).get(item.key) != item.digest
    }
    body = json.dumps({"region": region, "keys": list(now), "items": changed})
    return f"event: patch\ndata: {body}\n\n".encode()
