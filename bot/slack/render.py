"""Every answer as a Slack message."""

from __future__ import annotations

from typing import assert_never

from bot.core.alerts.answers import AlertsAnswer, LookBackAnswer, LookingBack
from bot.core.answers import (
    Answer,
    BudgetsAnswer,
    ExportAnswer,
    ExportFailed,
    ExportSent,
    HelpAnswer,
    NoReports,
    NotForYou,
    NotKnown,
    OrgAnswer,
    PersonAnswer,
    PlansAnswer,
    ReviewsAnswer,
    SettingsAnswer,
    StatusAnswer,
    TeamAnswer,
    TopAnswer,
)
from bot.slack.answers.alerts import render_alerts, render_look_back, render_looking_back
from bot.slack.answers.budgets import render_budgets
from bot.slack.answers.export import render_export, render_export_failed, render_export_sent
from bot.slack.answers.notices import render_help, render_no_reports, render_not_for_you, render_not_known
from bot.slack.answers.org import render_org
from bot.slack.answers.person import render_person
from bot.slack.answers.plans import render_plans
from bot.slack.answers.reviews import render_reviews
from bot.slack.answers.settings import render_settings
from bot.slack.answers.status import render_status
from bot.slack.answers.team import render_team
from bot.slack.answers.top import render_top
from bot.slack.messages import Message


def render(answer: Answer) -> Message:
    """The message for the person who asked; only they see it."""
    match answer:
        case PersonAnswer() | TeamAnswer() | OrgAnswer() | TopAnswer() | ReviewsAnswer() | BudgetsAnswer():
            return _render_usage(answer)
        case AlertsAnswer() | LookingBack() | LookBackAnswer() | PlansAnswer():
            return _render_alerts(answer)
        case SettingsAnswer():
            return render_settings(answer)
        case ExportAnswer() | ExportSent() | ExportFailed():
            return _render_export(answer)
        case StatusAnswer():
            return render_status(answer)
        case HelpAnswer() | NotKnown() | NotForYou() | NoReports():
            return _render_notice(answer)
        case _:
            assert_never(answer)


def _render_usage(
    answer: PersonAnswer | TeamAnswer | OrgAnswer | TopAnswer | ReviewsAnswer | BudgetsAnswer,
) -> Message:
    match answer:
        case PersonAnswer():
            return render_person(answer)
        case TeamAnswer():
            return render_team(answer)
        case OrgAnswer():
            return render_org(answer)
        case TopAnswer():
            return render_top(answer)
        case ReviewsAnswer():
            return render_reviews(answer)
        case BudgetsAnswer():
            return render_budgets(answer)
        case _:
            assert_never(answer)


def _render_alerts(answer: AlertsAnswer | LookingBack | LookBackAnswer | PlansAnswer) -> Message:
    match answer:
        case PlansAnswer():
            return render_plans(answer)
        case AlertsAnswer():
            return render_alerts(answer)
        case LookingBack():
            return render_looking_back(answer)
        case LookBackAnswer():
            return render_look_back(answer)
        case _:
            assert_never(answer)


def _render_export(answer: ExportAnswer | ExportSent | ExportFailed) -> Message:
    match answer:
        case ExportAnswer():
            return render_export(answer)
        case ExportSent():
            return render_export_sent(answer)
        case ExportFailed():
            return render_export_failed(answer)
        case _:
            assert_never(answer)


def _render_notice(answer: HelpAnswer | NotKnown | NotForYou | NoReports) -> Message:
    match answer:
        case HelpAnswer():
            return render_help(answer)
        case NotKnown():
            return render_not_known()
        case NotForYou():
            return render_not_for_you()
        case NoReports():
            return render_no_reports(answer)
        case _:
            assert_never(answer)
