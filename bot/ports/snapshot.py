"""One moment of what is kept: every read that an answer, a digest or an alert is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.core.alerts.incidents import Incident
from bot.core.answers import AdminStatus
from bot.core.digests.choice import DigestChoice
from bot.core.exports import PersonRow
from bot.core.ledger import Run
from bot.core.metrics import Metric
from bot.core.models import (
    Freshness,
    Reviews,
    Totals,
)
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.spikes.shifts import Shift
from bot.core.usage_sums import Branch, Group, Idle, Ranked, Splits, Usage
from bot.core.visibility import Below, OnePerson, Sight, WholeCompany
from bot.ports.alert_choices import AlertReads
from bot.ports.budgets import BudgetReads
from bot.ports.learning import LearningReads
from bot.ports.plans import PlanReads


class Snapshot(AlertReads, BudgetReads, LearningReads, PlanReads, Protocol):
    """One moment of the store: reads that agree with each other.

    Every read about people takes the `Sight` that `bot.core.visibility` decided on. Periods are of UTC days.
    """

    def find_person(self, *, email: str | None = None, slack_id: str | None = None) -> Person | None:
        """One employee by normalised address or by Slack id, archived ones included."""
        ...

    def find_slack_email(self, slack_id: str) -> str | None:
        """The address of a living, human Slack account."""
        ...

    def find_slack_zone(self, slack_id: str) -> str | None:
        """The IANA name of the time zone that somebody has set in Slack."""
        ...

    def load_digest_choice(self, person: Person) -> DigestChoice:
        """How an employee wants digests."""
        ...

    def load_usage(self, sight: Sight, period: Period) -> Usage:
        """The sums of everyone in sight."""
        ...

    def load_totals(self, sight: Sight, period: Period) -> Totals:
        """The sum of everyone in sight, in one figure."""
        ...

    def load_unattributed(self, sight: WholeCompany, period: Period) -> Totals:
        """Usage of accounts that belonged to no employee on the day."""
        ...

    def load_workspace_gap(self, sight: WholeCompany, period: Period) -> Totals:
        """The workspace's own totals less the sum of its accounts."""
        ...

    def load_people_totals(self, persons: Iterable[Person], period: Period) -> dict[int, Totals]:
        """The sums of people already in sight, by their number; whoever used nothing is missing."""
        ...

    def rank_people(self, sight: Sight, period: Period, metric: Metric, most: int) -> list[Ranked]:
        """The people in sight with usage in the period, leavers included, largest first, at most ``most``."""
        ...

    def rank_streaks(self, sight: Sight, period: Period, today: date, most: int) -> list[Ranked]:
        """The longest streaks that are running today, with what those people used in the period."""
        ...

    def load_idle_people(self, sight: Sight, beside: Iterable[int], most: int) -> list[Person]:
        """People in sight who are employed today and not among the numbers ``beside``."""
        ...

    def load_groups(self, sight: WholeCompany, period: Period, smallest: int, most: int) -> list[Group]:
        """The largest teams by credits of those with at least ``smallest`` people, at most ``most``."""
        ...

    def count_active_of_groups(
        self, sight: WholeCompany, names: Sequence[str | None], period: Period
    ) -> dict[str | None, int]:
        """How many people of some teams who are employed today used anything in the period."""
        ...

    def load_person_rows(self, sight: Sight, period: Period) -> Iterator[PersonRow]:
        """Everyone in sight with their sums, in the order of the chart, as they are asked for.

        Of those who left only who used anything in the period.
        """
        ...

    def count_people(self, sight: Sight) -> int:
        """How many people in sight are employed today."""
        ...

    def count_active(self, sight: Sight, period: Period) -> int:
        """How many of them used anything in the period."""
        ...

    def load_active_days(self, person: Person, today: date) -> Iterator[date]:
        """The UTC days up to today on which the person used anything, newest first, to the first day without before.

        Each is looked up when it is asked for.
        """
        ...

    def load_credits(self, sight: WholeCompany, period: Period) -> Iterator[tuple[date, dict[str, int]]]:
        """Millionths of a credit by employee's address, for each day in order that has any, one day at a time."""
        ...

    def load_reports(self, sight: Below) -> list[Person]:
        """Who reports to the lead directly, leavers included, by name."""
        ...

    def load_branches(self, sights: Sequence[OnePerson | Below], period: Period) -> list[Branch]:
        """The sums of several sights at once, in their order; each is told in full, whatever they share."""
        ...

    def load_splits(self, sights: Sequence[OnePerson | Below], period: Period) -> list[Splits]:
        """Their credits by client and by model."""
        ...

    def load_never_active(self, sight: Below, most: int) -> Idle:
        """Who in sight is employed today and never used anything, with at most ``most`` of the direct reports."""
        ...

    def load_noticed_shifts(self, sight: OnePerson | Below, noticed: Period) -> list[Shift]:
        """The lasting changes, noticed in the period, of those in sight who are employed today."""
        ...

    def load_used_weekdays(self, sight: OnePerson, last: date) -> Iterator[date]:
        """The weekdays up to ``last`` on which the person used anything, newest first, to the first without.

        Each is looked up when it is asked for.
        """
        ...

    def load_first_day(self) -> date | None:
        """The first UTC day that was read."""
        ...

    def mark_people(self, sight: Sight) -> str:
        """A short text that differs as soon as other people are in sight, leavers included."""
        ...

    def load_group_totals(
        self, sight: WholeCompany, names: Sequence[str | None], period: Period
    ) -> dict[str | None, Totals]:
        """What some teams used; one that used nothing is missing."""
        ...

    def load_group_splits(
        self, sight: WholeCompany, names: Sequence[str | None], period: Period
    ) -> list[Splits]:
        """Their credits by client and by model, in the order of the names."""
        ...

    def load_reviews(self, period: Period) -> Reviews:
        """Code reviews of the whole workspace."""
        ...

    def load_review_counts(self, period: Period) -> dict[date, int]:
        """Pull requests reviewed, by day."""
        ...

    def load_freshness(self, period: Period, now: datetime) -> Freshness:
        """How far the figures of the period can be trusted."""
        ...

    def is_read(self, period: Period) -> bool:
        """True when every day of the period was read at least once."""
        ...

    def load_last_run(self) -> Run | None:
        """The newest sync that has ended, well or not."""
        ...

    def load_admin_status(self) -> AdminStatus:
        """The state of matching."""
        ...

    def load_usage_mark(self) -> str:
        """A text that differs as soon as other usage or other people are stored, or another day is complete."""
        ...

    def load_live_incidents(self) -> list[Incident]:
        """Every incident that is not resolved."""
        ...
