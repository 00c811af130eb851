"""The organisation's week as a message: spend, adoption and teams, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.digests.contents import GroupRow, OrganisationDigest
from bot.core.formats import NOTHING, count_text, credits_text
from bot.core.models import MICRO
from bot.slack.answers.adoption import Adoption
from bot.slack.answers.alerts import quality_words
from bot.slack.answers.figures import PERSON_DAYS
from bot.slack.answers.money import money_lines
from bot.slack.answers.rows import change_cell, credits_cell
from bot.slack.answers.slices import portion_text
from bot.slack.blocks import Block
from bot.slack.columns import CREDITS, evened
from bot.slack.digests.budgets import budget_lines
from bot.slack.digests.buttons import digest_buttons
from bot.slack.digests.movers import label_of
from bot.slack.digests.team import TeamWords, adoption_of, quiet_words, team_message
from bot.slack.digests.week import (
    correction_words,
    foot_block,
    is_short,
    short_message,
    split_words,
    title_of,
)
from bot.slack.messages import Message
from bot.slack.tables import Cell, Row, data_table, number_cell, rows_that_fit, text_cell, unknown_cell
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, escape, length
from bot.slack.words import counted, counted_credits, counted_share

CAPTION = "Each team, most credits first"


def render_organisation(digest: OrganisationDigest) -> Message:
    """Adoption, spend and teams."""
    week, title = digest.week, title_of("The organisation's", digest.week.period)
    buttons = digest_buttons("org", week.period, has_settings=False)
    if is_short(week, is_quiet=digest.is_quiet):
        quiet = quiet_words(week, digest.headcount)
        return short_message(title, week, quiet, buttons, _alert_words(digest))
    words = TeamWords(
        title=title,
        adoption=_adoption(digest),
        movers=digest.movers,
        notes=_notes(digest),
        table=_table(digest),
        lines=lambda room: _sentences(digest.groups, room),
        foot=[buttons, foot_block(week)],
    )
    return team_message(week, words)


def _adoption(digest: OrganisationDigest) -> Adoption:
    """Usage that belongs to no employee is no part of what each active person uses."""
    attributed = digest.week.totals - digest.unattributed
    return adoption_of(digest.headcount, attributed.credits_micro)


def _notes(digest: OrganisationDigest) -> list[Mrkdwn]:
    week = digest.week
    spent, whole = digest.unattributed.credits_micro, week.totals.credits_micro
    money = money_lines(week.totals, week.credit_price_usd, PERSON_DAYS)
    loose = render_words(
        "digest_company",
        unattributed=digest.unattributed,
        portion=portion_text(spent, whole) if whole else "",
        folded=any(group.active is None for group in digest.groups),
    )
    return [
        *(escape(f"{line}.") for line in money),
        *budget_lines(digest.budgets, week),
        *split_words(week),
        *correction_words(week.corrections),
        *_alert_words(digest),
        *(Mrkdwn(line) for line in loose.splitlines()),
    ]


def _alert_words(digest: OrganisationDigest) -> list[Mrkdwn]:
    """In one digest a month, however its week was."""
    alerts = digest.alerts
    return [quality_words(alerts, f"Alerts in {alerts.period.since:%B}")] if alerts else []


def _table(digest: OrganisationDigest) -> list[Block]:
    """The teams; there are never more than fit."""
    is_compared = digest.week.before is not None
    rows = [_cells(group, is_compared=is_compared) for group in digest.groups]
    shown = rows[: rows_that_fit(rows)]
    if not shown:
        return []
    change = ["Change"] if is_compared else []
    header = ["Team", "People", "Active", CREDITS, *change, "Credits per active person"]
    return [data_table(CAPTION, header, evened(header, shown))]


def _cells(group: GroupRow, *, is_compared: bool) -> Row:
    active = group.active
    return [
        text_cell(label_of(group)),
        number_cell(group.people, count_text(group.people)),
        unknown_cell(NOTHING) if active is None else number_cell(active, count_text(active)),
        credits_cell(group.totals.credits_micro),
        *([_change(group)] if is_compared else []),
        _each(group),
    ]


def _change(group: GroupRow) -> Cell:
    """What is folded is not compared: other teams may have been in it."""
    return unknown_cell(NOTHING) if group.before is None else change_cell(group.totals, group.before)


def _each(group: GroupRow) -> Cell:
    if not group.active:
        return unknown_cell(NOTHING)
    micro = _each_micro(group)
    return number_cell(round(micro / MICRO, 6), credits_text(micro))


def _each_micro(group: GroupRow) -> int:
    """What an active person used on average; there has to be one who is told."""
    return Adoption(group.people, group.active or 1, None, group.totals.credits_micro).each_micro


def _sentences(groups: Sequence[GroupRow], room: int) -> list[Mrkdwn]:
    """A line a team, as many as there is room for."""
    lines: list[Mrkdwn] = []
    used = 0
    for group in groups:
        line = _sentence(group)
        used += length(line) + 1
        if used > room:
            break
        lines.append(line)
    return lines


def _sentence(group: GroupRow) -> Mrkdwn:
    active = "" if group.active is None else f"{counted_share(group.active, group.people, 'person')} active"
    return render_words(
        "digest_group_line",
        label=label_of(group),
        people=active or counted(group.people, "person"),
        spent=counted_credits(group.totals.credits_micro),
        each=counted_credits(_each_micro(group)) if group.active else "",
    )
