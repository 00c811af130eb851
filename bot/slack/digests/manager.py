"""A manager's week as a message: one phone screen, direct reports by name."""

from __future__ import annotations

from bot.core.answers import Remainder
from bot.core.digests.contents import ManagerDigest, NotStarted, ReportRow
from bot.core.formats import NOTHING, count_text
from bot.core.models import Totals
from bot.core.periods import DAY, Period, describe
from bot.slack.answers.adoption import Adoption
from bot.slack.answers.people import marked_name, name_of
from bot.slack.answers.rows import MOST_SENTENCES, change_cell, credits_cell
from bot.slack.answers.stats import change_text
from bot.slack.blocks import Block
from bot.slack.columns import CREDITS, evened
from bot.slack.digests.budgets import budget_lines
from bot.slack.digests.buttons import digest_buttons
from bot.slack.digests.lasting import lasting_lines
from bot.slack.digests.movers import label_of
from bot.slack.digests.plans import plan_lines
from bot.slack.digests.team import TeamWords, adoption_of, quiet_words, team_message
from bot.slack.digests.week import (
    correction_words,
    foot_block,
    is_short,
    names_text,
    short_message,
    title_of,
)
from bot.slack.messages import Message
from bot.slack.tables import Row, data_table, number_cell, rows_that_fit, text_cell, unknown_cell
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, length
from bot.slack.words import counted

CAPTION = "Your direct reports, most credits first"
_ROOM_FOR_REST = 80


def render_manager(digest: ManagerDigest) -> Message:
    """Direct reports by name, and everyone below each in one sum."""
    week, title = digest.week, title_of("Your team's", digest.week.period)
    buttons = digest_buttons("team", week.period)
    if is_short(week, is_quiet=digest.is_quiet):
        return short_message(title, week, quiet_words(week, digest.headcount), buttons)
    words = TeamWords(
        title=title,
        adoption=_adoption(digest),
        movers=digest.movers,
        notes=_notes(digest),
        table=_table(digest),
        lines=lambda room: _sentences(digest, room),
        foot=[buttons, foot_block(week, render_words("digest_kind"))],
    )
    return team_message(week, words)


def _adoption(digest: ManagerDigest) -> Adoption:
    """What leavers used is in the total; it is no part of what each active person uses."""
    alone = (row for row in digest.rows if row.team is None and row.person.archived)
    leavers_micro = sum(row.totals.credits_micro for row in alone)
    return adoption_of(digest.headcount, digest.week.totals.credits_micro - leavers_micro)


def _notes(digest: ManagerDigest) -> list[Mrkdwn]:
    steady = [name_of(person) for person in digest.steady]
    return [
        *lasting_lines(digest.lasting, digest.more_lasting),
        *budget_lines(digest.budgets, digest.week),
        *correction_words(digest.week.corrections),
        *plan_lines(digest.plans),
        *(_not_started_words(digest.not_started) if digest.not_started else ()),
        *([render_words("digest_steady", names=names_text(steady, len(steady)))] if steady else ()),
    ]


def _not_started_words(idle: NotStarted) -> list[Mrkdwn]:
    named = [name_of(person) for person in idle.reports]
    words = render_words(
        "digest_not_started",
        people=idle.people,
        names=names_text(named, idle.people) if named else "",
        since=describe(Period(idle.since, idle.since + DAY)),
    )
    return [words]


def _table(digest: ManagerDigest) -> list[Block]:
    is_compared = digest.week.before is not None
    cells = [_cells(row, is_compared=is_compared) for row in digest.rows]
    count = rows_that_fit(cells, more_follow=digest.remainder is not None)
    table, rest = cells[:count], _rest(digest, count)
    if rest:
        table.append(_rest_cells(rest, is_compared=is_compared))
    if not table:
        return []
    header = ["Person", CREDITS, *(["Change"] if is_compared else []), "Active days"]
    return [data_table(CAPTION, header, evened(header, table))]


def _cells(row: ReportRow, *, is_compared: bool) -> Row:
    days = number_cell(row.active_days, count_text(row.active_days))
    return [
        text_cell(_marked(row)),
        credits_cell(row.totals.credits_micro),
        *([change_cell(row.totals, row.before)] if is_compared else []),
        days if row.team is None else unknown_cell(NOTHING),
    ]


def _rest_cells(rest: Remainder, *, is_compared: bool) -> Row:
    return [
        text_cell(counted(rest.people, "more person")),
        credits_cell(rest.totals.credits_micro),
        *([unknown_cell(NOTHING)] if is_compared else []),
        unknown_cell(NOTHING),
    ]


def _marked(row: ReportRow) -> str:
    if row.team is None:
        return marked_name(row.person)
    if not row.team.people:  # everybody has left
        return label_of(row)
    return f"{label_of(row)} ({count_text(row.team.active)} of {count_text(row.team.people)} active)"


def _rest(digest: ManagerDigest, count: int) -> Remainder | None:
    """The rows for which there was no room, with those that never were in the list; it adds up."""
    folded, known = digest.rows[count:], digest.remainder or Remainder(0, Totals())
    people = known.people + sum(row.people for row in folded)
    totals = sum((row.totals for row in folded), known.totals)
    return Remainder(people, totals) if folded or digest.remainder else None


def _sentences(digest: ManagerDigest, room: int) -> list[Mrkdwn]:
    """A line a row, as many as there is room for, and one for everybody else."""
    lines: list[Mrkdwn] = []
    used = _ROOM_FOR_REST
    for row in digest.rows[:MOST_SENTENCES]:
        line = _sentence(row)
        used += length(line) + 1
        if used > room:
            break
        lines.append(line)
    rest = _rest(digest, len(lines))
    return [*lines, render_words("rest_line", rest=rest)] if rest else lines


def _sentence(row: ReportRow) -> Mrkdwn:
    now, before = row.totals.credits_micro, row.before.credits_micro if row.before else None
    change = change_text(now, before) if now or before else ""
    return render_words("person_line", name=_marked(row), totals=row.totals, change=change)
