"""What the bot answers, as values: complete figures with their period and freshness, and no words yet.

``before`` is the period of the same number of days just before; None where nothing was stored for it,
so that a change cannot be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from bot.core.alerts.answers import AlertsAnswer, LookBackAnswer, LookingBack
from bot.core.budgets.money import PriceSource
from bot.core.budgets.standing import Standing
from bot.core.commands import Export
from bot.core.digests.choice import DigestChoice
from bot.core.metrics import Metric
from bot.core.models import CodeTotals, DayPoint, Freshness, Reviews, Slice, Totals
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.plans.bursts import Plan


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that every answer about usage carries, whatever it is about.

    ``days`` has one point a UTC day of the period, in order. ``surfaces`` and ``models`` are sorted by
    credits, largest first; they are two independent splits of the totals.
    """

    period: Period
    totals: Totals
    before: Totals | None
    days: tuple[DayPoint, ...]
    surfaces: tuple[Slice, ...]
    models: tuple[Slice, ...]
    code: CodeTotals
    freshness: Freshness
    credit_price_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """One person's usage. ``streak`` counts days in a row with activity, up to the last settled or current day."""

    person: Person
    is_viewer: bool
    figures: Figures
    active_days: int
    streak: int


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One person of a team or ranking; ``before`` as in `Figures`, ``value`` is what the ranking is by."""

    person: Person
    totals: Totals
    before: Totals | None = None
    value: int = 0


@dataclass(frozen=True, slots=True)
class Remainder:
    """The people who did not fit into the list; with the rows it adds up to the total."""

    people: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class TeamAnswer:
    """Everyone below ``lead``, at every depth. ``people`` counts who is employed today, ``active`` who of them
    used anything in the period; rows also hold leavers with usage, marked by ``person.archived``."""

    lead: Person
    is_viewer: bool
    figures: Figures
    rows: tuple[TeamRow, ...]
    remainder: Remainder | None
    people: int
    active: int
    active_before: int | None


@dataclass(frozen=True, slots=True)
class GroupSlice:
    """A team (or the people without one, ``label`` None) of the organisation; ``active`` None was not counted."""

    label: str | None
    people: int
    active: int | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class OrgAnswer:
    """The whole organisation. ``unattributed`` is usage of accounts that belong to no current employee that day;
    ``workspace_gap`` is the workspace's own total less the sum of accounts, for admins only (else None)."""

    figures: Figures
    people: int
    active: int
    active_before: int | None
    groups: tuple[GroupSlice, ...]
    folded_groups: bool
    unattributed: Totals
    workspace_gap: Totals | None


@dataclass(frozen=True, slots=True)
class TopAnswer:
    """A ranking of the people whom the viewer may see; ``among`` counts them."""

    metric: Metric
    period: Period
    rows: tuple[TeamRow, ...]
    among: int
    freshness: Freshness
    credit_price_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReviewsAnswer:
    """Code reviews over the whole workspace."""

    period: Period
    reviews: Reviews
    before: Reviews | None
    days: tuple[tuple[date, int], ...]
    freshness: Freshness


class BudgetsChange(Enum):
    """What the viewer has just done to a budget."""

    SAVED = "saved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class BudgetsAnswer:
    """How budgets stand. ``hidden`` counts those of groups so small that the viewer may not see their use.

    ``price`` is where dollars come from, None where no price is known; ``period`` is the month so far.
    """

    standings: tuple[Standing, ...]
    hidden: int
    may_edit: bool
    price: PriceSource | None
    credit_price_usd: Decimal | None
    period: Period
    freshness: Freshness
    change: BudgetsChange | None = None


class PlansChange(Enum):
    """What the viewer has just done about a plan."""

    MADE = "made"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A planned burst; ``by`` names who planned it, None where it is the person or was the viewer just now."""

    plan: Plan
    by: str | None
    is_viewer: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class PlansAnswer:
    """The plans that the viewer may see; with a ``change`` the one that it was made to."""

    plans: tuple[PlanRow, ...]
    change: PlansChange | None = None


@dataclass(frozen=True, slots=True)
class AdminStatus:
    """What only an admin reads in the status: the state of matching, of the last runs and of messages.

    ``standstill`` is why Slack refuses every message, ``undelivered`` counts the newest period's that did not
    arrive, or perhaps not.
    """

    employees: int
    matched_to_slack: int
    accounts: int
    unmatched_accounts: int
    refused_days: tuple[date, ...]
    last_error: str | None
    standstill: str | None = None
    undelivered: int = 0


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """Freshness and the state of syncing. ``last_run`` ended well or not (``last_run_ok``); instants are UTC."""

    freshness: Freshness
    last_run: datetime | None
    last_run_ok: bool
    next_run: datetime | None
    admin: AdminStatus | None


class SettingsChange(Enum):
    """What was just done to the settings."""

    PAUSED = "paused"
    RESUMED = "resumed"
    SAVED = "saved"


@dataclass(frozen=True, slots=True)
class SettingsAnswer:
    """How somebody's digests are set, and what was just done to that.

    ``weekday`` (0 is Monday) and ``minute`` of the day hold now, on their own clock in ``zone``, an IANA name.
    ``next_digest`` is on that clock, too; None while nothing comes.
    """

    choice: DigestChoice
    weekday: int
    minute: int
    zone: str
    has_reports: bool
    next_digest: datetime | None
    change: SettingsChange | None = None


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """What file there is for a command: ``people`` with a row each, or None for rows of teams without names.

    ``unattributed`` is usage that stands in no row, None where it is not the viewer's to know.
    """

    command: Export
    people: int | None
    freshness: Freshness
    unattributed: Totals | None = None


@dataclass(frozen=True, slots=True)
class ExportSent:
    """The file is where its reader finds it."""

    name: str


@dataclass(frozen=True, slots=True)
class ExportFailed:
    """Slack did not take the file; ``reason`` is for those who run the bot."""

    reason: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One command as help shows it."""

    usage: str
    does: str


@dataclass(frozen=True, slots=True)
class HelpAnswer:
    """What can be asked. ``problem`` says what was not understood, ``nearest`` the command that was perhaps meant."""

    lines: tuple[HelpLine, ...]
    problem: str | None = None
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The viewer is no active, matched employee: they learn that, how to get matched, and nothing else."""


@dataclass(frozen=True, slots=True)
class NotForYou:
    """Not allowed, or no such person: the same words for both."""


@dataclass(frozen=True, slots=True)
class NoReports:
    """The person asked about has nobody below them in the chart."""

    lead: Person
    is_viewer: bool


Answer = (
    PersonAnswer
    | TeamAnswer
    | OrgAnswer
    | TopAnswer
    | ReviewsAnswer
    | BudgetsAnswer
    | AlertsAnswer
    | LookingBack
    | LookBackAnswer
    | PlansAnswer
    | ExportAnswer
    | ExportSent
    | ExportFailed
    | SettingsAnswer
    | StatusAnswer
    | HelpAnswer
    | NotKnown
    | NotForYou
    | NoReports
)
