"""The state of the figures and of syncing as a message."""

from __future__ import annotations

from bot.core.answers import AdminStatus, StatusAnswer
from bot.slack.answers.freshness import days_text, freshness_words
from bot.slack.answers.message import message
from bot.slack.blocks import header, section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, plain

TITLE = "State of the figures"
_ERROR_LIMIT = 300


def render_status(answer: StatusAnswer) -> Message:
    """Freshness and runs for everybody; matching and the last error for admins."""
    words = render_words(
        "status",
        freshness=freshness_words(answer.freshness),
        last_run=answer.last_run or "",
        last_run_ok=answer.last_run_ok,
        next_run=answer.next_run or "",
    )
    parts = [words, *([_admin_words(answer.admin)] if answer.admin else [])]
    return message([Mrkdwn(f"{TITLE}."), *parts], [header(TITLE), *map(section, parts)])


def _admin_words(admin: AdminStatus) -> Mrkdwn:
    error = plain(admin.last_error, _ERROR_LIMIT) if admin.last_error else ""
    return render_words(
        "status_admin",
        admin=admin,
        refused=days_text(admin.refused_days),
        standstill=plain(admin.standstill, _ERROR_LIMIT) if admin.standstill else "",
        error=error,
    )
