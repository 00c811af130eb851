"""Code reviews of the workspace as a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.answers import ReviewsAnswer
from bot.core.formats import count_text, share_text
from bot.core.models import Reviews
from bot.slack.answers.days import chart_blocks, series, series_words
from bot.slack.answers.freshness import freshness_words, left_out_words, period_words, small_print
from bot.slack.answers.message import message
from bot.slack.answers.stats import Stat, change_text, field_of
from bot.slack.answers.unread import is_unread, render_unread
from bot.slack.blocks import fields, header, section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.words import counted, with_change

TITLE = "Code reviews by Codex"
_COUNTS: tuple[tuple[str, str, Callable[[Reviews], int]], ...] = (
    ("Pull requests reviewed", "pull request", lambda reviews: reviews.pull_request_reviews),
    ("Comments", "comment", lambda reviews: reviews.comments),
    ("P0 findings", "P0 finding", lambda reviews: reviews.p0),
    ("P1 findings", "P1 finding", lambda reviews: reviews.p1),
    ("P2 findings", "P2 finding", lambda reviews: reviews.p2),
)
_ANSWERS: tuple[tuple[str, Callable[[Reviews], int]], ...] = (
    ("Engaged with", lambda reviews: reviews.engaged),
    ("Replied to", lambda reviews: reviews.replied),
    ("Reacted to", lambda reviews: reviews.reacted),
    ("Voted up", lambda reviews: reviews.upvoted),
    ("Voted down", lambda reviews: reviews.downvoted),
)


@dataclass(frozen=True, slots=True)
class _Count:
    label: str
    noun: str
    now: int
    before: int | None

    @property
    def change(self) -> str:
        return change_text(self.now, self.before)

    @property
    def stat(self) -> Stat:
        return Stat(self.label, count_text(self.now), self.change)


def render_reviews(answer: ReviewsAnswer) -> Message:
    """Throughput, findings by priority, and how people answered on what was merged."""
    if is_unread(answer.period, answer.freshness) and answer.reviews == Reviews():
        return render_unread(TITLE, answer.period, answer.freshness)
    is_compared = answer.before is not None
    days = series("Reviews", answer.days, answer.freshness)
    merged = render_words("merged", reviews=answer.reviews)
    return message(
        [
            Mrkdwn(f"{TITLE}: {period_words(answer.period, is_compared=is_compared)}."),
            *left_out_words(answer.freshness, answer.period, is_compared=is_compared),
            _sentences(answer, merged),
            Mrkdwn(f"{freshness_words(answer.freshness, answer.period)}."),
            *series_words(days),
        ],
        [
            header(TITLE),
            small_print(answer.period, answer.freshness, is_compared=is_compared),
            *fields([field_of(each.stat) for each in _counts(answer)]),
            section(merged),
            *fields([field_of(Stat(label, share)) for label, _, share in _engagement(answer.reviews)]),
            *chart_blocks(days),
        ],
    )


def _sentences(answer: ReviewsAnswer, merged: Mrkdwn) -> Mrkdwn:
    reviewed, comments, *findings = (
        with_change(counted(each.now, each.noun), each.change) for each in _counts(answer)
    )
    return render_words(
        "reviewed",
        reviewed=reviewed,
        comments=comments,
        findings=findings,
        merged=merged,
        answers=_engagement(answer.reviews),
    )


def _counts(answer: ReviewsAnswer) -> list[_Count]:
    return [
        _Count(label, noun, of(answer.reviews), of(answer.before) if answer.before else None)
        for label, noun, of in _COUNTS
    ]


def _engagement(reviews: Reviews) -> list[tuple[str, int, str]]:
    """Shares of the comments on merged pull requests; nothing where there was no comment to answer."""
    if not reviews.merged_comments:
        return []
    return [(label, of(reviews), share_text(of(reviews), reviews.merged_comments)) for label, of in _ANSWERS]
