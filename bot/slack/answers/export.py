"""Exports as messages: that a file is being made, what it holds, and what became of it."""

from __future__ import annotations

from bot.core.answers import ExportAnswer, ExportFailed, ExportSent
from bot.core.formats import period_text
from bot.slack.answers.freshness import days_text, freshness_words
from bot.slack.answers.message import message
from bot.slack.blocks import section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.words import counted


def render_export(answer: ExportAnswer) -> Message:
    """At once, while the file is being made."""
    return _notice(render_words("export", period=_period(answer), rows=_rows(answer)))


def export_note(answer: ExportAnswer) -> Mrkdwn:
    """Beside the file: what is in it, how fresh it is, and what is missing."""
    return render_words(
        "export_note",
        period=_period(answer),
        rows=_rows(answer),
        freshness=freshness_words(answer.freshness, answer.command.period),
        missing=days_text(answer.freshness.missing),
        unattributed=answer.unattributed.credits_micro if answer.unattributed else 0,
    )


def render_export_sent(answer: ExportSent) -> Message:
    """Where it is."""
    return _notice(render_words("export_sent", name=answer.name))


def render_export_failed(answer: ExportFailed) -> Message:
    """Why it is nowhere, for those who can mend it."""
    return _notice(render_words("export_failed", reason=answer.reason))


def _period(answer: ExportAnswer) -> str:
    return period_text(answer.command.period)


def _rows(answer: ExportAnswer) -> str:
    return "one row a team" if answer.people is None else counted(answer.people, "person")


def _notice(words: Mrkdwn) -> Message:
    return message([words], [section(words)])
