"""Alerts in Slack: their buttons, and the modal in which they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.core.alerts.replies import Reply
from bot.errors import UserError
from bot.features.alerts.answer import NOT_FOR_YOU, AlertDetails
from bot.listeners.commands import BUSY
from bot.listeners.gestures import Press, Submission, read_submission
from bot.listeners.places import ByResponseUrl, Responding, Viewing
from bot.listeners.presses import Presses
from bot.ports import Clock
from bot.slack.alerts.buttons import ANSWERS, DETAILS, WHO, number_in
from bot.slack.alerts.details import render_details
from bot.slack.alerts.modal import REASON, FilledIn, answer_modal_of, read_answer

ANSWER = "alert.answer"


class Answering(Protocol):
    """What can be known of alerts and done about them. Methods raise `StoreError` and `UserError`."""

    def look(self, slack_id: str, number: int) -> AlertDetails:
        """What somebody may know of an alert."""
        ...

    def answer(self, slack_id: str, number: int, reply: Reply, now: datetime) -> AlertDetails:
        """Have an answer count."""
        ...


class AlertDesk:
    """Takes answers. Who may answer is looked up when the modal opens, and again when it is submitted."""

    def __init__(
        self, alerts: Answering, presses: Presses, responder: Responding, views: Viewing, clock: Clock
    ) -> None:
        self._alerts = alerts
        self._presses = presses
        self._responder = responder
        self._views = views
        self._clock = clock
        for action_id in ANSWERS:
            presses.handle(action_id, self._open, opens_modal=True)
        for action_id in (DETAILS, WHO):
            presses.handle(action_id, self._tell)

    def on_submission(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Takes an answer; else what to say at once, by field. None where it is taken."""
        submission = read_submission(body)
        filled_in = read_answer(submission.values, submission.metadata) if submission else None
        if submission is None or filled_in is None:
            return None
        press = _as_press(submission, filled_in)
        is_taken = self._presses.take(press, lambda press: self._answer(press, filled_in))
        return None if is_taken else {REASON: BUSY}

    def _open(self, press: Press) -> str:
        number = number_of(press)
        self._alerts.look(press.slack_id, number)
        view = answer_modal_of(ANSWERS[press.action_id], number, press.response_url)
        self._views.open_modal(press.trigger_id, view)
        return "opened"

    def _tell(self, press: Press) -> str:
        return self._show(press, self._alerts.look(press.slack_id, number_of(press)))

    def _answer(self, press: Press, filled_in: FilledIn) -> str:
        details = self._alerts.answer(press.slack_id, filled_in.number, filled_in.reply, self._clock())
        return self._show(press, details)

    def _show(self, press: Press, details: AlertDetails) -> str:
        """To whoever pressed alone."""
        number = number_of(press)
        message = render_details(number, details.who, details.incident, details.events)
        if press.response_url:
            ByResponseUrl(self._responder, press.response_url).tell(message)
        return "done"


def number_of(press: Press) -> int:
    """The incident that a button is about. Raises `UserError` for a value that somebody made up."""
    number = number_in(press.value)
    if number is None:
        raise UserError(NOT_FOR_YOU)
    return number


def _as_press(submission: Submission, filled_in: FilledIn) -> Press:
    """A submission as the press of the button that submits; a modal is submitted once."""
    return Press(
        slack_id=submission.slack_id,
        action_id=ANSWER,
        value=str(filled_in.number),
        key=f"{submission.view_id} {submission.slack_id} {ANSWER}",
        trigger_id=submission.trigger_id,
        response_url=filled_in.response_url,
    )
