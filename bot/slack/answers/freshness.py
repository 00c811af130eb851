"""What every answer says about its days: which they are, and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from bot.core.formats import day_text, instant_text, period_text
from bot.core.models import Freshness
from bot.core.periods import Period, describe
from bot.slack.blocks import Block, context
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.words import counted

ENDING_TODAY = frozenset({"today", "week", "month"})
_MOST_SPANS = 4
_DAY = timedelta(days=1)


def small_print(
    period: Period, freshness: Freshness, *, is_compared: bool | None = None, more: Sequence[Mrkdwn] = ()
) -> Block:
    """The lines below a heading: first of all what is missing."""
    left_out = left_out_words(freshness, period, is_compared=bool(is_compared))
    return context(
        [
            *(Mrkdwn(f"*{line}*") for line in left_out),
            capitalised(period_words(period, is_compared=is_compared)),
            freshness_words(freshness, period),
            *more,
        ]
    )


def capitalised(words: Mrkdwn) -> Mrkdwn:
    """As a line of its own begins."""
    return Mrkdwn(words[:1].upper() + words[1:])


def period_words(period: Period, *, is_compared: bool | None = None) -> Mrkdwn:
    """The period, and what it is compared with or that there is nothing; None for what is never compared."""
    comparison = {None: "", True: "before", False: "none"}[is_compared]
    return render_words("period", period=period_text(period), days=period.length, comparison=comparison)


def freshness_words(freshness: Freshness, period: Period | None = None) -> Mrkdwn:
    """How far the figures go, and which days of the period are partial or outdated.

    Days that were not read are named only without a period; with one, `left_out_words` does that.
    """
    today = _today_of(period)
    complete, read = freshness.complete_to, freshness.read_at
    return render_words(
        "freshness",
        complete_to=day_text(complete) if complete else "",
        read_at=instant_text(read) if read else "",
        today=("unread" if today & set(freshness.missing) else "read") if today else "",
        partial=days_text(set(freshness.partial) - today),
        missing="" if period else days_text(freshness.missing),
        refused=days_text(freshness.refused),
    )


def left_out_words(freshness: Freshness, period: Period, *, is_compared: bool) -> list[Mrkdwn]:
    """A sentence about days before today that were not read, so that nobody takes the figures for whole."""
    missing = set(freshness.missing) - _today_of(period)
    if not missing:
        return []
    return [render_words("left_out", days=days_text(missing), count=len(missing), is_compared=is_compared)]


def days_text(days: Iterable[date]) -> str:
    """Days in a row together, as in ``describe``; at most four spans and the number of days left out."""
    spans = list(_spans(sorted(days)))
    shown = [describe(span) for span in spans[:_MOST_SPANS]]
    hidden = sum(span.length for span in spans[_MOST_SPANS:])
    *first, last = [*shown, counted(hidden, "more day")] if hidden else shown or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _today_of(period: Period | None) -> set[date]:
    """Today, where the period is one that ends with it by its name."""
    return {period.until - _DAY} if period and period.label in ENDING_TODAY else set()


def _spans(days: Sequence[date]) -> Iterator[Period]:
    start = 0
    for at in range(1, len(days) + 1):
        if at == len(days) or days[at] - days[at - 1] > _DAY:
            yield Period(days[start], days[at - 1] + _DAY)
            start = at
