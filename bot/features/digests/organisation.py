"""What the finance channel reads of the week: the whole company without names."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.alerts.quality import AlertQuality, month_that_ended
from bot.core.answers import GroupSlice
from bot.core.digests.contents import GroupRow, Headcount, Mover, OrganisationDigest, Said
from bot.core.digests.rules import is_quiet, pick_movers
from bot.core.models import Totals
from bot.core.periods import Period
from bot.core.visibility import SMALLEST_GROUP, WholeCompany, complete_groups, hide_few_active
from bot.features.alerts.ask import load_quality
from bot.features.asked import Asked
from bot.features.digests.budgets import monthly_budgets
from bot.features.digests.drivers import drivers_of
from bot.features.digests.week import Telling, begin_telling, build_split_week, said_of

SHOWN_GROUPS = 20


def compose_organisation(
    asked: Asked, sight: WholeCompany, period: Period, earlier: Said | None
) -> OrganisationDigest:
    """The whole company's week; no team of a few people is shown by itself."""
    snapshot, telling = asked.snapshot, begin_telling(asked, period, earlier)
    week = build_split_week(telling, sight)
    unattributed = snapshot.load_unattributed(sight, period)
    headcount = _headcount(telling, sight)
    groups = _groups(telling, sight, headcount, week.totals - unattributed)
    return OrganisationDigest(
        week=week,
        headcount=headcount,
        groups=groups,
        movers=_movers(telling, sight, groups),
        unattributed=unattributed,
        is_quiet=is_quiet(week.totals, week.before) and not week.corrections,
        said=said_of(week),
        budgets=monthly_budgets(asked, sight),
        alerts=_alerts(asked, period),
    )


def _alerts(asked: Asked, week: Period) -> AlertQuality | None:
    month = month_that_ended(week)
    quality = month and load_quality(asked.snapshot, month)
    return quality if quality and quality.alerts else None


def _headcount(telling: Telling, sight: WholeCompany) -> Headcount:
    snapshot, before = telling.asked.snapshot, telling.before if telling.is_compared else None
    return Headcount(
        people=snapshot.count_people(sight),
        active=snapshot.count_active(sight, telling.period),
        before=snapshot.count_active(sight, before) if before else None,
    )


def _groups(
    telling: Telling, sight: WholeCompany, headcount: Headcount, totals: Totals
) -> tuple[GroupRow, ...]:
    snapshot = telling.asked.snapshot
    found = snapshot.load_groups(sight, telling.period, SMALLEST_GROUP, SHOWN_GROUPS)
    names = [group.name for group in found]
    active = snapshot.count_active_of_groups(sight, names, telling.period)
    shown = [GroupSlice(group.name, group.people, active[group.name], group.totals) for group in found]
    groups = complete_groups(shown, headcount.people, totals, minimum=SMALLEST_GROUP)
    told, before = hide_few_active(groups, headcount.active), _before(telling, sight, names)
    return tuple(_row(group, one.active, before) for group, one in zip(groups, told, strict=True))


def _before(
    telling: Telling, sight: WholeCompany, names: list[str | None]
) -> dict[str | None, Totals] | None:
    if telling.before is None or not telling.is_compared:
        return None
    return telling.asked.snapshot.load_group_totals(sight, names, telling.before)


def _row(group: GroupSlice, active: int | None, before: dict[str | None, Totals] | None) -> GroupRow:
    """The folded teams, whose active people were never counted, are not compared either."""
    is_folded = group.active is None
    earlier = None if is_folded or before is None else before.get(group.label, Totals())
    return GroupRow(group.label, group.people, active, group.totals, earlier)


def _movers(telling: Telling, sight: WholeCompany, groups: Sequence[GroupRow]) -> tuple[Mover, ...]:
    """Of the shown teams; what is folded is never compared."""
    picked = pick_movers(groups)
    if not picked or telling.before is None:
        return ()
    snapshot, names = telling.asked.snapshot, [group.label for group in picked]
    now, before = (
        snapshot.load_group_splits(sight, names, period) for period in (telling.period, telling.before)
    )
    return tuple(Mover(*pair) for pair in zip(picked, drivers_of(now, before), strict=True))
