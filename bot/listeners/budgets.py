"""Budgets edited in Slack: the form, what is submitted in it, and the button that removes one."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.core.answers import Answer, BudgetsAnswer, BudgetsChange, NotForYou, NotKnown
from bot.core.budgets.edits import AMOUNT, Draft, Seen
from bot.core.budgets.terms import Budget
from bot.errors import StoreError, UserError
from bot.features.budgets.edit import Form, Problems
from bot.listeners.commands import BUSY
from bot.listeners.gestures import Press, read_submission
from bot.listeners.openings import as_press, opening_of, read_opening, tell_where_opened
from bot.listeners.places import Responding, Viewing
from bot.listeners.presses import Presses
from bot.ports import Clock
from bot.slack.answers.budgets import DONE, seen_value
from bot.slack.budget_modal import budget_modal, read_budget, read_seen
from bot.slack.buttons import ADD_BUDGET, EDIT_BUDGET, REMOVE_BUDGET
from bot.slack.messages import Message, sentence
from bot.slack.modals import answer_modal
from bot.slack.render import render

SAVE = "budget.save"
COMMAND = "budget"
UNREADABLE = "The budgets cannot be read at the moment. Please try again in a minute."

_NUMBER = re.compile(r"[0-9]{1,15}")
_NOT_THERE = 0

Changed = Budget | Problems | NotKnown | NotForYou
Answering = Callable[[str, str, datetime], Answer]
"""(slack_id, text of a command, now) to the answer."""

log = logging.getLogger(__name__)


class Budgeting(Protocol):
    """Budgets for those who may edit them. Methods raise `StoreError`, and `UserError` where one has changed."""

    def open(self, slack_id: str, number: int | None, now: datetime) -> Form | NotKnown | NotForYou:
        """What the form begins with; None is a new budget."""
        ...

    def check(
        self, slack_id: str, draft: Draft, seen: Seen | None, now: datetime
    ) -> Problems | NotKnown | NotForYou | None:
        """What would keep it from being saved."""
        ...

    def save(self, slack_id: str, draft: Draft, seen: Seen | None, now: datetime) -> Changed:
        """Adds a budget, or puts another version in place of the one that was seen."""
        ...

    def remove(self, slack_id: str, seen: Seen, now: datetime) -> Changed:
        """Takes a budget out of force."""
        ...


class BudgetDesk:
    """Shows the form and takes it. After a change, the budgets stand anew where the person pressed."""

    def __init__(
        self,
        budgets: Budgeting,
        answer: Answering,
        presses: Presses,
        responder: Responding,
        views: Viewing,
        clock: Clock,
    ) -> None:
        self._budgets = budgets
        self._answer = answer
        self._presses = presses
        self._responder = responder
        self._views = views
        self._clock = clock
        presses.handle(ADD_BUDGET, lambda press: self._open(press, None), opens_modal=True)
        presses.handle(EDIT_BUDGET, lambda press: self._open(press, _number_in(press)), opens_modal=True)
        presses.handle(REMOVE_BUDGET, self._remove)

    def on_submission(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Takes what was filled in; else what to say at once, by field. None where it is taken."""
        submission = read_submission(body)
        if submission is None:
            return None
        opened = read_opening(submission).get("seen")
        seen = None if opened == "" else read_seen(opened)
        draft = read_budget(submission.values)
        problems = draft if isinstance(draft, dict) else self._problems(submission.slack_id, draft, seen)
        if isinstance(draft, dict) or problems:
            self._presses.count(SAVE, "invalid")
            return problems

        def save(slack_id: str, now: datetime) -> Changed:
            return self._budgets.save(slack_id, draft, seen, now)

        press = as_press(submission, SAVE)
        is_taken = self._presses.take(press, lambda press: self._change(press, save, BudgetsChange.SAVED))
        return None if is_taken else {AMOUNT: BUSY}

    def _open(self, press: Press, number: int | None) -> str:
        """Something opens even where the budgets cannot be read just now: the right to open ends soon."""
        try:
            found = self._budgets.open(press.slack_id, number, self._clock())
        except StoreError as error:
            log.warning("Budgets could not be read: %s", error)
            self._views.open_modal(press.trigger_id, answer_modal(sentence(UNREADABLE)))
            return "fault"
        if isinstance(found, Form):
            seen = seen_value(found.budget) if found.budget else ""
            view = budget_modal(found.budget, opening_of(press, seen=seen), has_price=found.has_price)
        else:
            view = answer_modal(render(found))
        self._views.open_modal(press.trigger_id, view)
        return "opened"

    def _problems(self, slack_id: str, draft: Draft, seen: Seen | None) -> dict[str, str]:
        """What stands at fields; all else that is in the way is said when it is saved."""
        try:
            found = self._budgets.check(slack_id, draft, seen, self._clock())
        except StoreError as error:
            log.warning("Budgets could not be read: %s", error)
            return {AMOUNT: UNREADABLE}
        except UserError:
            return {}
        return found.by_field if isinstance(found, Problems) else {}

    def _remove(self, press: Press) -> str:
        def remove(slack_id: str, now: datetime) -> Changed:
            return self._budgets.remove(slack_id, read_seen(press.value), now)

        return self._change(press, remove, BudgetsChange.REMOVED)

    def _change(self, press: Press, change: Callable[[str, datetime], Changed], done: BudgetsChange) -> str:
        """A refusal leaves the answer as it is, with the words beside it."""
        try:
            changed = change(press.slack_id, self._clock())
        except UserError as error:
            return self._refuse(press, sentence(str(error)), "user_error")
        match changed:
            case Budget():
                self._tell(press, self._renewed(press.slack_id, done))
                return "done"
            case Problems():
                return self._refuse(press, sentence(" ".join(changed.by_field.values())), "invalid")
            case _:
                return self._refuse(press, render(changed), "refused")

    def _renewed(self, slack_id: str, done: BudgetsChange) -> Message:
        """How the budgets stand now; whatever is wrong with that, the change was made."""
        try:
            answer = self._answer(slack_id, COMMAND, self._clock())
        except (StoreError, UserError) as error:
            log.warning("Budgets could not be shown after a change: %s", error)
            return sentence(f"{DONE[done]} {UNREADABLE}")
        return render(replace(answer, change=done) if isinstance(answer, BudgetsAnswer) else answer)

    def _refuse(self, press: Press, message: Message, outcome: str) -> str:
        self._tell(replace(press, may_replace=False), message)
        return outcome

    def _tell(self, press: Press, message: Message) -> None:
        if press.response_url:
            tell_where_opened(press, message, self._responder, self._views)
        else:
            self._views.open_modal(press.trigger_id, answer_modal(message))


def _number_in(press: Press) -> int:
    return int(press.value) if _NUMBER.fullmatch(press.value) else _NOT_THERE
