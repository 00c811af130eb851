"""The Home tab as Slack takes it: no charts, which it may not hold, and everything within its limits."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.answers import NotKnown
from bot.core.home import HomeAnswer, TeamSummary
from bot.slack.answers.adoption import Adoption, adoption_stats
from bot.slack.answers.freshness import capitalised, freshness_words, period_words
from bot.slack.answers.notices import render_not_known
from bot.slack.answers.people import name_of
from bot.slack.answers.person import render_person
from bot.slack.answers.settings import TITLE as SETTINGS_TITLE
from bot.slack.answers.settings import settings_buttons, settings_words
from bot.slack.answers.stats import field_of, usage_stats
from bot.slack.answers.unread import is_unread
from bot.slack.blocks import Block, context, fields, header, section
from bot.slack.buttons import SETTINGS_BLOCK, actions, ask_button
from bot.slack.fallback import without_native_blocks
from bot.slack.messages import Message
from bot.slack.modals import TITLE
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.views import View

_DIVIDER: Block = {"type": "divider"}


def render_home(answer: HomeAnswer | NotKnown) -> View:
    """Somebody's own page; for who is not known how to become known."""
    if isinstance(answer, NotKnown):
        return _page([header(TITLE), *render_not_known().blocks, *_stored()])
    parts = [
        _who(answer),
        _own(answer),
        _team(answer),
        _organisation(answer),
        _settings(answer),
        _about(answer),
    ]
    return _page([block for part in parts if part for block in (*part, _DIVIDER)][:-1])


def home_with(message: Message) -> View:
    """A page with nothing but this on it."""
    return _page([header(TITLE), *(message.blocks or [section(Mrkdwn(message.text))])])


def _page(blocks: list[Block]) -> View:
    return {"type": "home", "blocks": blocks}


def _who(answer: HomeAnswer) -> Sequence[Block]:
    person = answer.person
    words = render_words(
        "home_who",
        name=name_of(person) if person else "",
        email=person.email if person else "",
        team=(person.team or "") if person else "",
        reports=answer.team.people if answer.team else 0,
        is_admin=answer.is_admin,
        is_finance=answer.is_finance,
    )
    return [header(TITLE), section(words)]


def _own(answer: HomeAnswer) -> Sequence[Block]:
    if answer.own is None:
        return []
    buttons = [
        ask_button("me.week", "Last 7 days", "me 7d"),
        ask_button("me.month", "This month", "me month"),
        ask_button("me.quarter", "Last 90 days", "me 90d"),
    ]
    return [*without_native_blocks(render_person(answer.own)).blocks, actions(buttons)]


def _team(answer: HomeAnswer) -> Sequence[Block]:
    if answer.team is None:
        return []
    buttons = [
        ask_button("team", "Everyone below you", "team"),
        ask_button("team.week", "Last week", "team last week"),
        ask_button("top", "Ranking", "top"),
    ]
    asked = context([capitalised(period_words(answer.period, is_compared=answer.team.before is not None))])
    shown = [] if is_unread(answer.period, answer.freshness) else fields(_team_fields(answer.team))
    return [header("Your team"), asked, *shown, actions(buttons)]


def _team_fields(team: TeamSummary) -> list[Mrkdwn]:
    active = adoption_stats(
        Adoption(team.people, team.active, team.active_before, team.totals.credits_micro)
    )[0]
    return [field_of(stat) for stat in (active, *usage_stats(team.totals, team.before))]


def _organisation(answer: HomeAnswer) -> Sequence[Block]:
    if not answer.is_admin and not answer.is_finance:
        return []
    buttons = [
        ask_button("org", "Last 28 days", "org"),
        ask_button("org.month", "Last month", "org last month"),
        ask_button("status", "State of the figures", "status"),
    ]
    return [header("The organisation"), actions(buttons)]


def _settings(answer: HomeAnswer) -> Sequence[Block]:
    if answer.settings is None:
        return []
    buttons = actions(settings_buttons(answer.settings), SETTINGS_BLOCK)
    return [header(SETTINGS_TITLE), section(settings_words(answer.settings)), buttons]


def _about(answer: HomeAnswer) -> Sequence[Block]:
    words = render_words("home_help", usages=[f"/codex-usage {line.usage}" for line in answer.lines])
    buttons = [
        ask_button("help", "Everything you can ask", "help"),
        ask_button("reviews", "Code reviews", "reviews"),
    ]
    fresh = freshness_words(answer.freshness) if answer.own is None else ""
    as_of = render_words("home_as_of", now=answer.now, freshness=fresh)
    return [section(words), actions(buttons), context([as_of]), *_stored()]


def _stored() -> list[Block]:
    return [context([Mrkdwn(line)]) for line in render_words("home_stored").splitlines()]
