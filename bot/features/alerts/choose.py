"""Choosing what is worth an alert, for those who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.alerts.answers import AlertsAnswer, AlertsChange
from bot.core.alerts.choice import Draft, InForce, in_force, read_draft
from bot.core.answers import NotForYou, NotKnown
from bot.core.commands import Alerts
from bot.core.spikes.findings import Sensitivity, SpikeSettings
from bot.core.visibility import Viewer, WholeCompany, decide
from bot.errors import UserError
from bot.features.alerts.ask import answer_alerts
from bot.features.asked import Asked, AskSettings
from bot.features.viewers import viewer_in_slack
from bot.ports import Snapshot, Store

CHANGED_MEANWHILE = "Somebody else has changed this in the meantime. Please look at it again."

Denied = NotKnown | NotForYou


class ChooseAlerts:
    """Changes the settings. Whether somebody may is asked anew each time.

    Methods raise `StoreError`, and `UserError` where another choice was made since number ``after``.
    """

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def open(self, slack_id: str) -> InForce | Denied:
        """What the form begins with."""
        with self._store.snapshot() as snapshot:
            viewer = self._chooser(snapshot, slack_id)
            return self._in_force(snapshot) if isinstance(viewer, Viewer) else viewer

    def check(self, slack_id: str, draft: Draft) -> dict[str, str] | Denied:
        """What would keep it from being saved, by field; nothing where it can be."""
        with self._store.snapshot() as snapshot:
            viewer = self._chooser(snapshot, slack_id)
            if not isinstance(viewer, Viewer):
                return viewer
            found = read_draft(draft, self._in_force(snapshot).settings)
        return {} if isinstance(found, SpikeSettings) else found

    def save(self, slack_id: str, draft: Draft, after: int, now: datetime) -> AlertsAnswer | Denied:
        """Take over what was typed. Raises `UserError` where it cannot be, too."""

        def read(before: SpikeSettings) -> SpikeSettings:
            found = read_draft(draft, before)
            if isinstance(found, SpikeSettings):
                return found
            raise UserError(" ".join(found.values()))

        return self._choose(slack_id, read, after, now)

    def use(
        self, slack_id: str, sensitivity: Sensitivity, after: int, now: datetime
    ) -> AlertsAnswer | Denied:
        """Another sensitivity, and all else as it is."""
        return self._choose(slack_id, lambda before: replace(before, sensitivity=sensitivity), after, now)

    def reset(self, slack_id: str, after: int, now: datetime) -> AlertsAnswer | Denied:
        """Back to what is configured."""
        return self._choose(slack_id, lambda _: None, after, now)

    def _choose(
        self,
        slack_id: str,
        choice: Callable[[SpikeSettings], SpikeSettings | None],
        after: int,
        now: datetime,
    ) -> AlertsAnswer | Denied:
        with self._store.snapshot() as snapshot:
            viewer = self._chooser(snapshot, slack_id)
            if not isinstance(viewer, Viewer):
                return viewer
            settings = choice(self._in_force(snapshot).settings)
            by = viewer.person.email if viewer.person else snapshot.find_slack_email(slack_id) or slack_id
        if not self._store.save_alert_choice(settings, by, now, after=after):
            raise UserError(CHANGED_MEANWHILE)
        with self._store.snapshot() as snapshot:
            asked = Asked(snapshot, self._settings, viewer, now)
            return answer_alerts(asked, AlertsChange.SAVED if settings else AlertsChange.RESET)

    def _chooser(self, snapshot: Snapshot, slack_id: str) -> Viewer | Denied:
        viewer = viewer_in_slack(snapshot, self._settings, slack_id)
        if viewer is None:
            return NotKnown()
        return viewer if isinstance(decide(viewer, Alerts(), None), WholeCompany) else NotForYou()

    def _in_force(self, snapshot: Snapshot) -> InForce:
        return in_force(self._settings.spikes, snapshot.load_alert_choice())
