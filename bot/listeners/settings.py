"""The settings of digests in Slack: the modal, what is submitted in it, and the buttons that pause and resume."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.core.answers import NotKnown, SettingsAnswer
from bot.core.digests.times import WeekMoment
from bot.errors import StoreError
from bot.listeners.commands import BUSY
from bot.listeners.gestures import Press, read_submission
from bot.listeners.openings import as_press, opening_of, tell_where_opened
from bot.listeners.places import Responding, Viewing
from bot.listeners.presses import Presses
from bot.ports import Clock
from bot.slack.buttons import OPEN_SETTINGS, PAUSE, RESUME
from bot.slack.modals import answer_modal
from bot.slack.render import render
from bot.slack.settings_modal import TIME, read_settings, settings_modal

SAVE = "settings.save"

Found = SettingsAnswer | NotKnown

log = logging.getLogger(__name__)


class Settling(Protocol):
    """Everybody's own settings. Methods raise `StoreError`, and `UserError` for who can have none."""

    @property
    def usual(self) -> WeekMoment:
        """When digests come for whoever chose nothing."""
        ...

    def look(self, slack_id: str, now: datetime) -> Found:
        """What holds now."""
        ...

    def pause(self, slack_id: str, now: datetime) -> Found:
        """No digest any more."""
        ...

    def resume(self, slack_id: str, now: datetime) -> Found:
        """Digests again."""
        ...

    def save(self, slack_id: str, at: WeekMoment, now: datetime, *, wants_personal: bool) -> Found:
        """Takes over what was filled in."""
        ...


class SettingsDesk:
    """Shows and changes settings. After a change, what holds then stands where the person pressed."""

    def __init__(
        self,
        settings: Settling,
        presses: Presses,
        responder: Responding,
        views: Viewing,
        refresh_home: Callable[[str, str | None], None],
        clock: Clock,
    ) -> None:
        """``refresh_home`` takes a Slack id and the hash of the tab that they saw, where it is known."""
        self._settings = settings
        self._presses = presses
        self._responder = responder
        self._views = views
        self._refresh_home = refresh_home
        self._clock = clock
        presses.handle(OPEN_SETTINGS, self._open, opens_modal=True)
        presses.handle(PAUSE, lambda press: self._settle(press, settings.pause))
        presses.handle(RESUME, lambda press: self._settle(press, settings.resume))

    def on_submission(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Takes what was filled in; else what to say at once, by field. None where it is taken."""
        submission = read_submission(body)
        if submission is None:
            return None
        filled_in = read_settings(submission.values, self._settings.usual)
        if isinstance(filled_in, dict):
            self._presses.count(SAVE, "invalid")
            return filled_in
        at, wants_personal = filled_in

        def save(slack_id: str, now: datetime) -> Found:
            return self._settings.save(slack_id, at, now, wants_personal=wants_personal)

        is_taken = self._presses.take(as_press(submission, SAVE), lambda press: self._settle(press, save))
        return None if is_taken else {TIME: BUSY}

    def _open(self, press: Press) -> str:
        """The modal opens even where the settings cannot be read just now: its right to open ends soon."""
        try:
            found = self._settings.look(press.slack_id, self._clock())
        except StoreError as error:
            log.warning("Settings could not be read: %s", error)
            found = None
        if isinstance(found, NotKnown):
            view = answer_modal(render(found))
        else:
            view = settings_modal(found, self._settings.usual, opening_of(press))
        self._views.open_modal(press.trigger_id, view)
        return "opened"

    def _settle(self, press: Press, change: Callable[[str, datetime], Found]) -> str:
        message = render(change(press.slack_id, self._clock()))
        if press.response_url:
            tell_where_opened(press, message, self._responder, self._views)
        elif press.in_home:
            self._refresh_home(press.slack_id, press.view_hash)
        return "done"
