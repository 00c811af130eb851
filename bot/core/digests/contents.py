"""What digests say, as values: one ISO week for one recipient, with its freshness, and no words yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.core.alerts.quality import AlertQuality
from bot.core.answers import Remainder
from bot.core.budgets.standing import Standing
from bot.core.models import DayPoint, Freshness, Reviews, Slice, Totals
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.plans.bursts import Plan


class DigestKind(StrEnum):
    """The digests there are; the values stand in the database."""

    MANAGER = "manager_digest"
    PERSONAL = "personal_digest"
    ORGANISATION = "organisation_digest"


@dataclass(frozen=True, slots=True)
class NothingToSend:
    """There is nothing to say (any more) to this recipient; an operator reads the reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a digest told, for the next week's to compare with: credits in millionths by complete UTC day.

    ``people`` marks whose sums they are, so that somebody who joins or leaves is not taken for a correction.
    """

    days: tuple[tuple[date, int], ...] = ()
    people: str = ""

    def as_text(self) -> str:
        """JSON, for the store to keep."""
        return json.dumps({"days": {str(day): micro for day, micro in self.days}, "people": self.people})

    @classmethod
    def of_text(cls, text: str) -> Said | None:
        """What `as_text` wrote; None for anything else, as another version may have written it."""
        try:
            told = json.loads(text)
            days = tuple((date.fromisoformat(day), int(micro)) for day, micro in told["days"].items())
            return cls(days, str(told["people"]))
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


@dataclass(frozen=True, slots=True)
class Driver:
    """What explains most of a change: the ``kind`` is surface or model."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class LastingChange:
    """That somebody has kept up another level: millionths of a credit an active day, and through what mostly."""

    person: Person
    since: date
    usual_micro: int
    present_micro: int
    driver: Driver | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A day of the week before whose credits differ from what its digest told."""

    day: date
    told_micro: int
    now_micro: int


@dataclass(frozen=True, slots=True)
class Week:
    """What every digest says of its week.

    ``before`` and ``days_before`` are the week before, where both weeks are complete; else there is nothing
    to compare. ``surfaces`` and ``models`` are two independent splits, most credits first; a manager's week
    has none. ``reviews`` are the whole workspace's, None where there were none.
    """

    period: Period
    totals: Totals
    before: Totals | None
    days: tuple[DayPoint, ...]
    days_before: tuple[DayPoint, ...]
    freshness: Freshness
    surfaces: tuple[Slice, ...] = ()
    models: tuple[Slice, ...] = ()
    reviews: Reviews | None = None
    corrections: tuple[Correction, ...] = ()
    credit_price_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people there are today, and how many of them used anything in the week (and the week before)."""

    people: int
    active: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A direct report with their own usage; or, where ``team`` is told, everyone below them, without names."""

    person: Person
    totals: Totals
    before: Totals | None
    active_days: int = 0
    team: Headcount | None = None

    @property
    def people(self) -> int:
        """How many people it is about who are employed today."""
        return self.team.people if self.team else int(not self.person.archived)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A team of the organisation, or the people without one (None). ``active`` None is not told."""

    label: str | None
    people: int
    active: int | None
    totals: Totals
    before: Totals | None


@dataclass(frozen=True, slots=True)
class Mover:
    """Whose usage changed in a way that matters, and through what mostly, where one thing stands out."""

    who: ReportRow | GroupRow
    driver: Driver | None = None


@dataclass(frozen=True, slots=True)
class NotStarted:
    """People who never used anything since ``since``, the first day that was read.

    ``reports`` are those of them who report to the reader directly, at most a few.
    """

    people: int
    reports: tuple[Person, ...]
    since: date


@dataclass(frozen=True, slots=True)
class ManagerDigest:
    """The week of everyone below ``lead``: direct reports by name, everybody deeper in sums without names.

    The rows and the remainder add up to the total. ``steady`` are direct reports active on every weekday,
    ``budgets`` those of the running month, ``plans`` the planned bursts of direct reports that hold today. The
    largest lasting changes are of anybody below, by name, with how many there are ``more``.
    """

    lead: Person
    week: Week
    headcount: Headcount
    rows: tuple[ReportRow, ...]
    remainder: Remainder | None
    movers: tuple[Mover, ...]
    steady: tuple[Person, ...]
    not_started: NotStarted | None
    is_quiet: bool
    said: Said
    budgets: tuple[Standing, ...] = ()
    lasting: tuple[LastingChange, ...] = ()
    more_lasting: int = 0
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonalDigest:
    """One person's own week. ``streak`` counts weekdays in a row with use up to the end of the week."""

    person: Person
    week: Week
    active_days: int
    streak: int
    is_quiet: bool
    said: Said
    lasting: LastingChange | None = None


@dataclass(frozen=True, slots=True)
class OrganisationDigest:
    """The whole company's week, without names; teams of a few people are shown together.

    ``budgets`` are the organisation's own of the running month; ``alerts`` is how good those of the month were
    that ended in the week, None where none did or there were none.
    """

    week: Week
    headcount: Headcount
    groups: tuple[GroupRow, ...]
    movers: tuple[Mover, ...]
    unattributed: Totals
    is_quiet: bool
    said: Said
    budgets: tuple[Standing, ...] = ()
    alerts: AlertQuality | None = None


Digest = ManagerDigest | PersonalDigest | OrganisationDigest
