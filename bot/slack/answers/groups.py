"""The teams of an organisation as a sortable table and as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.core.answers import GroupSlice
from bot.core.formats import NOTHING, count_text
from bot.core.models import Totals
from bot.slack.answers.rows import credits_cell, note_blocks, usage_cells, usage_header
from bot.slack.blocks import Block
from bot.slack.columns import CREDITS, evened
from bot.slack.tables import Row, data_table, number_cell, rows_that_fit, text_cell, unknown_cell
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, length, plain
from bot.slack.words import counted

NO_TEAM = "No team"
_ROOM_FOR_REST = 80


@dataclass(frozen=True, slots=True)
class _Rest:
    groups: int
    people: int
    active: int | None
    totals: Totals


def group_blocks(caption: str, groups: Sequence[GroupSlice], price_usd: Decimal | None) -> list[Block]:
    """The table, the last row summing up the teams for which there was no room; none without groups."""
    rows = [_cells(_label(g), g.people, g.active, g.totals, price_usd) for g in groups]
    count = rows_that_fit(rows)
    table, rest = rows[:count], _rest(groups[count:])
    if rest:
        label = counted(rest.groups, "more team")
        table.append(_cells(label, rest.people, rest.active, rest.totals, price_usd))
    if not table:
        return []
    header = ["Team", "People", "Active", CREDITS, *usage_header(price_usd)]
    notes = [render_words("rest", rows=counted(rest.groups, "more team"))] if rest else []
    return [data_table(caption, header, evened(header, table)), *note_blocks(table, notes)]


def group_sentences(groups: Sequence[GroupSlice], room: int) -> list[Mrkdwn]:
    """A line a team, as many as ``room`` characters hold, and one for all others."""
    lines: list[Mrkdwn] = []
    used = _ROOM_FOR_REST
    for group in groups:
        line = render_words("group_line", label=_label(group), group=group)
        used += length(line) + 1
        if used > room:
            break
        lines.append(line)
    rest = _rest(groups[len(lines) :])
    if not rest:
        return lines
    return [*lines, render_words("group_line", label=counted(rest.groups, "more team"), group=rest)]


def _cells(label: str, people: int, active: int | None, totals: Totals, price_usd: Decimal | None) -> Row:
    return [
        text_cell(label),
        number_cell(people, count_text(people)),
        unknown_cell(NOTHING) if active is None else number_cell(active, count_text(active)),
        credits_cell(totals.credits_micro),
        *usage_cells(totals, price_usd),
    ]


def _label(group: GroupSlice) -> str:
    return NO_TEAM if group.label is None else plain(group.label)


def _rest(groups: Sequence[GroupSlice]) -> _Rest | None:
    if not groups:
        return None
    return _Rest(
        len(groups),
        sum(group.people for group in groups),
        _sum([group.active for group in groups]),
        sum((group.totals for group in groups), Totals()),
    )


def _sum(counts: Sequence[int | None]) -> int | None:
    """None as soon as one of them was not counted."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
