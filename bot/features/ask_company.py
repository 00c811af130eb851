"""Answers about the whole company: the organisation, code reviews, the state of the data, and help."""

from __future__ import annotations

from bot.core.answers import (
    GroupSlice,
    HelpAnswer,
    HelpLine,
    OrgAnswer,
    ReviewsAnswer,
    StatusAnswer,
)
from bot.core.grammar import help_for
from bot.core.ledger import next_sync
from bot.core.models import Totals
from bot.core.periods import Period, default_period
from bot.core.visibility import OTHER_GROUPS, SMALLEST_GROUP, WholeCompany, complete_groups, hide_few_active
from bot.features.asked import Asked

SHOWN_GROUPS = 20


def answer_org(asked: Asked, sight: WholeCompany, period: Period) -> OrgAnswer:
    """The whole organisation; without the right to names no team of a few people is shown by itself."""
    snapshot, before = asked.snapshot, asked.earlier(period)
    figures, people = asked.figures(sight, period), snapshot.count_people(sight)
    unattributed = snapshot.load_unattributed(sight, period)
    groups = complete_groups_of(asked, sight, period, SHOWN_GROUPS, figures.totals - unattributed)
    return OrgAnswer(
        figures=figures,
        people=people,
        active=snapshot.count_active(sight, period),
        active_before=None if before is None else snapshot.count_active(sight, before),
        groups=groups,
        folded_groups=not sight.names and any(group.label == OTHER_GROUPS for group in groups),
        unattributed=unattributed,
        workspace_gap=snapshot.load_workspace_gap(sight, period) if sight.workspace_gap else None,
    )


def answer_reviews(asked: Asked, period: Period) -> ReviewsAnswer:
    """Code reviews over the whole workspace."""
    before = asked.earlier(period)
    counts = asked.snapshot.load_review_counts(period)
    return ReviewsAnswer(
        period=period,
        reviews=asked.snapshot.load_reviews(period),
        before=None if before is None else asked.snapshot.load_reviews(before),
        days=tuple((day, counts.get(day, 0)) for day in period.days() if day <= asked.today),
        freshness=asked.freshness(period),
    )


def answer_status(asked: Asked) -> StatusAnswer:
    """How fresh the data is; for admins also what does not match."""
    run = asked.snapshot.load_last_run()
    return StatusAnswer(
        freshness=asked.freshness(default_period(asked.today)),
        last_run=None if run is None else run.finished_at or run.started_at,
        last_run_ok=run is not None and run.error is None,
        next_run=next_sync(asked.now, asked.settings.sync_interval),
        admin=asked.snapshot.load_admin_status() if asked.viewer.is_admin else None,
    )


def answer_help(asked: Asked, problem: str | None = None, nearest: str | None = None) -> HelpAnswer:
    """What this viewer can ask."""
    person = asked.viewer.person
    lines = help_for(
        has_reports=person is not None and person.place.last > person.place.first,
        is_admin=asked.viewer.is_admin,
        is_finance=asked.viewer.is_finance,
    )
    return HelpAnswer(tuple(HelpLine(line.usage, line.does) for line in lines), problem, nearest)


def complete_groups_of(
    asked: Asked, sight: WholeCompany, period: Period, most: int, totals: Totals
) -> tuple[GroupSlice, ...]:
    """The teams, at most ``most`` by themselves, that add up to ``totals``: what belongs to employees.

    Without the right to names no team of a few people is by itself, and few active people are not counted.
    """
    smallest = 0 if sight.names else SMALLEST_GROUP
    found = asked.snapshot.load_groups(sight, period, smallest, most)
    active = asked.snapshot.count_active_of_groups(sight, [group.name for group in found], period)
    shown = [GroupSlice(group.name, group.people, active[group.name], group.totals) for group in found]
    groups = complete_groups(shown, asked.snapshot.count_people(sight), totals, minimum=smallest)
    return groups if sight.names else hide_few_active(groups, asked.snapshot.count_active(sight, period))
