"""Answers to alerts: who may give them, what they do, and what an alert tells to who may know more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.alerts.incidents import Incident
from bot.core.alerts.lines import line_orders, with_lines
from bot.core.alerts.replies import Reply, ReplyKind, apply_reply, new_level
from bot.core.visibility import may_learn_of_alert
from bot.errors import UserError
from bot.features.asked import AskSettings
from bot.features.viewers import viewer_in_slack
from bot.ports import Authorship, IncidentEvent, Snapshot, Store

NOT_FOR_YOU = "There is nothing here that you may see or answer."
OVER = "This is over already, so there is nothing to answer any more."
EVERYBODY = "the whole organisation"


@dataclass(frozen=True, slots=True)
class AlertDetails:
    """Whom an alert is about, how it stands, and all that has happened."""

    who: str
    incident: Incident
    events: tuple[IncidentEvent, ...]


class AlertAnswers:
    """Methods raise `StoreError`, and `UserError` for who may not, in the same words as for what is not there."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def look(self, slack_id: str, number: int) -> AlertDetails:
        """What somebody may know of an alert."""
        incident = self._find(number)
        with self._store.snapshot() as snapshot:
            self._author(snapshot, slack_id, incident)
            who = _name(snapshot, incident)
        return AlertDetails(who, incident, tuple(self._store.load_events(number)))

    def answer(self, slack_id: str, number: int, reply: Reply, now: datetime) -> AlertDetails:
        """Have an answer count; its card is edited soon after, and a line below it says so."""
        incident = self._find(number)
        with self._store.snapshot() as snapshot:
            by = self._author(snapshot, slack_id, incident)
        with self._store.changing_incidents() as ledger:
            newest = ledger.find_incident(number)
            change = apply_reply(newest, reply, now) if newest else None
            if change is None:
                raise UserError(OVER)
            (change,) = with_lines([change], now)
            ledger.save_change(change, Authorship(now, by, reply.reason))
            ledger.save_orders(line_orders([change], ledger.load_cards([change]), now), now)
            if reply.kind is ReplyKind.NORMAL:
                ledger.save_expectation(new_level(change.incident, by, reply.reason, now), now)
        return self.look(slack_id, number)

    def _find(self, number: int) -> Incident:
        incident = self._store.find_incident(number)
        if incident is None:
            raise UserError(NOT_FOR_YOU)
        return incident

    def _author(self, snapshot: Snapshot, slack_id: str, incident: Incident) -> str:
        """The address of whoever may answer; they are looked up anew with each answer."""
        viewer = viewer_in_slack(snapshot, self._settings, slack_id)
        subject = incident.key.subject
        person = snapshot.find_person(email=subject) if subject else None
        if viewer is None or not may_learn_of_alert(viewer, person):
            raise UserError(NOT_FOR_YOU)
        own = viewer.person.email if viewer.person else snapshot.find_slack_email(slack_id)
        return own or slack_id


def _name(snapshot: Snapshot, incident: Incident) -> str:
    subject = incident.key.subject
    if subject is None:
        return EVERYBODY
    person = snapshot.find_person(email=subject)
    return person.name if person else subject
