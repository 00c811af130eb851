"""One's own week as a message, read in ten seconds."""

from __future__ import annotations

from bot.core.digests.contents import PersonalDigest
from bot.core.formats import count_text, share_text
from bot.slack.answers.message import message
from bot.slack.answers.stats import Stat, are_tokens_known
from bot.slack.blocks import section
from bot.slack.digests.buttons import digest_buttons
from bot.slack.digests.lasting import own_lasting_lines
from bot.slack.digests.week import (
    chart_blocks,
    correction_words,
    field_blocks,
    foot_block,
    head_block,
    incomplete_words,
    is_short,
    short_message,
    split_words,
    title_of,
    usage_fields,
)
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, escape
from bot.slack.words import counted, counted_credits, counted_share, with_change


def render_personal(digest: PersonalDigest) -> Message:
    """Title, figures, surfaces, days, and the buttons."""
    week, title = digest.week, title_of("Your", digest.week.period)
    buttons = digest_buttons("me", week.period)
    if is_short(week, is_quiet=digest.is_quiet):
        return short_message(title, week, _quiet_words(digest), buttons)
    notes = [
        *own_lasting_lines(digest.lasting),
        *split_words(week),
        *correction_words(week.corrections),
    ]
    return message(
        [Mrkdwn(f"{escape(title)}."), *incomplete_words(week), _words(digest), *notes],
        [
            head_block(title, week),
            *field_blocks(_fields(digest)),
            *([section(Mrkdwn("\n".join(notes)))] if notes else []),
            *chart_blocks(week),
            buttons,
            foot_block(week),
        ],
    )


def _fields(digest: PersonalDigest) -> list[Stat]:
    days = Stat("Active days", share_text(digest.active_days, digest.week.period.length))
    return [*usage_fields(digest.week).values(), days, Stat("Weekdays in a row", count_text(digest.streak))]


def _words(digest: PersonalDigest) -> Mrkdwn:
    week, usage = digest.week, usage_fields(digest.week)
    totals = week.totals
    tokens = with_change(counted(totals.total_tokens, "token"), usage["Tokens"].change)
    return render_words(
        "digest_own",
        spent=with_change(counted_credits(totals.credits_micro), usage["Credits"].change),
        threads=with_change(counted(totals.threads, "thread"), usage["Threads"].change),
        turns=with_change(counted(totals.turns, "turn"), usage["Turns"].change),
        tokens=tokens if totals.total_tokens and are_tokens_known(totals) else "",
        active=counted_share(digest.active_days, week.period.length, "day"),
        streak=digest.streak,
    )


def _quiet_words(digest: PersonalDigest) -> Mrkdwn:
    spent = counted_credits(digest.week.totals.credits_micro)
    return render_words("digest_own_quiet", active=digest.active_days, spent=spent)
