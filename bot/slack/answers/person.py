"""One person's usage as a message."""

from __future__ import annotations

from bot.core.answers import PersonAnswer
from bot.core.formats import share_text
from bot.slack.answers.figures import (
    DAYS,
    detail_blocks,
    detail_sentences,
    figure_blocks,
    figure_sentences,
    head_blocks,
)
from bot.slack.answers.message import message
from bot.slack.answers.people import marked_name, name_of
from bot.slack.answers.slices import SURFACE, SliceWords, slice_words
from bot.slack.answers.stats import Stat
from bot.slack.answers.unread import is_unread, render_unread
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.words import counted, counted_share


def render_person(answer: PersonAnswer) -> Message:
    """Heading, figures, the days and the splits."""
    figures = answer.figures
    title = "Your Codex usage" if answer.is_viewer else f"Codex usage of {marked_name(answer.person)}"
    if is_unread(figures.period, figures.freshness):
        return render_unread(title, figures.period, figures.freshness)
    subject = "You" if answer.is_viewer else name_of(answer.person)
    head = figure_sentences(title, subject, figures, [_own_words(subject, answer)], DAYS)
    return message(
        [*head, *detail_sentences(figures)],
        [
            *head_blocks(title, figures),
            *figure_blocks(figures, _own_stats(answer), DAYS),
            *detail_blocks(figures),
        ],
    )


def _own_stats(answer: PersonAnswer) -> list[Stat]:
    top = _top_surface(answer)
    return [
        Stat("Active days", share_text(answer.active_days, answer.figures.period.length)),
        Stat("Current streak", counted(answer.streak, "day")),
        *([Stat("Top surface", f"{top.label}, {top.share}")] if top else []),
    ]


def _own_words(subject: str, answer: PersonAnswer) -> Mrkdwn:
    top = _top_surface(answer)
    return render_words(
        "active_days",
        subject=subject,
        active=counted_share(answer.active_days, answer.figures.period.length, "day"),
        streak=answer.streak,
        surface=top.label if top else "",
        share=top.share if top else "",
    )


def _top_surface(answer: PersonAnswer) -> SliceWords | None:
    """Surfaces come with the most used one first."""
    return next(iter(slice_words(SURFACE, answer.figures.surfaces, answer.figures.totals)), None)
