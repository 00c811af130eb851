"""Whatever the answer, Slack takes it: few charts, one table, and nothing too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest

from bot.core.alerts.answers import AlertsAnswer, AlertsChange, LiveAlert, LookBackAnswer, LookingBack
from bot.core.alerts.choice import AlertChoice, InForce
from bot.core.alerts.incidents import FiringDay, Incident, IncidentKey, IncidentState
from bot.core.alerts.quality import AlertQuality
from bot.core.answers import (
    AdminStatus,
    Answer,
    BudgetsAnswer,
    ExportAnswer,
    ExportFailed,
    ExportSent,
    GroupSlice,
    HelpAnswer,
    HelpLine,
    NoReports,
    NotForYou,
    NotKnown,
    OrgAnswer,
    PersonAnswer,
    PlanRow,
    PlansAnswer,
    PlansChange,
    Remainder,
    ReviewsAnswer,
    SettingsAnswer,
    SettingsChange,
    StatusAnswer,
    TeamAnswer,
    TopAnswer,
)
from bot.core.budgets.forecast import Driver, Forecast
from bot.core.budgets.money import PriceSource
from bot.core.budgets.standing import PersonUse, Standing
from bot.core.budgets.terms import Budget, Cycle, Pace, Scope, Unit, period_of
from bot.core.commands import Export
from bot.core.digests.choice import DigestChoice
from bot.core.grammar import HELP
from bot.core.metrics import Metric
from bot.core.models import MICRO, CodeTotals, DayPoint, Freshness, Reviews, Slice, Totals
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.plans.bursts import Plan
from bot.core.plans.expectations import Expectation
from bot.core.spikes.findings import Finding, Kind, Sensitivity, Severity, SpikeSettings
from bot.core.spikes.look_back import LookBack
from bot.demo.slack.block_rules import problems
from bot.slack.fallback import without_native_blocks
from bot.slack.messages import TEXT_LIMIT, Message
from bot.slack.render import render
from bot.slack.terminal import as_text
from tests.slack.cast import figures, person, row, used

pytestmark = pytest.mark.no_cover  # many large answers; each kind is traced where its words are tested

NAMES = ("Bob", "\u5f20" * 200, "\U0001f600" * 200, "<!channel> & *" * 30, "```" * 60, "&" * 300, "")
LONGEST = Period(date(2025, 10, 18), date(2026, 11, 22), "2025-10-18..2026-11-21")
DAY = Period(date(2026, 11, 22), date(2026, 11, 23), "today")
RAGGED = tuple(LONGEST.since + timedelta(days=n) for n in range(0, LONGEST.length, 3))
PAID = used(
    987_654_321,
    cost_usd_micro=10**15,
    cost_rows=3,
    estimated_cost_usd_micro=10**15,
    estimated_rows=15,
    token_rows=7,
)


def _answers(name: str, period: Period, spent: Totals) -> Iterator[Answer]:
    """One of every kind, as large as the features make it and larger."""
    who = replace(person("x"), name=name)
    freshness = Freshness(
        period.since, datetime(2026, 11, 22, 9, tzinfo=UTC), RAGGED[1:], RAGGED[:-1], RAGGED
    )
    slices = tuple(
        Slice(f"{name[:90]} {n}", replace(spent, credits_micro=spent.credits_micro // 90)) for n in range(20)
    )
    full = figures(
        period=period,
        totals=spent,
        before=used(1),
        days=tuple(DayPoint(day, spent) for day in period.days()),
        surfaces=slices,
        models=slices,
        code=CodeTotals(1, 10**9, 10**9, 10**9, 10**9, 10**9, 10**9),
        freshness=freshness,
        credit_price_usd=Decimal("0.012345678901234567890123456789"),
    )
    rows = tuple(replace(row(who, 10**7, 3), totals=spent) for _ in range(130))
    groups = tuple(GroupSlice(name or None, 10**6, 10**5 if n % 2 else None, spent) for n in range(130))
    yield PersonAnswer(who, is_viewer=False, figures=full, active_days=1, streak=400)
    yield TeamAnswer(who, False, full, rows, Remainder(10**6, spent), 10**6, 10**5, 10**5)  # noqa: FBT003  # in order
    yield OrgAnswer(
        full, 10**6, 10**5, 10**5, groups, folded_groups=True, unattributed=spent, workspace_gap=spent
    )
    for metric in Metric:
        yield TopAnswer(metric, period, rows, 10**6, freshness, full.credit_price_usd)
    days = tuple((day, 10**6) for day in period.days())
    yield ReviewsAnswer(period, Reviews(*[10**9] * 12), Reviews(*[1] * 12), days, freshness)
    yield _budgets(name, period, freshness, spent.credits_micro)
    yield from _alerts(name, period, spent.credits_micro)
    yield from _plans(who, name * 20)
    admin = AdminStatus(10**6, 1, 10**6, 1, RAGGED, name * 100)
    yield StatusAnswer(
        freshness, freshness.read_at, last_run_ok=False, next_run=freshness.read_at, admin=admin
    )
    for change in (None, *SettingsChange):
        choice = DigestChoice(is_paused=change is SettingsChange.PAUSED, weekday=2, minute=1439)
        yield SettingsAnswer(
            choice,
            2,
            1439,
            "America/Argentina/ComodRivadavia",
            has_reports=True,
            next_digest=None,
            change=change,
        )
    for unattributed in (None, spent):
        yield ExportAnswer(Export(period), people=10**6, freshness=freshness, unattributed=unattributed)
    yield from (ExportSent(name * 100), ExportFailed(name * 100))
    yield HelpAnswer(tuple(HelpLine(line.usage, line.does) for line in HELP), name * 20, name or None)
    yield from (NotKnown(), NotForYou(), NoReports(who, is_viewer=True), NoReports(who, is_viewer=False))


def _alerts(name: str, period: Period, spent: int) -> Iterator[Answer]:
    settings = SpikeSettings(Sensitivity.HIGH, spent, hard_cap_micro=spent)
    chosen = InForce(settings, AlertChoice(10**9, datetime(2026, 11, 22, 9, tzinfo=UTC), name, settings))
    day = FiringDay(period.since, "critical", spent, spent, spent)
    incident = Incident(IncidentKey(name, "spike"), IncidentState.ACKNOWLEDGED, (day,))
    quality = AlertQuality(period, 10**6, 10**5, 10**5, 10**5, timedelta(days=400))
    live = tuple(LiveAlert(name, incident) for _ in range(10))
    for change in (None, *AlertsChange):
        yield AlertsAnswer(chosen, name, live, 10**6, (quality, quality), change)
    yield LookingBack(10**4)
    found = (Finding(period.since, name, Kind.SPIKE, Severity.CRITICAL, spent, 0, spent),) * 100
    yield LookBackAnswer(LookBack(period, dict.fromkeys(Sensitivity, found)), chosen, 1)


def _plans(who: Person, reason: str) -> Iterator[Answer]:
    expectation = Expectation(who.email, DAY, reason or "x", "by", factor=20)
    rows = tuple(
        PlanRow(Plan(n, who, expectation), reason or None, is_viewer=False, may_end=True) for n in range(90)
    )
    yield PlansAnswer(rows)
    yield from (PlansAnswer(rows[:1], change) for change in PlansChange)


def _budgets(name: str, period: Period, freshness: Freshness, spent: int) -> BudgetsAnswer:
    whole = period_of(Cycle.MONTH, period.since)
    standings = []
    for scope in (Scope.ORGANISATION, *[Scope.TEAM, Scope.PERSON] * 60):
        budget = Budget(1, scope, name or "x", Cycle.MONTH, Unit.USD, 10**18, (1, 1000), 1, period.since)
        drivers = tuple(Driver(name, spent) for _ in range(3))
        forecast = Forecast(budget, whole, spent, spent, spent, 0.9, period.since, drivers)
        people = tuple(PersonUse("x", name, spent, is_part=True) for _ in range(10))
        pace = Pace(Fraction(spent, 10), Fraction(1, 2))
        over = ((1, 10**6), (1000, 10**6))
        standings.append(Standing(budget, whole, spent, True, pace, (1, 1000), forecast, True, people, over))  # noqa: FBT003  # in order
    return BudgetsAnswer(tuple(standings), 10**6, True, PriceSource.ESTIMATE, None, period, freshness)  # noqa: FBT003  # in order


def _count(message: Message, kind: str) -> int:
    return sum(block["type"] == kind for block in message.blocks)


def test_every_kind_of_answer_is_among_those_tried() -> None:
    assert {type(answer) for answer in _answers("Bob", DAY, Totals())} == set(get_args(Answer))


@pytest.mark.parametrize(
    "spent", [Totals(), PAID, used(3, credits_micro=MICRO // 1000)], ids=["no", "most", "least"]
)
@pytest.mark.parametrize("period", [DAY, LONGEST], ids=["day", "longest"])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_slack_takes_every_answer(name: str, period: Period, spent: Totals) -> None:
    """At most one table and two charts, in the native spelling and in the one without them."""
    for answer in _answers(name, period, spent):
        message = render(answer)
        assert problems(message.blocks, "message") == [], answer
        assert _count(message, "data_table") <= 1
        assert _count(message, "data_visualization") <= 2
        plain = without_native_blocks(message)
        assert problems(plain.blocks, "message", native_blocks=False) == [], answer
        assert 0 < len(message.text) <= TEXT_LIMIT
        assert message.as_dict().keys() == {"response_type", "text", "blocks"}
        assert as_text(message)
