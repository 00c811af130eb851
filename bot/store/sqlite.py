"""The SQLite store: every read and write of the port, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

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
    epoch_day,
)
from bot.core.people import Employee, Person, SlackPerson
from bot.core.periods import Period
from bot.ports import DayChange, Lesson
from bot.store import (
    columns,
    digest_choices,
    learning,
    ledger,
    organisation,
    people,
    rollups,
    usage,
    versions,
    weeks,
)
from bot.store.alert_choices import SqliteAlertChoices
from bot.store.budget_port import SqliteBudgets
from bot.store.deliveries import SqliteDeliveries
from bot.store.engine import LOCK_SECONDS, Engine, translated
from bot.store.incidents import SqliteIncidents
from bot.store.linking import replace_people
from bot.store.locks import sync_lock
from bot.store.migrations import migrate
from bot.store.snapshot import SqliteSnapshot
from bot.store.staging import Staging, staging


class SqliteStore(SqliteAlertChoices, SqliteBudgets, SqliteDeliveries, SqliteIncidents):
    """A `bot.ports.Store` in one SQLite file. Every method raises `StoreError`."""

    def __init__(self, path: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.engine = Engine(path, lock_seconds=lock_seconds)

    def migrate(self) -> list[str]:
        """Create or upgrade the schema; the names of what was applied."""
        with self.engine.unlocked() as connection:
            return migrate(connection)

    def close(self) -> None:
        """Close every connection."""
        self.engine.close()

    @contextmanager
    def only_sync(self) -> Iterator[None]:
        """Hold the right to sync; a `StoreError` at once where another process has it. A crash gives it back."""
        with sync_lock(self.engine.path):
            yield

    # ── people ────────────────────────────────────────────────────────────────────────────────────

    def load_employees(self) -> dict[str, Employee]:
        with self.engine.reading() as connection:
            return people.load_employees(connection)

    def load_slack_people(self) -> list[SlackPerson]:
        with self.engine.reading() as connection:
            return people.load_slack_people(connection)

    def load_accounts(self) -> dict[str, str | None]:
        with self.engine.reading() as connection:
            return people.load_accounts(connection)

    def save_slack_people(
        self, found: Sequence[SlackPerson], now: datetime, *, complete: bool
    ) -> tuple[int, int]:
        with self.engine.writing() as connection:
            changed = people.save_slack_people(connection, found, int(now.timestamp()))
            gone = people.mark_slack_people_gone(connection, [p.slack_id for p in found]) if complete else 0
            return changed, gone

    def is_linking_due(self) -> bool:
        with self.engine.reading() as connection:
            return versions.is_linking_due(connection)

    def load_people_version(self) -> int:
        with self.engine.reading() as connection:
            return versions.people_version(connection)

    def save_people(self, linking: Linking, today: date, *, version: int) -> bool:
        with self.engine.unlocked() as connection:
            rollups.prepare(connection)
            return replace_people(connection, linking, today, version)

    def save_findings(self, room: str, sentences: Sequence[str]) -> None:
        with self.engine.writing() as connection:
            people.save_findings(connection, room, sentences)

    def load_findings(self) -> list[tuple[str, str]]:
        with self.engine.reading() as connection:
            return people.load_findings(connection)

    def load_digest_choice(self, person: Person) -> DigestChoice:
        with self.engine.reading() as connection:
            return digest_choices.load_digest_choice(connection, person.id)

    def save_digest_choice(self, person: Person, choice: DigestChoice, now: datetime) -> None:
        with self.engine.writing() as connection:
            digest_choices.save_digest_choice(connection, person.id, choice, now)

    # ── usage in ──────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def staging(self) -> Iterator[StagedDays]:
        with staging(self.engine) as staged:
            yield StagedDays(staged)

    def save_workspace_days(self, rows: Sequence[WorkspaceRow], period: Period) -> DayChange:
        with self.engine.writing() as connection:
            return organisation.save_workspace_days(connection, rows, _days(period))

    def save_review_days(self, rows: Sequence[CodeReviewDay], period: Period) -> DayChange:
        with self.engine.writing() as connection:
            return organisation.save_review_days(connection, rows, _days(period))

    def save_review_response_days(self, rows: Sequence[CodeReviewResponseDay], period: Period) -> DayChange:
        with self.engine.writing() as connection:
            return organisation.save_review_response_days(connection, rows, _days(period))

    def save_poisoned(self, part: str, rows: Sequence[PoisonedRow], now: datetime) -> None:
        with self.engine.writing() as connection:
            usage.save_poisoned(connection, part, rows, now)

    def keep_periods(self, periods: Sequence[Period]) -> None:
        with self.engine.writing() as connection:
            rollups.keep_periods(connection, periods)
        with self.engine.unlocked() as connection:
            weeks.settle(connection)
            columns.settle(connection)

    def checkpoint(self) -> None:
        with self.engine.unlocked() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def save_lesson(self, lesson: Lesson) -> bool:
        with self.engine.writing() as connection:
            return learning.save_lesson(connection, lesson)

    # ── the ledger ────────────────────────────────────────────────────────────────────────────────

    def begin_run(self, now: datetime) -> int:
        with self.engine.writing() as connection:
            return ledger.begin_run(connection, now)

    def end_run(self, number: int, parts: Sequence[Part], now: datetime) -> None:
        with self.engine.writing() as connection:
            ledger.end_run(connection, number, parts, now)

    def load_last_run(self) -> Run | None:
        with self.engine.reading() as connection:
            return ledger.load_last_run(connection)

    def load_last_good_run(self) -> Run | None:
        with self.engine.reading() as connection:
            return ledger.load_last_good_run(connection)

    def load_history(self) -> History:
        with self.engine.reading() as connection:
            return ledger.load_history(connection)

    def load_note(self, name: str) -> str | None:
        with self.engine.reading() as connection:
            return ledger.load_note(connection, name)

    def save_note(self, name: str, value: str) -> None:
        with self.engine.writing() as connection:
            ledger.save_note(connection, name, value)

    # ── usage out ─────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def snapshot(self) -> Iterator[SqliteSnapshot]:
        with self.engine.reading() as connection:
            yield SqliteSnapshot(connection)


class StagedDays:
    """A `bot.ports.StagedUsage`."""

    def __init__(self, staged: Staging) -> None:
        self._staged = staged

    def add(self, page: UsagePage) -> None:
        with translated(self._staged.path):
            self._staged.add(page)

    def read_day(self, day: date) -> tuple[Reading, Doubt | None]:
        with translated(self._staged.path):
            number = epoch_day(day)
            return usage.read_staged_day(self._staged, number), usage.load_doubt(
                self._staged.connection, number
            )

    def replace_days(self, days: Sequence[date], now: datetime) -> DayChange:
        with translated(self._staged.path):
            return usage.replace_days(self._staged, [epoch_day(day) for day in days], now)

    def refuse_day(self, doubt: Doubt) -> None:
        with translated(self._staged.path):
            usage.save_doubt(self._staged.connection, doubt)


def _days(period: Period) -> range:
    return range(epoch_day(period.since), epoch_day(period.until))
