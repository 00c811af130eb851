"""Planned bursts in Slack: the button that ends one early."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.core.answers import NotForYou, NotKnown, PlansAnswer
from bot.listeners.gestures import Press
from bot.listeners.places import ByResponseUrl, Responding
from bot.listeners.presses import Presses
from bot.ports import Clock
from bot.slack.alerts.buttons import number_in
from bot.slack.buttons import END_PLAN
from bot.slack.render import render

_NONE = 0


class Ending(Protocol):
    """Plans for those who may end them. Raises `StoreError`, and `UserError` for one that is over."""

    def end(self, slack_id: str, number: int, now: datetime) -> PlansAnswer | NotKnown | NotForYou:
        """From today on it holds no more."""
        ...


class PlanDesk:
    """Ends plans, and says so in the place of the answer that was pressed in."""

    def __init__(self, plans: Ending, presses: Presses, responder: Responding, clock: Clock) -> None:
        self._plans = plans
        self._responder = responder
        self._clock = clock
        presses.handle(END_PLAN, self._end)

    def _end(self, press: Press) -> str:
        ended = self._plans.end(press.slack_id, number_in(press.value) or _NONE, self._clock())
        is_done = isinstance(ended, PlansAnswer)
        if press.response_url:
            place = ByResponseUrl(self._responder, press.response_url, replace=press.may_replace and is_done)
            place.tell(render(ended))
        return "done" if is_done else "refused"
