"""What people say of their own use: who may, what it does, and who hears of it now."""

from __future__ import annotations

from datetime import datetime

from bot.core.alerts.ask_first import OwnKind, OwnReply, alarm, apply_own_reply, planned_days
from bot.core.alerts.incidents import Incident
from bot.errors import UserError
from bot.features.alerts.answer import NOT_FOR_YOU, OVER
from bot.features.asked import AskSettings
from bot.features.viewers import viewer_in_slack
from bot.ports import Authorship, IncidentLedger, Store

ANSWERED = "You have answered this already; whoever reads of it sees your answer."


class OwnAnswers:
    """Methods raise `StoreError`, and `UserError` for anybody but the person, as for what is not there."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def check(self, slack_id: str, number: int) -> None:
        """Whether somebody may answer; nothing is changed."""
        incident = self._find(slack_id, number)
        if not incident.is_live:
            raise UserError(OVER)

    def answer(self, slack_id: str, number: int, reply: OwnReply, now: datetime) -> None:
        """Have it count: others hear of it now, with the answer, and the messages that stand are edited soon after."""
        self._find(slack_id, number)
        with self._store.changing_incidents() as ledger:
            incident = ledger.find_incident(number)
            if incident is None or not incident.is_live:
                raise UserError(OVER)
            unanswered = ledger.load_unanswered(incident.card or "")
            if number not in unanswered:
                raise UserError(ANSWERED)
            self._keep(ledger, incident, reply, now)
            if unanswered == [number]:
                ledger.hasten(incident.card or "", now)

    def _keep(self, ledger: IncidentLedger, incident: Incident, reply: OwnReply, now: datetime) -> None:
        subject, change = incident.key.subject or "", apply_own_reply(incident, reply)
        if reply.kind is OwnKind.NOT_ME and not ledger.hasten(incident.card or "", now):
            manager = ledger.load_managers([subject]).get(subject)
            change, orders = alarm(incident, now, self._settings.finance_channel, manager)
            ledger.save_orders(orders, now)
        ledger.save_change(change, Authorship(now, subject, reply.reason))
        announced = ledger.load_expectations(now.date())
        standing = next((one for one in announced if one.subject == subject and one.factor), None)
        if plan := planned_days(incident, reply, standing, now):
            ledger.save_plan(plan, None, now)

    def _find(self, slack_id: str, number: int) -> Incident:
        incident = self._store.find_incident(number)
        with self._store.snapshot() as snapshot:
            viewer = viewer_in_slack(snapshot, self._settings, slack_id)
        person = viewer.person if viewer else None
        if incident is None or person is None or person.email != incident.key.subject:
            raise UserError(NOT_FOR_YOU)
        return incident
