"""What can be asked, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.metrics import Metric
from bot.core.periods import Period


@dataclass(frozen=True, slots=True)
class BySlackId:
    """A person named by an @mention."""

    slack_id: str


@dataclass(frozen=True, slots=True)
class ByEmail:
    """A person named by a normalised e-mail address."""

    email: str


Named = BySlackId | ByEmail


@dataclass(frozen=True, slots=True)
class Me:
    """My own stats."""

    period: Period


@dataclass(frozen=True, slots=True)
class Team:
    """Everyone below a manager; below the viewer where ``lead`` is None."""

    period: Period
    lead: Named | None = None


@dataclass(frozen=True, slots=True)
class About:
    """One named person's stats."""

    period: Period
    person: Named


@dataclass(frozen=True, slots=True)
class Org:
    """The whole organisation."""

    period: Period


@dataclass(frozen=True, slots=True)
class Top:
    """A ranking of the people whom the viewer may see."""

    period: Period
    metric: Metric


@dataclass(frozen=True, slots=True)
class ReviewsOf:
    """Code reviews over the whole workspace."""

    period: Period


class ExportForm(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSON = "json"


class ExportScope(StrEnum):
    """What an export is about, in the words of the commands that show the same."""

    ME = "me"
    TEAM = "team"
    ORG = "org"


@dataclass(frozen=True, slots=True)
class Export:
    """A file; without a scope of everything that the viewer may see."""

    period: Period
    form: ExportForm = ExportForm.CSV
    scope: ExportScope | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """When one's own digests come, and which."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """How the budgets stand that the viewer may see."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """What is worth an alert of runaway spend, and how good the alerts are."""


@dataclass(frozen=True, slots=True)
class AlertsBacktest:
    """What each sensitivity would have told of late, and which one tells ``most_a_week`` at most."""

    most_a_week: int | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """Plan a burst: ``days`` UTC days from today on, up to ``factor`` times the usual; without a person one's own."""

    days: int
    factor: int
    reason: str
    person: Named | None = None


@dataclass(frozen=True, slots=True)
class Plans:
    """The planned bursts that the viewer may see."""


@dataclass(frozen=True, slots=True)
class Status:
    """Freshness and the state of syncing."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be asked; ``problem`` and ``nearest`` where the text was not understood."""

    problem: str | None = None
    nearest: str | None = None


Command = (
    Me
    | Team
    | About
    | Org
    | Top
    | ReviewsOf
    | Export
    | Budgets
    | Alerts
    | AlertsBacktest
    | Expect
    | Plans
    | Settings
    | Status
    | Help
)
