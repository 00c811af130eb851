"""Modals and Home tabs on their way to Slack.

A modal is opened in one attempt, because its trigger lives three seconds. Changing a modal and publishing a
Home tab put the same thing in place each time, so that they may be repeated where Slack is busy or away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import DeliveryError
from bot.slack.errors import NO_ANSWER, delivery_error, error_word, seconds_to_wait, status_of

ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 20.0
_PAUSE_SECONDS = 0.5
_TOO_MANY_REQUESTS = 429
_SERVER_FAULT = 500

View = dict[str, Any]
"""A modal or a Home tab as Slack takes it."""


class SlackViews:
    """Shows views to people. Every method raises `DeliveryError`, whose ``word`` is Slack's."""

    def __init__(self, client: WebClient, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def open_modal(self, trigger_id: str, view: View) -> str:
        """Opens a modal and returns its id."""
        answer = _call("views.open", lambda: self._client.views_open(trigger_id=trigger_id, view=view))
        opened = answer.get("view")
        return str(opened.get("id") or "") if isinstance(opened, dict) else ""

    def update_modal(self, view_id: str, view: View) -> None:
        """Puts another content into an open modal."""
        self._insist("views.update", lambda: self._client.views_update(view_id=view_id, view=view))

    def publish_home(self, slack_id: str, view: View, view_hash: str | None = None) -> None:
        """Puts a Home tab in place; with ``view_hash`` only if it still is the one that was seen."""
        self._insist(
            "views.publish",
            lambda: self._client.views_publish(user_id=slack_id, view=view, hash=view_hash),
        )

    def _insist(self, method: str, attempt: Callable[[], SlackResponse]) -> None:
        for _ in range(ATTEMPTS - 1):
            try:
                attempt()
            except SlackApiError as error:
                pause = _pause(error)
                if pause is None or pause > LONGEST_WAIT_SECONDS:
                    raise delivery_error(error, method) from None
            except NO_ANSWER:
                pause = _PAUSE_SECONDS
            else:
                return
            self._sleep(pause)
        _call(method, attempt)


def _call(method: str, attempt: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return attempt()
    except SlackApiError as error:
        raise delivery_error(error, method) from None
    except NO_ANSWER as error:
        raise DeliveryError(f"no answer from Slack ({type(error).__name__}, {method})") from None


def _pause(error: SlackApiError) -> float | None:
    """How long to wait before another attempt; None where it would end the same way."""
    if status_of(error) == _TOO_MANY_REQUESTS or error_word(error) == "ratelimited":
        return seconds_to_wait(error.response.headers)
    return _PAUSE_SECONDS if status_of(error) >= _SERVER_FAULT else None
