"""One evaluation of everything: what moves, and in which messages it is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.alerts.ask_first import is_asked
from bot.core.alerts.incidents import Change, Incident, IncidentKey, Sighting, Telling, observe
from bot.core.plans.expectations import Expectation

MOST_CARDS = 3
"""More new incidents than that in one evaluation share one card."""


def evaluate(
    incidents: Mapping[IncidentKey, Incident],
    sightings: Iterable[Sighting],
    planned: Iterable[Expectation],
    now: datetime,
    reachable: Collection[str] = (),
    *,
    is_retuned: bool = False,
) -> tuple[Change, ...]:
    """Every move, the largest excess first, so that the order in which people come says nothing.

    There must be a sighting of every live incident, and of everything that fires. ``reachable`` are the addresses
    of whoever is asked before others hear: such cards are shared among themselves, so that none holds up another.
    ``is_retuned`` where settings or rules are not those of the evaluation before.
    """
    plans = tuple(planned)
    moves = (
        observe(
            incidents.get(seen.key),
            seen,
            [plan for plan in plans if plan.subject == seen.key.subject],
            now,
            is_retuned=is_retuned,
        )
        for seen in sightings
    )
    return _labelled(sorted((move for move in moves if move), key=_rank), reachable)


def _labelled(changes: Sequence[Change], reachable: Collection[str]) -> tuple[Change, ...]:
    news = [change for change in changes if change.telling is Telling.CARD]
    groups = [[change for change in news if is_asked(change, reachable) is asked] for asked in (False, True)]
    shared = [_label(group) if len(group) > MOST_CARDS else None for group in groups]
    return tuple(_with_label(change, shared[is_asked(change, reachable)]) for change in changes)


def _with_label(change: Change, shared: str | None) -> Change:
    incident, label = change.incident, _label([change])
    if change.telling is None or incident.told is None:
        return change
    if change.telling is Telling.CARD:
        card = shared or label
        return replace(change, incident=replace(incident, card=card, told=replace(incident.told, label=card)))
    again = f"{incident.card}.{label}"
    return replace(change, incident=replace(incident, told=replace(incident.told, label=again)))


def _label(changes: Iterable[Change]) -> str:
    """Says nothing to a reader, and is the same after a backup was restored and the same is found again.

    It stands where a digest's week does, and sorts behind all of them.
    """
    facts = [
        (change.incident.key.subject, change.incident.key.kind, str(told.day), told.excess_micro)
        for change in changes
        if (told := change.incident.told)
    ]
    return f"alert-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]}"


def _rank(change: Change) -> tuple[int, str, str]:
    key = change.incident.key
    return (-change.incident.peak.excess_micro, key.subject or "", key.kind)
