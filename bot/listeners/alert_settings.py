"""What is worth an alert, set in Slack: the form, what is submitted in it, and the buttons beside it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.core.alerts.answers import AlertsAnswer
from bot.core.alerts.choice import FLOOR, Draft, InForce
from bot.core.answers import NotForYou, NotKnown
from bot.core.spikes.findings import Sensitivity
from bot.errors import StoreError
from bot.listeners.commands import BUSY
from bot.listeners.gestures import Press, read_submission
from bot.listeners.openings import as_press, opening_of, read_opening, tell_where_opened
from bot.listeners.places import Responding, Viewing
from bot.listeners.presses import Presses
from bot.ports import Clock
from bot.slack.alerts_modal import alerts_modal, read_alerts
from bot.slack.buttons import CHANGE_ALERTS, RESET_ALERTS, USE_SENSITIVITY
from bot.slack.messages import sentence
from bot.slack.modals import answer_modal
from bot.slack.render import render

SAVE = "alerts.save"
UNREADABLE = "The settings cannot be read at the moment. Please try again in a minute."

_NUMBER = re.compile(r"[0-9]{1,15}")
_NEVER_SEEN = -1

Denied = NotKnown | NotForYou
Changed = AlertsAnswer | Denied

log = logging.getLogger(__name__)


class Choosing(Protocol):
    """The settings, for those who may. Methods raise `StoreError`, and `UserError` where another chose meanwhile."""

    def open(self, slack_id: str) -> InForce | Denied:
        """What the form begins with."""
        ...

    def check(self, slack_id: str, draft: Draft) -> dict[str, str] | Denied:
        """What would keep it from being saved, by field."""
        ...

    def save(self, slack_id: str, draft: Draft, after: int, now: datetime) -> Changed:
        """Takes over what was typed."""
        ...

    def use(self, slack_id: str, sensitivity: Sensitivity, after: int, now: datetime) -> Changed:
        """Another sensitivity, and all else as it is."""
        ...

    def reset(self, slack_id: str, after: int, now: datetime) -> Changed:
        """Back to what is configured."""
        ...


class AlertSettingsDesk:
    """Shows the form and takes it. After a change, what holds stands where the person pressed."""

    def __init__(
        self, choices: Choosing, presses: Presses, responder: Responding, views: Viewing, clock: Clock
    ) -> None:
        self._choices = choices
        self._presses = presses
        self._responder = responder
        self._views = views
        self._clock = clock
        presses.handle(CHANGE_ALERTS, self._open, opens_modal=True)
        presses.handle(RESET_ALERTS, self._reset)
        for one in Sensitivity:
            presses.handle(f"{USE_SENSITIVITY}.{one}", self._use)

    def on_submission(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Takes what was filled in; else what to say at once, by field. None where it is taken."""
        submission = read_submission(body)
        if submission is None:
            return None
        draft, after = read_alerts(submission.values), _number(read_opening(submission).get("after"))
        problems = draft if isinstance(draft, dict) else self._problems(submission.slack_id, draft)
        if isinstance(draft, dict) or problems:
            self._presses.count(SAVE, "invalid")
            return problems

        def save(slack_id: str, now: datetime) -> Changed:
            return self._choices.save(slack_id, draft, after, now)

        is_taken = self._presses.take(as_press(submission, SAVE), lambda press: self._change(press, save))
        return None if is_taken else {FLOOR: BUSY}

    def _open(self, press: Press) -> str:
        """Something opens even where the settings cannot be read just now: the right to open ends soon."""
        try:
            found = self._choices.open(press.slack_id)
        except StoreError as error:
            log.warning("The settings of alerts could not be read: %s", error)
            self._views.open_modal(press.trigger_id, answer_modal(sentence(UNREADABLE)))
            return "fault"
        if isinstance(found, InForce):
            view = alerts_modal(found.settings, opening_of(press, after=str(found.number)))
        else:
            view = answer_modal(render(found))
        self._views.open_modal(press.trigger_id, view)
        return "opened"

    def _problems(self, slack_id: str, draft: Draft) -> dict[str, str]:
        """What stands at fields; whoever may not choose is told so when it is saved."""
        try:
            found = self._choices.check(slack_id, draft)
        except StoreError as error:
            log.warning("The settings of alerts could not be read: %s", error)
            return {FLOOR: UNREADABLE}
        return found if isinstance(found, dict) else {}

    def _reset(self, press: Press) -> str:
        return self._change(press, lambda who, now: self._choices.reset(who, _number(press.value), now))

    def _use(self, press: Press) -> str:
        word, _, seen = press.value.partition(".")
        sensitivity = next((one for one in Sensitivity if one == word), Sensitivity.NORMAL)
        return self._change(
            replace(press, may_replace=False),
            lambda who, now: self._choices.use(who, sensitivity, _number(seen), now),
        )

    def _change(self, press: Press, change: Callable[[str, datetime], Changed]) -> str:
        """A refusal leaves the answer as it is, with the words beside it."""
        changed = change(press.slack_id, self._clock())
        is_done = isinstance(changed, AlertsAnswer)
        if press.response_url:
            where = press if is_done else replace(press, may_replace=False)
            tell_where_opened(where, render(changed), self._responder, self._views)
        return "done" if is_done else "refused"


def _number(text: object) -> int:
    """The choice that somebody had before them; for anything else one that there never was."""
    return int(text) if isinstance(text, str) and _NUMBER.fullmatch(text) else _NEVER_SEEN
