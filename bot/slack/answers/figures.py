"""What every report about usage has in common: its head, its figures, and its details."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.answers import Figures
from bot.slack.answers.days import chart_blocks, series_words, usage_series
from bot.slack.answers.freshness import freshness_words, left_out_words, period_words, small_print
from bot.slack.answers.money import money_lines
from bot.slack.answers.slices import MODEL, SURFACE, slice_blocks, slice_sentences
from bot.slack.answers.stats import Stat, field_of, token_note, usage_stats, usage_words
from bot.slack.blocks import Block, context, fields, header, section
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, escape

DAYS, PERSON_DAYS = "days", "person-days"


def head_blocks(title: str, figures: Figures) -> list[Block]:
    """The heading and the small print below it."""
    is_compared = figures.before is not None
    return [header(title), small_print(figures.period, figures.freshness, is_compared=is_compared)]


def figure_blocks(figures: Figures, extra: Sequence[Stat], unit: str) -> list[Block]:
    """The figures side by side, and money. ``unit`` is what the totals' rows count."""
    stats = [*usage_stats(figures.totals, figures.before), *extra]
    note = token_note(figures.totals, unit)
    return [
        *fields([field_of(stat) for stat in stats]),
        *([context([escape(note)])] if note else []),
        *_list_block("Money", money_lines(figures.totals, figures.credit_price_usd, unit)),
    ]


def detail_blocks(figures: Figures) -> list[Block]:
    """The days as a chart, the splits, and what became of it in code."""
    return [
        *chart_blocks(usage_series(figures.days, figures.freshness)),
        *slice_blocks(SURFACE, figures.surfaces, figures.totals),
        *slice_blocks(MODEL, figures.models, figures.totals),
        *_list_block("Attributed to Codex", code_lines(figures)),
    ]


def figure_sentences(
    title: str, subject: str, figures: Figures, extra: Sequence[Mrkdwn], unit: str
) -> list[Mrkdwn]:
    """Head and figures for a screen reader; ``subject`` is who used it all, as a sentence begins."""
    is_compared = figures.before is not None
    note = token_note(figures.totals, unit)
    money = money_lines(figures.totals, figures.credit_price_usd, unit)
    return [
        Mrkdwn(f"{escape(title)}: {period_words(figures.period, is_compared=is_compared)}."),
        *left_out_words(figures.freshness, figures.period, is_compared=is_compared),
        usage_words(subject, figures.totals, figures.before),
        *extra,
        *([escape(f"{note}.")] if note else []),
        Mrkdwn(f"{freshness_words(figures.freshness, figures.period)}."),
        *([escape(f"Money: {'; '.join(money)}.")] if money else []),
    ]


def detail_sentences(figures: Figures) -> list[Mrkdwn]:
    """The details for a screen reader."""
    code = code_lines(figures)
    return [
        *slice_sentences(SURFACE, figures.surfaces, figures.totals),
        *slice_sentences(MODEL, figures.models, figures.totals),
        *([Mrkdwn(f"Attributed to Codex: {'; '.join(code)}.")] if code else []),
        *series_words(usage_series(figures.days, figures.freshness)),
    ]


def code_lines(figures: Figures) -> list[Mrkdwn]:
    """What the API attributes to Codex; nothing where it attributed nothing."""
    words = render_words("code", code=figures.code) if figures.code.rows else ""
    return [Mrkdwn(line) for line in words.splitlines()]


def _list_block(title: str, lines: Sequence[str]) -> list[Block]:
    return [section(render_words("list", title=title, lines=lines))] if lines else []
