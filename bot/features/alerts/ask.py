"""The answer about alerts: what is worth one, which are not over, and how good they were."""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.core.alerts.answers import AlertsAnswer, AlertsChange, LiveAlert
from bot.core.alerts.choice import InForce, in_force
from bot.core.alerts.incidents import Incident
from bot.core.alerts.quality import SAME_WITHIN, AlertQuality, Moved, judge_quality, month_before
from bot.core.periods import DAY, Period
from bot.features.asked import Asked
from bot.ports import Snapshot

SHOWN_ALERTS = 10


def answer_alerts(asked: Asked, change: AlertsChange | None = None) -> AlertsAnswer:
    """For who may know whom every alert is about, which is decided before."""
    snapshot = asked.snapshot
    chosen = in_force(asked.settings.spikes, snapshot.load_alert_choice())
    live = sorted(snapshot.load_live_incidents(), key=_largest_first)
    last = month_before(asked.today)
    running = Period(last.until, asked.today + DAY)
    moves = _load_moves(snapshot, last)
    return AlertsAnswer(
        in_force=chosen,
        chosen_by=_chosen_by(snapshot, chosen),
        live=tuple(LiveAlert(_name(snapshot, one), one) for one in live[:SHOWN_ALERTS]),
        more=max(len(live) - SHOWN_ALERTS, 0),
        quality=(judge_quality(moves, last), judge_quality(moves, running)),
        change=change,
    )


def load_quality(snapshot: Snapshot, period: Period) -> AlertQuality:
    """How good the alerts were that opened in the period."""
    return judge_quality(_load_moves(snapshot, period), period)


def _load_moves(snapshot: Snapshot, period: Period) -> list[Moved]:
    """What happened in the period and since, and what may be the same alert as its first ones."""
    begun = datetime.combine(period.since, time(), UTC)
    return snapshot.load_alert_moves(begun - SAME_WITHIN)


def _largest_first(incident: Incident) -> tuple[int, str, str]:
    return (-incident.peak.excess_micro, incident.key.subject or "", incident.key.kind)


def _chosen_by(snapshot: Snapshot, chosen: InForce) -> str:
    if chosen.newest is None:
        return ""
    person = snapshot.find_person(email=chosen.newest.by)
    return person.name if person else chosen.newest.by


def _name(snapshot: Snapshot, incident: Incident) -> str | None:
    subject = incident.key.subject
    if subject is None:
        return None
    person = snapshot.find_person(email=subject)
    return person.name if person else subject
