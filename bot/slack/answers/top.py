"""A ranking as a message."""

from __future__ import annotations

from bot.core.answers import TeamRow, TopAnswer
from bot.core.formats import compact_text, count_text, usd_text
from bot.core.metrics import Metric
from bot.core.models import MICRO
from bot.core.money import computed_usd_micro
from bot.slack.answers.freshness import freshness_words, left_out_words, period_words, small_print
from bot.slack.answers.message import message, room_beside
from bot.slack.answers.money import price_text
from bot.slack.answers.people import marked_name
from bot.slack.answers.rows import credits_cell, note_blocks, token_cell
from bot.slack.answers.stats import NOT_AVAILABLE, are_tokens_known
from bot.slack.answers.unread import is_unread, render_unread
from bot.slack.blocks import Block, header, section
from bot.slack.columns import CREDITS, TOKENS, evened
from bot.slack.messages import Message
from bot.slack.tables import Cell, Row, data_table, number_cell, rows_that_fit, text_cell
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, length
from bot.slack.words import counted_credits

_UNITS = {
    Metric.CREDITS: "credits",
    Metric.THREADS: "threads",
    Metric.TURNS: "turns",
    Metric.TOKENS: TOKENS.lower(),
    Metric.STREAK: "days in a row",
}


def render_top(answer: TopAnswer) -> Message:
    """People in order, as many as fit; a ranking does not add up, so the rest is counted only."""
    title = f"Top by {answer.metric.value}"
    if is_unread(answer.period, answer.freshness):
        return render_unread(title, answer.period, answer.freshness)
    table = _table(answer)
    listed = len(table[0]["rows"]) - 1 if table else 0
    head = [
        render_words("top", title=title, period=period_words(answer.period), among=answer.among),
        *left_out_words(answer.freshness, answer.period, is_compared=False),
    ]
    among = render_words("top_among", listed=listed, among=answer.among)
    tail = Mrkdwn(f"{freshness_words(answer.freshness, answer.period)}.")
    nobody = render_words("nobody")
    return message(
        [*head, *(_sentences(answer, room_beside([*head, tail])) or [nobody]), tail],
        [
            header(title),
            small_print(answer.period, answer.freshness, more=[among]),
            *(table or [section(nobody)]),
        ],
    )


def _table(answer: TopAnswer) -> list[Block]:
    cells = [_cells(rank, row, answer) for rank, row in zip(_ranks(answer), answer.rows, strict=True)]
    shown = cells[: rows_that_fit(cells)]
    if not shown:
        return []
    columns = _columns(answer)
    caption = "Longest first" if answer.metric is Metric.STREAK else f"Most {_UNITS[answer.metric]} first"
    return [data_table(caption, columns, evened(columns, shown)), *note_blocks(shown, [])]


def _columns(answer: TopAnswer) -> list[str]:
    by_credits = answer.metric is Metric.CREDITS
    ranked = [] if by_credits else [_UNITS[answer.metric].capitalize()]
    price = answer.credit_price_usd
    money = [] if price is None else [f"USD at {price_text(price)} a credit"]
    return ["Rank", "Person", *ranked, CREDITS, *money]


def _cells(rank: int, row: TeamRow, answer: TopAnswer) -> Row:
    ranked = [] if answer.metric is Metric.CREDITS else [_ranked_cell(row, answer.metric)]
    cells = [
        number_cell(rank, str(rank)),
        text_cell(marked_name(row.person)),
        *ranked,
        credits_cell(row.totals.credits_micro),
    ]
    if answer.credit_price_usd is not None:
        micro = computed_usd_micro(row.totals.credits_micro, answer.credit_price_usd)
        cells.append(number_cell(round(micro / MICRO, 2), usd_text(micro)))
    return cells


def _ranked_cell(row: TeamRow, metric: Metric) -> Cell:
    if metric is Metric.TOKENS:
        return token_cell(row.totals)
    return number_cell(row.value, count_text(row.value))


def _sentences(answer: TopAnswer, room: int) -> list[Mrkdwn]:
    lines: list[Mrkdwn] = []
    used = 0
    for rank, row in zip(_ranks(answer), answer.rows, strict=True):
        name, value = marked_name(row.person), _value_text(row, answer.metric)
        line = render_words("top_line", rank=rank, name=name, value=value)
        used += length(line) + 1
        if used > room:
            break
        lines.append(line)
    return lines


def _value_text(row: TeamRow, metric: Metric) -> str:
    match metric:
        case Metric.CREDITS:
            return counted_credits(row.totals.credits_micro)
        case Metric.TOKENS if not are_tokens_known(row.totals):
            return f"tokens {NOT_AVAILABLE}"
        case Metric.TOKENS:
            return f"{compact_text(row.totals.total_tokens)} tokens"
        case _:
            return f"{count_text(row.value)} {_UNITS[metric]}"


def _ranks(answer: TopAnswer) -> list[int]:
    """Whoever has as much as the one before shares the rank."""
    ranks: list[int] = []
    for place, row in enumerate(answer.rows):
        is_tie = place > 0 and row.value == answer.rows[place - 1].value
        ranks.append(ranks[-1] if is_tie else place + 1)
    return ranks
