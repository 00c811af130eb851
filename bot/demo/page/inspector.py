"""The exchanges between the app and Slack as the inspector lists them, and one of them in full."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.demo.slack import Workspace
from bot.demo.slack.journal import Exchange
from bot.demo.slack.values import Json

NEWEST = 100


def build_rows(newest: Sequence[Exchange]) -> list[Exchange]:
    """The newest first, as many as somebody would look through."""
    return list(reversed(newest[-NEWEST:]))


def show_exchange(workspace: Workspace, number: int) -> Json:
    """Request and answer as text to read. Raises `LookupError` when it is too long ago."""
    with workspace.changed:
        found = workspace.journal.find(number)
    if found is None:
        raise LookupError(f"no exchange {number}")
    return {
        "title": f"{found.route}: {found.name}",
        "request": to_text(found.request),
        "answer": to_text(found.answer),
    }


def to_text(value: object) -> str:
    """JSON as people read it."""
    return json.dumps(value, indent=2, ensure_ascii=False)
