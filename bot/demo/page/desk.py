"""What the page remembers of each person: what they have read, and what stands in a modal they sent."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from bot.demo.slack import Workspace
from bot.demo.slack.values import Json


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission that did not go through: what was filled in, the errors by block id, what else to say."""

    hash: str
    values: Json
    errors: dict[str, str]
    problem: str = ""


class Desk:
    """Lives as long as the demo. Every method may be called from any thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._read: dict[tuple[str, str], str] = {}
        self._drafts: dict[str, Draft] = {}
        self._notice = ""

    @property
    def notice(self) -> str:
        """What everybody reads at the top; empty when there is nothing to say."""
        return self._notice

    def announce(self, notice: str) -> None:
        """Says something at the top of every page, or with ``""`` nothing any more."""
        self._notice = notice
        self._workspace.changed.ring()

    def mark_read(self, user_id: str, channel_id: str) -> None:
        """The person has seen everything in the conversation."""
        messages = self._workspace.seen_by(user_id, channel_id)
        newest = messages[-1].ts if messages else ""
        with self._lock:
            changed = newest > self._read.get((user_id, channel_id), "")
            if changed:
                self._read[user_id, channel_id] = newest
        if changed:
            self._workspace.changed.ring()

    def unread(self, user_id: str, channel_id: str) -> int:
        """How many messages for everybody came since; what only the person sees does not count, as in Slack."""
        with self._lock:
            read = self._read.get((user_id, channel_id), "")
        return sum(
            message.ts > read and message.only_for is None and message.body.get("user") != user_id
            for message in self._workspace.seen_by(user_id, channel_id)
        )

    def keep_draft(self, view: Json, values: Json, errors: dict[str, str], problem: str = "") -> None:
        """A submission came back."""
        with self._lock:
            self._drafts[view["id"]] = Draft(view["hash"], values, errors, problem)
        self._workspace.changed.ring()

    def drop_draft(self, view_id: str) -> None:
        """It went through, or was closed."""
        with self._lock:
            self._drafts.pop(view_id, None)

    def draft_of(self, view: dict[str, Any]) -> Draft | None:
        """What stands in the modal, unless the app has changed it since."""
        with self._lock:
            draft = self._drafts.get(view["id"])
        return draft if draft is not None and draft.hash == view["hash"] else None
