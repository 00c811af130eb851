"""The values that usage is made of, from one row of an API to the sum of a year.

Credits and dollars are integers of one millionth (``_micro``), so that sums are exact. ``None`` always
means that the source did not say; it is never the same as zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from operator import add, attrgetter, sub
from typing import NamedTuple

MICRO = 1_000_000
EPOCH = date(1970, 1, 1).toordinal()


class Amounts(NamedTuple):
    """What one client, one model or one whole day of an account used.

    A tuple, not a dataclass: a year of a large company is tens of millions of these.
    ``threads`` and ``turns`` are unknown for a model. The token fields cover API-priced usage only.
    ``cost_usd_micro`` is usage billed in dollars, beside the credits and never part of them;
    ``estimated_cost_usd_micro`` is the vendor's own estimate of what the credits cost.
    """

    threads: int | None
    turns: int | None
    credits_micro: int
    cost_usd_micro: int | None = None
    estimated_cost_usd_micro: int | None = None
    uncached_input_tokens: int | None = None
    cached_input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None


class ClientUsage(NamedTuple):
    """One client's share of an account's day. ``client`` is the API's ``client_id`` as it came."""

    client: str
    amounts: Amounts


class ModelUsage(NamedTuple):
    """One model's share of an account's day; a model can appear once a speed."""

    model: str
    speed: str | None
    amounts: Amounts


class CodeAttribution(NamedTuple):
    """Lines and commits that the vendor attributes to Codex. Percentages are millionths of one percent."""

    lines_added: int
    lines_removed: int | None = None
    lines_committed: int | None = None
    total_committed_lines: int | None = None
    committed_percentage_micro: int | None = None
    codex_commits: int | None = None
    codex_commits_percentage_micro: int | None = None
    total_commits: int | None = None


class UsageRow(NamedTuple):
    """One account's usage on one UTC day, as the source told it.

    ``day`` counts days since 1970-01-01 (UTC). ``account`` is the source's own id, opaque.
    ``clients`` and ``models`` are two independent splits of ``totals``; neither need add up to it.
    ``models`` is None where the source did not split. ``extra`` is a JSON object of the fields that
    this program does not know, None where there were none.
    """

    day: int
    account: str
    email: str | None
    actor_type: str | None
    totals: Amounts
    clients: tuple[ClientUsage, ...]
    models: tuple[ModelUsage, ...] | None
    code: CodeAttribution | None
    extra: str | None


class WorkspaceRow(NamedTuple):
    """The whole workspace on one UTC day: what the sum of the accounts is reconciled against."""

    day: int
    totals: Amounts
    extra: str | None


class PoisonedRow(NamedTuple):
    """A row that could not be understood. ``day`` is None where not even the day could be read."""

    day: int | None
    reason: str
    raw: str


class UsagePage(NamedTuple):
    """One page of account rows. A page may begin or end inside a day."""

    rows: list[UsageRow]
    poisoned: list[PoisonedRow]


class CodeReviewDay(NamedTuple):
    """Reviews that Codex wrote on one UTC day, over the whole workspace, with comments by priority."""

    day: int
    pull_request_reviews: int
    comments: int
    p0: int
    p1: int
    p2: int


class CodeReviewResponseDay(NamedTuple):
    """How people answered Codex's comments, over pull requests merged on one UTC day.

    ``engaged`` to ``replied`` count comments with at least one such answer; ``upvotes``, ``downvotes``
    and ``other_reactions`` count the reactions themselves.
    """

    day: int
    pull_request_reviews: int
    comments: int
    replies: int
    reactions: int
    engaged: int
    reacted: int
    upvoted: int
    downvoted: int
    reacted_other: int
    replied: int
    upvotes: int
    downvotes: int
    other_reactions: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A sum of account-days. The ``*_rows`` counts say how many of ``rows`` had the figure at all.

    ``rows`` counts account-days (for a client or a model: its rows). A token sum with
    ``token_rows < rows`` covers only a part, and the reader must be told so.
    """

    rows: int = 0
    threads: int = 0
    turns: int = 0
    credits_micro: int = 0
    cost_usd_micro: int = 0
    cost_rows: int = 0
    estimated_cost_usd_micro: int = 0
    estimated_rows: int = 0
    uncached_input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0
    token_rows: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(*map(add, self.as_tuple(), other.as_tuple()))

    def __sub__(self, other: Totals) -> Totals:
        return Totals(*map(sub, self.as_tuple(), other.as_tuple()))

    def as_tuple(self) -> tuple[int, ...]:
        """Every figure in the order of the fields."""
        return _FIGURES(self)

    @property
    def input_tokens(self) -> int:
        """Input tokens, cached and uncached together."""
        return self.uncached_input_tokens + self.cached_input_tokens

    @property
    def is_active(self) -> bool:
        """True when anything at all was used."""
        return any((self.threads, self.turns, self.credits_micro, self.cost_usd_micro, self.total_tokens))


_FIGURES: Callable[[Totals], tuple[int, ...]] = attrgetter(*Totals.__slots__)
"""Made once: a long list adds totals up by the hundred, and asking for thirteen names each time is felt."""


@dataclass(frozen=True, slots=True)
class CodeTotals:
    """A sum of code attribution; ``rows`` counts the account-days that carried one."""

    rows: int = 0
    lines_added: int = 0
    lines_removed: int = 0
    lines_committed: int = 0
    total_committed_lines: int = 0
    codex_commits: int = 0
    total_commits: int = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """A named part of a sum: a surface, a model, a team."""

    label: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class DayPoint:
    """One UTC day of a series; a day without rows stands in it with empty totals."""

    day: date
    totals: Totals


@dataclass(frozen=True, slots=True)
class Reviews:
    """Code-review figures of a period, over the whole workspace."""

    pull_request_reviews: int = 0
    comments: int = 0
    p0: int = 0
    p1: int = 0
    p2: int = 0
    merged_pull_requests: int = 0
    merged_comments: int = 0
    engaged: int = 0
    replied: int = 0
    reacted: int = 0
    upvoted: int = 0
    downvoted: int = 0


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the figures of a period can be trusted. All days are UTC days, all instants are UTC.

    ``complete_to`` is the last day that is complete, with every day before it; None before the first sync.
    ``partial`` are days of the period that were read but may still grow, ``missing`` such that were never
    read, ``refused`` such whose newest reading was implausible, so that an older one is shown.
    """

    complete_to: date | None
    read_at: datetime | None
    partial: tuple[date, ...] = ()
    missing: tuple[date, ...] = ()
    refused: tuple[date, ...] = ()


def epoch_day(day: date) -> int:
    """The number of days from 1970-01-01 to ``day``."""
    return day.toordinal() - EPOCH


def date_of(epoch: int) -> date:
    """The date of a number of days since 1970-01-01."""
    return date.fromordinal(epoch + EPOCH)
