"""Planned bursts: who may plan one, who hears of it, which are shown to whom, and how one ends early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.answers import NotForYou, NotKnown, PlanRow, PlansAnswer, PlansChange
from bot.core.commands import Expect
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.plans.bursts import Plan, announcements, plan_label, plan_of
from bot.core.plans.expectations import Expectation
from bot.core.visibility import SelfAndBelow, Viewer, WholeCompany, may_plan
from bot.errors import UserError
from bot.features.asked import Asked, AskSettings
from bot.features.viewers import viewer_in_slack
from bot.ports import Snapshot, Store

PLAN_OVER = "This plan is over already."


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan that may be made; nothing is kept yet."""

    person: Person
    expectation: Expectation
    is_viewer: bool
    channel: str | None


def answer_plans(asked: Asked, sight: SelfAndBelow | WholeCompany) -> PlansAnswer:
    """The plans in sight that hold today."""
    found = asked.snapshot.load_plans(sight, _today(asked.now))
    return PlansAnswer(tuple(_row(asked.snapshot, asked.viewer, plan) for plan in found))


def draft_plan(asked: Asked, command: Expect, person: Person, by: str) -> PlanDraft:
    """What is to be kept; ``person`` is one whom the viewer may plan for."""
    plan = plan_of(person.email, command.days, command.factor, command.reason, by, asked.now)
    return PlanDraft(person, plan, asked.is_viewer(person), asked.settings.finance_channel)


def announce(store: Store, draft: PlanDraft, now: datetime) -> PlansAnswer:
    """Keep a plan and have it told, in one transaction. Raises `StoreError`.

    Said twice in the same words, it is one plan.
    """
    plan = draft.expectation
    with store.snapshot() as snapshot:
        known = snapshot.load_plans(SelfAndBelow(draft.person), _today(now))
    same = next((one for one in known if one.expectation == plan), None)
    if same is None:
        label = plan_label(plan, now)
        with store.changing_incidents() as ledger:
            number = ledger.save_plan(plan, label, now)
            manager = ledger.load_managers([draft.person.email]).get(draft.person.email)
            ledger.save_orders(announcements(plan, label, draft.channel, manager, now), now)
        same = Plan(number, draft.person, plan)
    row = PlanRow(same, by=None, is_viewer=draft.is_viewer, may_end=True)
    return PlansAnswer((row,), PlansChange.MADE)


class EndPlans:
    """Ends plans early. Methods raise `StoreError`, and `UserError` where one is over already."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def end(self, slack_id: str, number: int, now: datetime) -> PlansAnswer | NotKnown | NotForYou:
        """From today on it holds no more. A plan that somebody may not end is none."""
        with self._store.snapshot() as snapshot:
            viewer = viewer_in_slack(snapshot, self._settings, slack_id)
            plan = snapshot.find_plan(number=number)
            if viewer is None:
                return NotKnown()
            if plan is None or not may_plan(viewer, plan.person):
                return NotForYou()
            by = author_of(snapshot, viewer, slack_id)
            row = _row(snapshot, viewer, plan)
        with self._store.changing_incidents() as ledger:
            if not ledger.end_plan(number, by, now):
                raise UserError(PLAN_OVER)
        return PlansAnswer((row,), PlansChange.ENDED)


def author_of(snapshot: Snapshot, viewer: Viewer, slack_id: str) -> str:
    """What is written down with what somebody does: their address where there is one."""
    if viewer.person is not None:
        return viewer.person.email
    return snapshot.find_slack_email(slack_id) or slack_id


def _row(snapshot: Snapshot, viewer: Viewer, plan: Plan) -> PlanRow:
    is_viewer = viewer.person is not None and viewer.person.id == plan.person.id
    by = plan.expectation.by
    author = snapshot.find_person(email=by)
    name = None if by == plan.person.email else author.name if author else by
    return PlanRow(plan, name, is_viewer=is_viewer, may_end=may_plan(viewer, plan.person))


def _today(now: datetime) -> Period:
    today = now.date()
    return Period(today, today + timedelta(days=1))
