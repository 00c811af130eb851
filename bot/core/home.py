"""What a person's Home tab shows, as a value: who they are to the bot, their figures, their settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.answers import HelpLine, PersonAnswer, SettingsAnswer
from bot.core.models import Freshness, Totals
from bot.core.people import Person
from bot.core.periods import Period


@dataclass(frozen=True, slots=True)
class TeamSummary:
    """Everyone below the viewer in sums; the figures mean the same as in `TeamAnswer`."""

    people: int
    active: int
    active_before: int | None
    totals: Totals
    before: Totals | None


@dataclass(frozen=True, slots=True)
class HomeAnswer:
    """The Home tab of somebody known, at the instant ``now`` (UTC).

    ``person``, ``own`` and ``settings`` are None for admins and finance people who are not in the roster,
    ``team`` for whoever has no reports. The figures are those of ``period``.
    """

    now: datetime
    period: Period
    person: Person | None
    is_admin: bool
    is_finance: bool
    own: PersonAnswer | None
    team: TeamSummary | None
    settings: SettingsAnswer | None
    lines: tuple[HelpLine, ...]
    freshness: Freshness
