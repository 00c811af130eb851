"""One question as it is being answered: who asks, when, and the moment of the store that is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.core.answers import Figures
from bot.core.digests.times import WeekMoment
from bot.core.models import DayPoint, Freshness, Slice, Totals
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.spikes.findings import SpikeSettings
from bot.core.surfaces import merge_slices
from bot.core.visibility import Sight, Viewer
from bot.ports import Snapshot

MONDAY_MORNING = WeekMoment(weekday=0, minute=9 * 60)
UTC = ZoneInfo("UTC")
USUAL_ALERTS = SpikeSettings()


@dataclass(frozen=True, slots=True)
class AskSettings:
    """What answers depend on beside the store.

    Addresses are normalised. ``digest_time`` is the usual one, on each employee's own clock; ``timezone`` is
    that of whoever's own is not known.
    """

    admin_emails: frozenset[str]
    finance_emails: frozenset[str]
    credit_price_usd: Decimal | None
    sync_interval: timedelta
    finance_channel: str | None = None
    digest_time: WeekMoment = MONDAY_MORNING
    timezone: ZoneInfo = UTC
    spikes: SpikeSettings = USUAL_ALERTS


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one viewer at one instant (UTC)."""

    snapshot: Snapshot
    settings: AskSettings
    viewer: Viewer
    now: datetime

    @property
    def today(self) -> date:
        """The current UTC day."""
        return self.now.date()

    def is_viewer(self, person: Person) -> bool:
        """True when the question is about whoever asks it."""
        return self.viewer.person is not None and self.viewer.person.id == person.id

    def freshness(self, period: Period) -> Freshness:
        """How far the figures of the period can be trusted now."""
        return self.snapshot.load_freshness(period, self.now)

    def earlier(self, period: Period) -> Period | None:
        """The period before, where all of it is stored; a part of it would make any change look too large."""
        before = period.before()
        return before if self.snapshot.is_read(before) else None

    def figures(self, sight: Sight, period: Period) -> Figures:
        """What every answer about usage carries."""
        usage = self.snapshot.load_usage(sight, period)
        before = self.earlier(period)
        return Figures(
            period=period,
            totals=usage.totals,
            before=None if before is None else self.snapshot.load_totals(sight, before),
            days=series_of(usage.days, period, self.today),
            surfaces=merge_slices(usage.clients.items()),
            models=model_slices(usage.models),
            code=usage.code,
            freshness=self.freshness(period),
            credit_price_usd=self.settings.credit_price_usd,
        )


def series_of(days: Mapping[date, Totals], period: Period, today: date) -> tuple[DayPoint, ...]:
    """One point a day of the period up to today."""
    return tuple(DayPoint(day, days.get(day, Totals())) for day in period.days() if day <= today)


def model_slices(models: Mapping[tuple[str, str | None], Totals]) -> tuple[Slice, ...]:
    """One slice a model and speed, most credits first."""
    named = ((model_name(model, speed), totals) for (model, speed), totals in models.items())
    return merge_slices(named, label_of=str)


def model_name(model: str, speed: str | None) -> str:
    """The model, and its speed where that is not the usual one."""
    return model if speed in {None, "standard"} else f"{model} ({speed})"
