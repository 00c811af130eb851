"""What one person reads of their own week."""

from __future__ import annotations

from datetime import timedelta

from bot.core.digests.contents import PersonalDigest, Said
from bot.core.digests.rules import is_quiet, weekday_streak
from bot.core.periods import Period
from bot.core.visibility import OnePerson
from bot.features.asked import Asked
from bot.features.digests.lasting import lasting_changes
from bot.features.digests.week import begin_telling, build_split_week, said_of


def compose_personal(asked: Asked, sight: OnePerson, period: Period, earlier: Said | None) -> PersonalDigest:
    """The person's own week."""
    snapshot, telling = asked.snapshot, begin_telling(asked, period, earlier)
    week = build_split_week(telling, sight)
    last = period.until - timedelta(days=1)
    lasting, _ = lasting_changes(asked, sight, period)
    return PersonalDigest(
        person=sight.person,
        week=week,
        active_days=sum(point.totals.is_active for point in week.days),
        streak=weekday_streak(snapshot.load_used_weekdays(sight, last), last),
        is_quiet=is_quiet(week.totals, week.before) and not week.corrections,
        said=said_of(week),
        lasting=next(iter(lasting), None),
    )
