"""Lists of people, as a sortable table and as sentences; who is left out is summed up, so that it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.core.answers import Remainder, TeamRow
from bot.core.formats import NOTHING, compact_text, count_text, credits_text, usd_text
from bot.core.models import MICRO, Totals
from bot.core.money import computed_usd_micro
from bot.slack.answers.money import price_text
from bot.slack.answers.people import marked_name
from bot.slack.answers.stats import NO_EARLIER_DATA, NOT_AVAILABLE, are_tokens_known, change_text
from bot.slack.blocks import Block, context
from bot.slack.columns import CREDITS, TOKENS, evened
from bot.slack.tables import Cell, Row, data_table, number_cell, rows_that_fit, text_cell, unknown_cell
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, length
from bot.slack.words import counted

MOST_SENTENCES = 25
AT_LEAST = "\u2265"
_ROOM_FOR_REST = 80


def people_blocks(
    caption: str, rows: Sequence[TeamRow], remainder: Remainder | None, price_usd: Decimal | None
) -> list[Block]:
    """The table, and small print where its last row sums up several people; none for an empty list."""
    is_compared = any(row.before is not None for row in rows)
    cells = [_person_cells(row, price_usd, is_compared=is_compared) for row in rows]
    shown, rest = fold_rows(rows, remainder, rows_that_fit(cells, more_follow=remainder is not None))
    table = cells[: len(shown)]
    if rest:
        table.append(_rest_cells(rest, price_usd, is_compared=is_compared))
    if not table:
        return []
    header = _header(price_usd, is_compared=is_compared)
    notes = [render_words("rest", rows=counted(rest.people, "more person"))] if rest else []
    return [data_table(caption, header, evened(header, table)), *note_blocks(table, notes)]


def people_sentences(rows: Sequence[TeamRow], remainder: Remainder | None, room: int) -> list[Mrkdwn]:
    """A line a person, of at most 25 and as many as ``room`` characters hold, and one for everybody else."""
    lines: list[Mrkdwn] = []
    used = _ROOM_FOR_REST
    for row in rows[:MOST_SENTENCES]:
        line = _sentence(row)
        used += length(line) + 1
        if used > room:
            break
        lines.append(line)
    _, rest = fold_rows(rows, remainder, len(lines))
    return [*lines, render_words("rest_line", rest=rest)] if rest else lines


def fold_rows(
    rows: Sequence[TeamRow], remainder: Remainder | None, count: int
) -> tuple[Sequence[TeamRow], Remainder | None]:
    """The first ``count`` rows, and everybody else added to the remainder."""
    folded = rows[count:]
    known = remainder or Remainder(0, Totals())
    people = known.people + len(folded)
    totals = sum((row.totals for row in folded), known.totals)
    return rows[:count], Remainder(people, totals) if people else None


def note_blocks(rows: Sequence[Row], notes: Sequence[Mrkdwn]) -> list[Block]:
    """Small print below a table: ``notes``, and what the sign for "at least" means where it stands."""
    has_parts = any(cell["text"].startswith(AT_LEAST) for cells in rows for cell in cells)
    lines = [*notes, *([render_words("at_least", sign=AT_LEAST)] if has_parts else [])]
    return [context(lines)] if lines else []


def usage_cells(totals: Totals, price_usd: Decimal | None) -> Row:
    """Threads, turns and tokens, and what the credits cost where there is a price."""
    cells = [
        number_cell(totals.threads, count_text(totals.threads)),
        number_cell(totals.turns, count_text(totals.turns)),
        token_cell(totals),
    ]
    if price_usd is not None:
        micro = computed_usd_micro(totals.credits_micro, price_usd)
        cells.append(number_cell(round(micro / MICRO, 2), usd_text(micro)))
    return cells


def usage_header(price_usd: Decimal | None) -> list[str]:
    """The columns of `usage_cells`."""
    names = ["Threads", "Turns", TOKENS]
    return names if price_usd is None else [*names, f"USD at {price_text(price_usd)} a credit"]


def credits_cell(micro: int) -> Cell:
    """Credits, sorted by what they are and not by how they are written."""
    return number_cell(round(micro / MICRO, 6), credits_text(micro))


def token_cell(totals: Totals) -> Cell:
    """All tokens; at least so many where they are known for a part of the days only."""
    if not are_tokens_known(totals):
        return unknown_cell(NOT_AVAILABLE)
    sign = AT_LEAST if totals.token_rows < totals.rows else ""
    return number_cell(totals.total_tokens, sign + compact_text(totals.total_tokens))


def change_cell(totals: Totals, earlier: Totals | None) -> Cell:
    """The change of the credits, in percent."""
    if earlier is None:
        return unknown_cell(NO_EARLIER_DATA)
    now, before = totals.credits_micro, earlier.credits_micro
    text = change_text(now, before)
    if before == 0:
        return number_cell(0, text) if now == 0 else unknown_cell(text)
    return number_cell(round(100 * (now - before) / before, 1), text)


def _sentence(row: TeamRow) -> Mrkdwn:
    now, before = row.totals.credits_micro, row.before.credits_micro if row.before else None
    change = change_text(now, before) if now or before else ""
    return render_words("person_line", name=marked_name(row.person), totals=row.totals, change=change)


def _header(price_usd: Decimal | None, *, is_compared: bool) -> list[str]:
    return ["Person", CREDITS, *(["Change"] if is_compared else []), *usage_header(price_usd)]


def _person_cells(row: TeamRow, price_usd: Decimal | None, *, is_compared: bool) -> Row:
    return [
        text_cell(marked_name(row.person)),
        credits_cell(row.totals.credits_micro),
        *([change_cell(row.totals, row.before)] if is_compared else []),
        *usage_cells(row.totals, price_usd),
    ]


def _rest_cells(rest: Remainder, price_usd: Decimal | None, *, is_compared: bool) -> Row:
    return [
        text_cell(counted(rest.people, "more person")),
        credits_cell(rest.totals.credits_micro),
        *([unknown_cell(NOTHING)] if is_compared else []),
        *usage_cells(rest.totals, price_usd),
    ]
