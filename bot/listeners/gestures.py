"""What somebody pressed or submitted, read out of what Slack sends; whatever has another shape is None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.buttons import is_renewed


@dataclass(frozen=True, slots=True)
class Press:
    """An element that somebody used.

    ``key`` is the same for each delivery of one press. ``response_url`` is empty in a view. An answer may
    replace one about settings or budgets that nobody else sees; ``view_hash`` is that of the Home tab that was
    pressed in.
    """

    slack_id: str
    action_id: str
    value: str
    key: str
    trigger_id: str
    response_url: str
    may_replace: bool = False
    in_home: bool = False
    view_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that somebody submitted: what was filled in, by block and element, and what it was given."""

    slack_id: str
    view_id: str
    trigger_id: str
    values: Mapping[str, Any]
    metadata: str


def read_press(body: Mapping[str, Any]) -> Press | None:
    """The press in a ``block_actions``; None where nobody pressed anything that has a name."""
    actions = body.get("actions")
    action = _mapping(actions[0]) if isinstance(actions, list) and actions else {}
    slack_id, action_id = _text(_mapping(body.get("user")).get("id")), _text(action.get("action_id"))
    if not slack_id or not action_id:
        return None
    view = _mapping(body.get("view"))
    is_ephemeral = _mapping(body.get("container")).get("is_ephemeral") is True
    return Press(
        slack_id=slack_id,
        action_id=action_id,
        value=_text(action.get("value")),
        key=f"{_text(action.get('action_ts'))} {slack_id} {action_id}",
        trigger_id=_text(body.get("trigger_id")),
        response_url=_text(body.get("response_url")),
        may_replace=is_ephemeral and is_renewed(_text(action.get("block_id"))),
        in_home=view.get("type") == "home",
        view_hash=_text(view.get("hash")) or None,
    )


def read_submission(body: Mapping[str, Any]) -> Submission | None:
    """The modal in a ``view_submission``; None where it is not said whose, or which."""
    view = _mapping(body.get("view"))
    slack_id, view_id = _text(_mapping(body.get("user")).get("id")), _text(view.get("id"))
    if not slack_id or not view_id:
        return None
    values = _mapping(_mapping(view.get("state")).get("values"))
    trigger_id = _text(body.get("trigger_id"))
    return Submission(slack_id, view_id, trigger_id, values, _text(view.get("private_metadata")))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    """Halves of characters, which JSON can hold and nothing else takes, are left out."""
    return value.encode(errors="ignore").decode() if isinstance(value, str) else ""
