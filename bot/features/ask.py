"""Answers a command as one viewer may have it answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from bot.core.alerts.answers import LookingBack
from bot.core.answers import Answer, NotForYou, NotKnown
from bot.core.commands import (
    About,
    Alerts,
    AlertsBacktest,
    Budgets,
    BySlackId,
    Command,
    Expect,
    Export,
    Help,
    Me,
    Org,
    Plans,
    ReviewsOf,
    Settings,
    Status,
    Team,
    Top,
)
from bot.core.grammar import parse_command
from bot.core.people import Person, normalise_email
from bot.core.visibility import (
    Below,
    NoPeople,
    OnePerson,
    Refused,
    SelfAndBelow,
    Sight,
    Viewer,
    WholeCompany,
    decide,
)
from bot.features.alerts.ask import answer_alerts
from bot.features.ask_company import answer_help, answer_org, answer_reviews, answer_status
from bot.features.ask_people import answer_person, answer_team, answer_top
from bot.features.asked import Asked, AskSettings
from bot.features.budgets.ask import answer_budgets
from bot.features.digests.settings import NO_DIGEST_FOR_YOU, answer_settings
from bot.features.export import answer_export
from bot.features.plans.bursts import PlanDraft, announce, answer_plans, author_of, draft_plan
from bot.features.viewers import viewer_in_slack, viewer_with_email
from bot.ports import Snapshot, Store

FindViewer = Callable[[Snapshot, AskSettings, str], Viewer | None]
"""The viewer by a Slack id or an address."""

NOTHING_OF_YOUR_OWN = "You are not in the company's roster, so there is no usage of your own to show."


class Ask:
    """Answers text as a viewer may have it answered; every answer is one moment of the store."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def answer_slack(self, slack_id: str, text: str, now: datetime) -> Answer:
        """The answer for a Slack account at ``now`` (UTC). Raises `StoreError`."""
        return self._answer(viewer_in_slack, slack_id, text, now)

    def answer_as(self, email: str, text: str, now: datetime) -> Answer:
        """The answer that the employee with this address would get. Raises `StoreError`."""
        return self._answer(viewer_with_email, normalise_email(email), text, now)

    def _answer(self, find_viewer: FindViewer, who: str, text: str, now: datetime) -> Answer:
        """What is to be kept is kept after the moment that was read."""
        command = parse_command(text, now.date())
        with self._store.snapshot() as snapshot:
            viewer = find_viewer(snapshot, self._settings, who)
            if viewer is None:
                return NotKnown()
            asked = Asked(snapshot, self._settings, viewer, now)
            if not isinstance(command, Expect):
                return answer(asked, command)
            draft = _draft(asked, command, author_of(snapshot, viewer, who))
        return announce(self._store, draft, now) if isinstance(draft, PlanDraft) else draft


def answer(asked: Asked, command: Command) -> Answer:
    """The answer to a command, or to its refusal."""
    decision = decide(asked.viewer, command, _subject(asked.snapshot, command))
    if isinstance(decision, Refused):
        return _refusal(asked, command, decision)
    return _compose(asked, command, decision)


def _draft(asked: Asked, command: Expect, by: str) -> PlanDraft | Answer:
    """The plan, or its refusal."""
    decision = decide(asked.viewer, command, _subject(asked.snapshot, command))
    if isinstance(decision, Refused):
        return _refusal(asked, command, decision)
    return _plan(asked, command, decision, by)


def _plan(asked: Asked, command: Expect, sight: Sight | NoPeople, by: str) -> PlanDraft:
    if not isinstance(sight, OnePerson):
        raise TypeError(f"{sight} does not answer {command}")
    return draft_plan(asked, command, sight.person, by)


def _refusal(asked: Asked, command: Command, refused: Refused) -> Answer:
    if refused is Refused.NOT_FOR_YOU:
        return NotForYou()
    return answer_help(asked, NO_DIGEST_FOR_YOU if command == Settings() else NOTHING_OF_YOUR_OWN)


def _subject(snapshot: Snapshot, command: Command) -> Person | None:
    match command:
        case About(person=named) | Team(lead=named) | Expect(person=named):
            pass
        case _:
            named = None
    if named is None:
        return None
    if isinstance(named, BySlackId):
        return snapshot.find_person(slack_id=named.slack_id)
    return snapshot.find_person(email=named.email)


def _compose(asked: Asked, command: Command, sight: Sight | NoPeople) -> Answer:
    match command, sight:
        case ((Me(period) | About(period)), OnePerson()):
            return answer_person(asked, sight, period)
        case Team(period), Below():
            return answer_team(asked, sight, period)
        case Top(period, metric), (SelfAndBelow() | WholeCompany()):
            return answer_top(asked, sight, period, metric)
        case Org(period), WholeCompany():
            return answer_org(asked, sight, period)
    return _compose_other(asked, command, sight)


def _compose_other(asked: Asked, command: Command, sight: Sight | NoPeople) -> Answer:
    match command, sight:
        case Export(), (OnePerson() | Below() | SelfAndBelow() | WholeCompany()):
            return answer_export(asked, sight, command)
        case Settings(), OnePerson(person):
            return answer_settings(asked.snapshot, asked.settings, person, asked.now)
        case ReviewsOf() | Status() | Help(), NoPeople():
            return _compose_open(asked, command)
    return _compose_spend(asked, command, sight)


def _compose_spend(asked: Asked, command: Command, sight: Sight | NoPeople) -> Answer:
    """Budgets, and what is worth an alert."""
    match command, sight:
        case Budgets(), (SelfAndBelow() | WholeCompany()):
            return answer_budgets(asked, sight)
        case Plans(), (SelfAndBelow() | WholeCompany()):
            return answer_plans(asked, sight)
        case Alerts(), WholeCompany():
            return answer_alerts(asked)
        case AlertsBacktest(most_a_week), WholeCompany():
            return LookingBack(most_a_week)
    raise TypeError(f"{sight} does not answer {command}")


def _compose_open(asked: Asked, command: ReviewsOf | Status | Help) -> Answer:
    """What is about nobody in particular."""
    match command:
        case ReviewsOf(period):
            return answer_reviews(asked, period)
        case Status():
            return answer_status(asked)
        case Help(problem, nearest):
            return answer_help(asked, problem, nearest)
        case _:
            assert_never(command)
