"""What people answer about their own use: three buttons, and a form for what was planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.core.alerts.ask_first import OwnKind, OwnReply
from bot.listeners.alerts import number_of
from bot.listeners.commands import BUSY
from bot.listeners.gestures import Press, read_submission
from bot.listeners.openings import as_press
from bot.listeners.places import Viewing
from bot.listeners.presses import Presses
from bot.ports import Clock
from bot.slack.alerts.ask import ACTIONS, REASON, own_modal, read_own_modal

ANSWER = "own.answer"
SAY_WHY = "Please say why in a few words."


class Owning(Protocol):
    """Answers about oneself. Methods raise `StoreError` and `UserError`."""

    def check(self, slack_id: str, number: int) -> None:
        """Whether somebody may answer."""
        ...

    def answer(self, slack_id: str, number: int, reply: OwnReply, now: datetime) -> None:
        """Have an answer count."""
        ...


class OwnDesk:
    """Takes what people say of themselves; the message in which they were asked then shows it."""

    def __init__(self, answers: Owning, presses: Presses, views: Viewing, clock: Clock) -> None:
        self._answers = answers
        self._presses = presses
        self._views = views
        self._clock = clock
        for action_id, kind in ACTIONS.items():
            if kind is OwnKind.PLANNED:
                presses.handle(action_id, self._open, opens_modal=True)
            else:
                presses.handle(action_id, self._answer)

    def on_submission(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Takes an explanation; else what to say at once, by field. None where it is taken."""
        submission = read_submission(body)
        filled_in = read_own_modal(submission.values, submission.metadata) if submission else None
        if submission is None or filled_in is None:
            return None
        if filled_in.reply.reason is None:
            return {REASON: SAY_WHY}
        press = replace(as_press(submission, ANSWER), value=str(filled_in.number))
        is_taken = self._presses.take(press, lambda press: self._keep(press, filled_in.reply))
        return None if is_taken else {REASON: BUSY}

    def _open(self, press: Press) -> str:
        number = number_of(press)
        self._answers.check(press.slack_id, number)
        self._views.open_modal(press.trigger_id, own_modal(number, press.response_url))
        return "opened"

    def _answer(self, press: Press) -> str:
        return self._keep(press, OwnReply(ACTIONS[press.action_id]))

    def _keep(self, press: Press, reply: OwnReply) -> str:
        self._answers.answer(press.slack_id, number_of(press), reply, self._clock())
        return "done"
