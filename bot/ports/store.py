"""What is kept, and how it changes: everything the features ask of a database but its reads."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.days import Doubt, History, Reading
from bot.core.digests.choice import DigestChoice
from bot.core.ledger import Part, Run
from bot.core.linking import Linking
from bot.core.models import (
    CodeReviewDay,
    CodeReviewResponseDay,
    PoisonedRow,
    UsagePage,
    WorkspaceRow,
)
from bot.core.people import Employee, Person, SlackPerson
from bot.core.periods import Period
from bot.ports.alert_choices import AlertChoices
from bot.ports.budgets import BudgetStore
from bot.ports.incidents import IncidentStore
from bot.ports.learning import LearningStore
from bot.ports.outbox import DeliveryStore
from bot.ports.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class DayChange:
    """How many rows were new, changed or vanished."""

    new: int = 0
    changed: int = 0
    vanished: int = 0

    def __add__(self, other: DayChange) -> DayChange:
        return DayChange(self.new + other.new, self.changed + other.changed, self.vanished + other.vanished)


class StagedUsage(Protocol):
    """Fetched usage that nobody sees yet. Raises `StoreError`."""

    def add(self, page: UsagePage) -> None:
        """Take a page in. A second row of the same account and day takes the place of the first."""
        ...

    def read_day(self, day: date) -> tuple[Reading, Doubt | None]:
        """What was fetched of a day beside what is stored, and the doubt that already stands about it."""
        ...

    def replace_days(self, days: Sequence[date], now: datetime) -> DayChange:
        """Put fetched days in the place of the stored ones, in one transaction, and settle any doubt."""
        ...

    def refuse_day(self, doubt: Doubt) -> None:
        """Keep the stored day and the doubt about the fetched one."""
        ...


class Store(AlertChoices, BudgetStore, DeliveryStore, IncidentStore, LearningStore, Protocol):
    """What is kept. Every method is one transaction and raises `StoreError`."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """A moment to read from."""
        ...

    def only_sync(self) -> AbstractContextManager[None]:
        """The right to sync, which one process at a time can hold."""
        ...

    def staging(self) -> AbstractContextManager[StagedUsage]:
        """An empty place for fetched usage."""
        ...

    def load_employees(self) -> dict[str, Employee]:
        """Everyone who was ever in a roster, by address."""
        ...

    def load_slack_people(self) -> list[SlackPerson]:
        """Slack's directory as it was last read."""
        ...

    def load_accounts(self) -> dict[str, str | None]:
        """External account id to the address that its newest row carried."""
        ...

    def save_slack_people(
        self, found: Sequence[SlackPerson], now: datetime, *, complete: bool
    ) -> tuple[int, int]:
        """Add and update directory entries; after a complete reading the others count as deleted.

        Returns how many changed and how many went.
        """
        ...

    def is_linking_due(self) -> bool:
        """True when people or accounts have changed since they were linked."""
        ...

    def load_people_version(self) -> int:
        """A number that goes up with every change of people, accounts and links; read it before linking."""
        ...

    def save_people(self, linking: Linking, today: date, *, version: int) -> bool:
        """Make people and links exactly these. False, and nothing done, if anything changed since ``version``.

        Whoever was ever known must be among them. ``today`` is the day in the organisation's zone.
        """
        ...

    def save_findings(self, room: str, sentences: Sequence[str]) -> None:
        """Replace what one part of the people sync has found."""
        ...

    def load_findings(self) -> list[tuple[str, str]]:
        """Everything found, as (room, sentence)."""
        ...

    def load_digest_choice(self, person: Person) -> DigestChoice:
        """How an employee wants digests."""
        ...

    def save_digest_choice(self, person: Person, choice: DigestChoice, now: datetime) -> None:
        """Keep how an employee wants digests."""
        ...

    def save_workspace_days(self, rows: Sequence[WorkspaceRow], period: Period) -> DayChange:
        """Replace the workspace's own totals of a period."""
        ...

    def save_review_days(self, rows: Sequence[CodeReviewDay], period: Period) -> DayChange:
        """Replace the code reviews of a period."""
        ...

    def save_review_response_days(self, rows: Sequence[CodeReviewResponseDay], period: Period) -> DayChange:
        """Replace the answers to code reviews of a period."""
        ...

    def save_poisoned(self, part: str, rows: Sequence[PoisonedRow], now: datetime) -> None:
        """Set rows aside with their reasons."""
        ...

    def keep_periods(self, periods: Sequence[Period]) -> None:
        """Have exactly these periods summed by person and team beforehand."""
        ...

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file."""
        ...

    def begin_run(self, now: datetime) -> int:
        """Write a sync into the ledger before it does anything."""
        ...

    def end_run(self, number: int, parts: Sequence[Part], now: datetime) -> None:
        """Write what it did."""
        ...

    def load_last_run(self) -> Run | None:
        """The newest sync, ended or not."""
        ...

    def load_last_good_run(self) -> Run | None:
        """The newest sync without an error."""
        ...

    def load_history(self) -> History:
        """What earlier syncs have read."""
        ...

    def load_note(self, name: str) -> str | None:
        """A small fact that the store keeps about itself."""
        ...

    def save_note(self, name: str, value: str) -> None:
        """Keep a small fact."""
        ...
