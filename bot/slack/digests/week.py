"""What every digest shows of its week: title, what is missing, figures, days, corrections, freshness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.digests.contents import Correction, Week
from bot.core.formats import WEEKDAYS, day_text
from bot.core.models import MICRO, DayPoint, Totals
from bot.core.periods import Period, describe
from bot.slack.answers.freshness import days_text, freshness_words
from bot.slack.answers.message import message
from bot.slack.answers.slices import MODEL, SURFACE, slice_words
from bot.slack.answers.stats import Stat, change_text, field_of, usage_stats
from bot.slack.answers.unread import is_unread
from bot.slack.blocks import Block, context, fields, section
from bot.slack.charts import grouped_chart
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, escape
from bot.slack.words import counted, counted_credits

THIS_WEEK, WEEK_BEFORE = "This week", "Week before"
_NAMED = 3
_MARKS = "UTC days; part. = not complete"


def title_of(subject: str, period: Period) -> str:
    """``Your team's Codex week, 16-22 Nov 2026`` (en dash)."""
    return f"{subject} Codex week, {describe(period)}"


def short_message(
    title: str, week: Week, words: Mrkdwn, buttons: Block, more_words: Sequence[Mrkdwn] = ()
) -> Message:
    """The digest of a quiet week, or of one of which nothing was read: a line, what is not about it, the buttons."""
    said = render_words("digest_unread") if is_unread(week.period, week.freshness) else words
    begun, more = escape(f"{title}."), [*incomplete_words(week), *more_words]
    shown = Mrkdwn("\n".join([f"*{begun}* {said}", *more]))
    return message([Mrkdwn(f"{begun} {said}"), *more], [section(shown), buttons])


def is_short(week: Week, *, is_quiet: bool) -> bool:
    """True where a line says it all."""
    return is_quiet or is_unread(week.period, week.freshness)


def head_block(title: str, week: Week) -> Block:
    """The title, and first of all what is missing."""
    return section(Mrkdwn("\n".join([f"*{escape(title)}*", *incomplete_words(week)])))


def incomplete_words(week: Week) -> list[Mrkdwn]:
    """Which days are missing, may still grow, or are shown as they were; nothing where all is well."""
    fresh = week.freshness
    if is_unread(week.period, fresh):
        return []
    words = render_words(
        "digest_incomplete",
        missing=days_text(fresh.missing),
        missing_count=len(fresh.missing),
        partial=days_text(fresh.partial),
        partial_count=len(fresh.partial),
        refused=days_text(fresh.refused),
    )
    return [Mrkdwn(line) for line in words.splitlines()]


def usage_fields(week: Week) -> dict[str, Stat]:
    """Credits, threads, turns and tokens, each in one line."""
    stats = usage_stats(week.totals, week.before)
    return {stat.label: Stat(stat.label, stat.value, stat.change) for stat in stats}


def field_blocks(stats: Sequence[Stat]) -> list[Block]:
    """The figures side by side."""
    return fields([field_of(stat) for stat in stats])


def chart_blocks(week: Week) -> list[Block]:
    """Credits by day beside those of the week before; turns where there were no credits; none for nothing."""
    points = (*week.days, *week.days_before)
    spent = any(point.totals.credits_micro for point in points)
    if not spent and not any(point.totals.turns for point in points):
        return []
    series = {THIS_WEEK: [_value(point.totals, spent=spent) for point in week.days]}
    if week.days_before:
        series[WEEK_BEFORE] = [_value(point.totals, spent=spent) for point in week.days_before]
    unit = "credits" if spent else "turns"
    growing = {*week.freshness.partial, *week.freshness.missing}
    note = _MARKS if growing else "UTC days"
    labels = [_label(point, week) for point in week.days]
    return [grouped_chart(f"{unit.capitalize()} by day", labels, series, unit, note)]


def correction_words(corrections: Sequence[Correction]) -> list[Mrkdwn]:
    """Which days differ from what last week's digest told."""
    days = [
        f"{day_text(one.day)} {change_text(one.now_micro, one.told_micro)}, now {counted_credits(one.now_micro)}"
        for one in corrections
    ]
    return [render_words("digest_corrections", days=days)] if days else []


def names_text(names: Sequence[str], total: int) -> str:
    """``Ann, Ben and 2 more people``: at most three names out of ``total`` people."""
    shown = list(names[:_NAMED])
    hidden = total - len(shown)
    *first, last = [*shown, counted(hidden, "more person")] if hidden else shown
    return f"{', '.join(first)} and {last}" if first else last


def split_words(week: Week) -> list[Mrkdwn]:
    """The surfaces and the models with their shares, a line each."""
    kinds = [(SURFACE, week.surfaces), (MODEL, week.models)]
    found = [(kind, slice_words(kind, slices, week.totals)) for kind, slices in kinds]
    words = render_words("digest_splits", splits=[(kind, slices) for kind, slices in found if slices])
    return [Mrkdwn(line) for line in words.splitlines()]


def foot_block(week: Week, *more: Mrkdwn) -> Block:
    """The small print: how far the figures go; what is wrong with the week's own days stands at its head."""
    freshness = replace(week.freshness, partial=(), missing=(), refused=())
    return context([freshness_words(freshness, week.period), *more])


def _value(totals: Totals, *, spent: bool) -> float:
    return totals.credits_micro / MICRO if spent else totals.turns


def _label(point: DayPoint, week: Week) -> str:
    name = WEEKDAYS[point.day.weekday()]
    if point.day in week.freshness.missing:
        return f"{name} no data"
    return f"{name} part." if point.day in week.freshness.partial else name
