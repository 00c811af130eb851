"""Where a form was opened: what it has to know of that until it is submitted, and how the answer gets there."""

from __future__ import annotations

import json
from typing import Any

from bot.errors import DeliveryError
from bot.listeners.gestures import Press, Submission
from bot.listeners.places import ByResponseUrl, Responding, Viewing
from bot.slack.messages import Message
from bot.slack.modals import answer_modal


def opening_of(press: Press, **more: str) -> str:
    """What the form carries: where it was opened, and ``more`` of what it is about."""
    opened = {"url": press.response_url, "replace": press.may_replace, "home": press.in_home}
    return json.dumps({**opened, **more})


def read_opening(submission: Submission) -> dict[str, Any]:
    """What the form carried; nothing where it has another shape."""
    try:
        opened = json.loads(submission.metadata)
    except ValueError:
        return {}
    return opened if isinstance(opened, dict) else {}


def as_press(submission: Submission, action_id: str) -> Press:
    """A submission as the press of the button that submits; a form is submitted once."""
    opened = read_opening(submission)
    return Press(
        slack_id=submission.slack_id,
        action_id=action_id,
        value="",
        key=f"{submission.view_id} {submission.slack_id} {action_id}",
        trigger_id=submission.trigger_id,
        response_url=str(opened.get("url") or ""),
        may_replace=opened.get("replace") is True,
        in_home=opened.get("home") is True,
    )


def tell_where_opened(press: Press, message: Message, responder: Responding, views: Viewing) -> None:
    """A form that was left open for long has outlived the address of what it was opened from."""
    place = ByResponseUrl(responder, press.response_url, replace=press.may_replace)
    try:
        place.tell(message)
    except DeliveryError as error:
        if not error.permanent:
            raise
        views.open_modal(press.trigger_id, answer_modal(message))
