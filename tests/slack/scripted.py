"""A Slack that answers from a script."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Reply:
    """What the scripted Slack answers to one request."""

    status: int = 200
    body: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ScriptedSlack:
    """Answers requests in order from ``replies``, the last one for ever; remembers paths and bodies."""

    url: str
    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    requests: list[tuple[str, str]] = field(default_factory=list)

    def says(self, *replies: tuple[int, Any] | Reply) -> None:
        """Sets what comes next: pairs of status and JSON value or text."""
        self.replies = [_reply(reply) for reply in replies]

    def take(self, path: str, body: str) -> Reply:
        """The next reply."""
        self.requests.append((path, body))
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The JSON bodies that arrived."""
        return [json.loads(body) for _, body in self.requests]


def _reply(reply: tuple[int, Any] | Reply) -> Reply:
    if isinstance(reply, Reply):
        return reply
    status, body = reply
    return Reply(status, body if isinstance(body, str) else json.dumps(body))
