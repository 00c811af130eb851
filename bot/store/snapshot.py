"""One moment of the store, for an answer that needs several reads to agree with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from bot.core.alerts.incidents import Incident
from bot.core.answers import AdminStatus
from bot.core.digests.choice import DigestChoice
from bot.core.exports import PersonRow
from bot.core.ledger import Run
from bot.core.metrics import Metric
from bot.core.models import Freshness, Reviews, Totals, date_of
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.plans.bursts import Plan
from bot.core.spikes.memory import Learnt, Remembered
from bot.core.spikes.shifts import Shift
from bot.core.usage_sums import Branch, Group, Idle, Ranked, Splits, Usage
from bot.core.visibility import Below, OnePerson, Sight, WholeCompany
from bot.ports.learning import Outdated
from bot.store import (
    activity,
    digest_choices,
    digest_reads,
    exports,
    groups,
    incidents,
    learning,
    ledger,
    organisation,
    people,
    plans,
    reads,
    shifts,
)
from bot.store.alert_choices import SqliteAlertReads
from bot.store.budget_port import SqliteBudgetReads
from bot.store.engine import Connection
from bot.store.people_sums import PeopleSums


class SqliteSnapshot(SqliteAlertReads, SqliteBudgetReads):
    """A `bot.ports.Snapshot`."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._sums = PeopleSums(connection)

    def find_person(self, *, email: str | None = None, slack_id: str | None = None) -> Person | None:
        return people.find_person(self._connection, email=email, slack_id=slack_id)

    def find_slack_email(self, slack_id: str) -> str | None:
        return people.find_slack_email(self._connection, slack_id)

    def find_slack_zone(self, slack_id: str) -> str | None:
        return people.find_slack_zone(self._connection, slack_id)

    def load_digest_choice(self, person: Person) -> DigestChoice:
        return digest_choices.load_digest_choice(self._connection, person.id)

    def load_usage(self, sight: Sight, period: Period) -> Usage:
        return reads.load_usage(self._connection, self._sums, sight, period)

    def load_totals(self, sight: Sight, period: Period) -> Totals:
        return reads.load_totals(self._connection, self._sums, sight, period)

    def load_unattributed(self, sight: WholeCompany, period: Period) -> Totals:
        return reads.load_unattributed(self._connection, sight, period)

    def load_workspace_gap(self, sight: WholeCompany, period: Period) -> Totals:
        del sight
        return organisation.load_workspace_gap(self._connection, period)

    def load_people_totals(self, persons: Iterable[Person], period: Period) -> dict[int, Totals]:
        return self._sums.load((person.id for person in persons), period)

    def rank_people(self, sight: Sight, period: Period, metric: Metric, most: int) -> list[Ranked]:
        return reads.rank_people(self._connection, self._sums, sight, period, metric, most)

    def rank_streaks(self, sight: Sight, period: Period, today: date, most: int) -> list[Ranked]:
        return reads.rank_streaks(self._connection, self._sums, sight, period, today, most)

    def load_idle_people(self, sight: Sight, beside: Iterable[int], most: int) -> list[Person]:
        return reads.load_idle_people(self._connection, sight, beside, most)

    def load_groups(self, sight: WholeCompany, period: Period, smallest: int, most: int) -> list[Group]:
        return groups.load_groups(self._connection, self._sums, sight, period, smallest, most)

    def count_active_of_groups(
        self, sight: WholeCompany, names: Sequence[str | None], period: Period
    ) -> dict[str | None, int]:
        return groups.count_active_of_groups(self._connection, sight, names, period)

    def load_person_rows(self, sight: Sight, period: Period) -> Iterator[PersonRow]:
        return exports.load_person_rows(self._connection, sight, period)

    def count_people(self, sight: Sight) -> int:
        return activity.count_people(self._connection, sight)

    def count_active(self, sight: Sight, period: Period) -> int:
        return activity.count_active(self._connection, self._sums, sight, period)

    def load_active_days(self, person: Person, today: date) -> Iterator[date]:
        return activity.load_active_days(self._connection, person, today)

    def load_credits(self, sight: WholeCompany, period: Period) -> Iterator[tuple[date, dict[str, int]]]:
        return activity.load_credits(self._connection, sight, period)

    def load_credits_of(
        self, sight: WholeCompany, people: Collection[str], period: Period
    ) -> dict[date, dict[str, int]]:
        return activity.load_credits_of(self._connection, sight, people, period)

    def load_reports(self, sight: Below) -> list[Person]:
        return digest_reads.load_reports(self._connection, sight)

    def load_branches(self, sights: Sequence[OnePerson | Below], period: Period) -> list[Branch]:
        return digest_reads.load_branches(self._connection, sights, period)

    def load_splits(self, sights: Sequence[OnePerson | Below], period: Period) -> list[Splits]:
        return digest_reads.load_splits(self._connection, sights, period)

    def load_never_active(self, sight: Below, most: int) -> Idle:
        return digest_reads.load_never_active(self._connection, sight, most)

    def load_noticed_shifts(self, sight: OnePerson | Below, noticed: Period) -> list[Shift]:
        return shifts.load_noticed_shifts(self._connection, sight, noticed)

    def load_used_weekdays(self, sight: OnePerson, last: date) -> Iterator[date]:
        return digest_reads.load_used_weekdays(self._connection, sight, last)

    def load_first_day(self) -> date | None:
        return digest_reads.load_first_day(self._connection)

    def mark_people(self, sight: Sight) -> str:
        return digest_reads.mark_people(self._connection, sight)

    def load_group_totals(
        self, sight: WholeCompany, names: Sequence[str | None], period: Period
    ) -> dict[str | None, Totals]:
        return digest_reads.load_group_totals(self._connection, sight, names, period)

    def load_group_splits(
        self, sight: WholeCompany, names: Sequence[str | None], period: Period
    ) -> list[Splits]:
        return digest_reads.load_group_splits(self._connection, sight, names, period)

    def load_reviews(self, period: Period) -> Reviews:
        return organisation.load_reviews(self._connection, period)

    def load_review_counts(self, period: Period) -> dict[date, int]:
        counts = organisation.load_review_counts(self._connection, period)
        return {date_of(day): count for day, count in counts.items()}

    def load_freshness(self, period: Period, now: datetime) -> Freshness:
        return ledger.load_freshness(self._connection, period, now)

    def is_read(self, period: Period) -> bool:
        return ledger.is_read(self._connection, period)

    def load_last_run(self) -> Run | None:
        return ledger.load_last_ended_run(self._connection)

    def load_admin_status(self) -> AdminStatus:
        return ledger.load_admin_status(self._connection)

    def load_usage_mark(self) -> str:
        return incidents.usage_mark(self._connection)

    def load_live_incidents(self) -> list[Incident]:
        return incidents.load_incidents(self._connection, ())

    def load_plans(self, sight: Sight, period: Period) -> list[Plan]:
        return plans.load_plans(self._connection, sight, period)

    def find_plan(self, *, number: int | None = None, label: str | None = None) -> Plan | None:
        return plans.find_plan(self._connection, number=number, label=label)

    def load_learnt_period(self) -> Period | None:
        return learning.load_learnt_period(self._connection)

    def load_rules(self) -> str | None:
        return learning.load_rules(self._connection)

    def load_learnt(self, sight: WholeCompany, since: date) -> Iterator[Learnt]:
        return learning.load_learnt(self._connection, sight, since)

    def load_remembered(self, sight: WholeCompany, day: date, last: date) -> Remembered:
        return learning.load_remembered(self._connection, sight, day, last)

    def has_usuals(self, day: date) -> bool:
        return learning.has_usuals(self._connection, day)

    def load_outdated(self, sight: WholeCompany) -> Outdated:
        del sight
        return learning.load_outdated(self._connection)

    def count_learnt(self, since: date) -> int:
        return learning.count_learnt(self._connection, since)
