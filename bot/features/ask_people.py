"""Answers about people: one person, everyone below a manager, a ranking."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.answers import (
    Figures,
    NoReports,
    PersonAnswer,
    Remainder,
    TeamAnswer,
    TeamRow,
    TopAnswer,
)
from bot.core.metrics import Metric, current_streak
from bot.core.models import Totals
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.visibility import Below, OnePerson, SelfAndBelow, WholeCompany
from bot.features.asked import Asked

LISTED_PEOPLE = 100
RANKED_PEOPLE = 25


def answer_person(asked: Asked, sight: OnePerson, period: Period) -> PersonAnswer:
    """One person's usage."""
    figures = asked.figures(sight, period)
    active = asked.snapshot.load_active_days(sight.person, asked.today)
    return PersonAnswer(
        person=sight.person,
        is_viewer=asked.is_viewer(sight.person),
        figures=figures,
        active_days=sum(point.totals.is_active for point in figures.days),
        streak=current_streak(active, asked.today),
    )


def answer_team(asked: Asked, sight: Below, period: Period) -> TeamAnswer | NoReports:
    """Everyone below a manager, those without use included; from the 101st on as a remainder that adds up."""
    lead = sight.lead
    if lead.place.last == lead.place.first:
        return NoReports(lead, asked.is_viewer(lead))
    figures = asked.figures(sight, period)
    rows = _rows(asked, sight, period)
    before = asked.earlier(period)
    people = asked.snapshot.count_people(sight)
    return TeamAnswer(
        lead=lead,
        is_viewer=asked.is_viewer(lead),
        figures=figures,
        rows=rows,
        remainder=_remainder(figures, rows, people),
        people=people,
        active=asked.snapshot.count_active(sight, period),
        active_before=None if before is None else asked.snapshot.count_active(sight, before),
    )


def answer_top(asked: Asked, sight: SelfAndBelow | WholeCompany, period: Period, metric: Metric) -> TopAnswer:
    """The people whom the viewer may see, ranked."""
    if metric is Metric.STREAK:
        ranked = asked.snapshot.rank_streaks(sight, period, asked.today, RANKED_PEOPLE)
    else:
        ranked = asked.snapshot.rank_people(sight, period, metric, RANKED_PEOPLE)
    return TopAnswer(
        metric=metric,
        period=period,
        rows=tuple(TeamRow(one.person, one.totals, value=one.value) for one in ranked),
        among=asked.snapshot.count_people(sight),
        freshness=asked.freshness(period),
        credit_price_usd=asked.settings.credit_price_usd,
    )


def _rows(asked: Asked, sight: Below, period: Period) -> tuple[TeamRow, ...]:
    ranked = asked.snapshot.rank_people(sight, period, Metric.CREDITS, LISTED_PEOPLE)
    seen = [one.person.id for one in ranked]
    idle = asked.snapshot.load_idle_people(sight, seen, LISTED_PEOPLE - len(ranked))
    # by credits alone somebody with other usage can be among the idle; and rows of nothing count as rows
    known = asked.snapshot.load_people_totals(idle, period)
    listed = [(one.person, one.totals) for one in ranked]
    listed += [(person, known.get(person.id, Totals())) for person in idle]
    before = _earlier_totals(asked, [person for person, _ in listed], period)
    return tuple(
        TeamRow(person, totals, before.get(person.id), value=totals.credits_micro)
        for person, totals in listed
    )


def _earlier_totals(asked: Asked, persons: Sequence[Person], period: Period) -> dict[int, Totals]:
    before = asked.earlier(period)
    if before is None:
        return {}
    known = asked.snapshot.load_people_totals(persons, before)
    return {person.id: known.get(person.id, Totals()) for person in persons}


def _remainder(figures: Figures, rows: Sequence[TeamRow], people: int) -> Remainder | None:
    left = Remainder(
        people=people - sum(not row.person.archived for row in rows),
        totals=figures.totals - sum((row.totals for row in rows), Totals()),
    )
    return left if left.people or left.totals.rows else None
