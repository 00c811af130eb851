"""Incidents as they are kept: read at any time, changed inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.alerts.incidents import Change, Incident, IncidentKey
from bot.core.deliveries import Order
from bot.core.plans.expectations import Expectation
from bot.core.spikes.shifts import Shift, ShiftChange
from bot.ports.plans import PlanLedger


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who changed an incident, and why; ``by`` is an address, None for an evaluation."""

    at: datetime
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IncidentEvent:
    """One move of an incident, as its history keeps it; ``day`` and ``excess_micro`` were its largest then.

    ``line`` is the label of the message below its card that says so.
    """

    what: str
    authorship: Authorship
    day: date
    excess_micro: int
    until: datetime | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class KeptIncident:
    """An incident with the store's number, and the number of its newest event."""

    number: int
    incident: Incident
    event: int


@dataclass(frozen=True, slots=True)
class StaleCard:
    """A message that stands in Slack and shows less than what has happened since."""

    delivery: int
    order: Order
    channel: str
    ts: str


class IncidentLedger(PlanLedger, Protocol):
    """Incidents inside one write transaction: all that is changed in it is kept, or nothing."""

    def load_incidents(self, keys: Iterable[IncidentKey]) -> dict[IncidentKey, Incident]:
        """Every live incident, and those of the keys."""
        ...

    def find_incident(self, number: int) -> Incident | None:
        """One incident by its number."""
        ...

    def save_change(self, change: Change, authorship: Authorship) -> int:
        """Keep an incident as it is now, and what moved it; returns its number."""
        ...

    def load_expectations(self, since: date) -> list[Expectation]:
        """Whatever was announced and is not over before that day."""
        ...

    def save_expectation(self, expectation: Expectation, now: datetime) -> None:
        """Keep what was announced."""
        ...

    def load_shifts(self, subjects: Sequence[str], since: date) -> dict[str, Shift]:
        """The lasting changes of these people, and of whoever was last seen with one since then, by address."""
        ...

    def save_shifts(self, changes: Sequence[ShiftChange]) -> None:
        """Keep each employee's newest, or none."""
        ...

    def load_cards(self, changes: Iterable[Change]) -> list[Order]:
        """The cards of these incidents that stand in Slack, or may."""
        ...

    def load_managers(self, emails: Iterable[str]) -> dict[str, str]:
        """The addresses of those who manage these people and are employed today, by whom they manage."""
        ...

    def find_reachable(self, emails: Iterable[str]) -> set[str]:
        """Those of the addresses whose people are employed today and have a living Slack account."""
        ...

    def load_unanswered(self, label: str) -> list[int]:
        """The numbers of the live incidents on a card of which the person has not said anything yet."""
        ...

    def hasten(self, label: str, now: datetime) -> bool:
        """Let whatever waits under a label out now, but for what asks the person; False where nothing waits."""
        ...

    def save_orders(self, orders: Sequence[Order], now: datetime) -> int:
        """Have messages sent, each once; returns how many were new."""
        ...

    def load_note(self, name: str) -> str | None:
        """A small fact that the store keeps about itself."""
        ...

    def save_note(self, name: str, value: str) -> None:
        """Keep a small fact."""
        ...

    def load_usage_mark(self) -> str:
        """A text that differs as soon as other usage or other people are stored, or another day is complete."""
        ...


class IncidentStore(Protocol):
    """The part of a store that keeps incidents. Every method is one transaction and raises `StoreError`."""

    def changing_incidents(self) -> AbstractContextManager[IncidentLedger]:
        """The right to change incidents, until the end of the block."""
        ...

    def find_incident(self, number: int) -> Incident | None:
        """One incident by its number."""
        ...

    def load_card(self, label: str) -> list[KeptIncident]:
        """The incidents that stand on one message, the first told first."""
        ...

    def load_told(self, label: str) -> list[KeptIncident]:
        """The incidents that were last told under a label."""
        ...

    def load_lined(self, label: str) -> list[KeptIncident]:
        """The incidents of whose moves one message below a card tells, the first told first."""
        ...

    def load_events(self, number: int) -> list[IncidentEvent]:
        """What happened to an incident, oldest first."""
        ...

    def find_conversation(self, order_kind: str, recipient: str, period: str) -> tuple[str, str] | None:
        """In which conversation, and as which message, a delivery stands."""
        ...

    def load_newest_event(self) -> int:
        """The number of the newest event of any incident, 0 without any."""
        ...

    def load_stale_cards(self, kinds: Sequence[str]) -> list[StaleCard]:
        """Messages of these kinds that stand in Slack and do not show the newest event of their incidents."""
        ...

    def note_shown(self, delivery: int, said: str) -> None:
        """A message shows this now."""
        ...
