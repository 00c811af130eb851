"""What the digests about more than one person have in common: adoption, code reviews, and their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.digests.contents import Headcount, Mover, Week
from bot.core.formats import count_text
from bot.core.models import Reviews
from bot.slack.answers.adoption import Adoption, adoption_stats
from bot.slack.answers.message import message, room_beside
from bot.slack.answers.stats import Stat
from bot.slack.blocks import Block, section
from bot.slack.digests.movers import mover_blocks, mover_sentences
from bot.slack.digests.week import chart_blocks, field_blocks, head_block, incomplete_words, usage_fields
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, escape
from bot.slack.words import counted, counted_credits, counted_share, with_change


@dataclass(frozen=True, slots=True)
class TeamWords:
    """The parts of the message that differ; ``lines`` gives the rows as sentences, within so many characters."""

    title: str
    adoption: Adoption
    movers: Sequence[Mover]
    notes: Sequence[Mrkdwn]
    table: Sequence[Block]
    lines: Callable[[int], list[Mrkdwn]]
    foot: Sequence[Block]


def team_message(week: Week, words: TeamWords) -> Message:
    """Title, figures, days, rows, what moved, notes, and the buttons."""
    head = [
        Mrkdwn(f"{escape(words.title)}."),
        *incomplete_words(week),
        *_people_words(week, words.adoption),
        *mover_sentences(words.movers),
        *words.notes,
        *_review_words(week.reviews),
    ]
    return message(
        [*head, *words.lines(room_beside(head))],
        [
            head_block(words.title, week),
            *field_blocks(_fields(week, words.adoption)),
            *chart_blocks(week),
            *words.table,
            *mover_blocks(words.movers),
            *([section(Mrkdwn("\n".join(words.notes)))] if words.notes else []),
            *words.foot,
        ],
    )


def adoption_of(headcount: Headcount, credits_micro: int) -> Adoption:
    """How many were active, and what each of them used on average."""
    return Adoption(headcount.people, headcount.active, headcount.before, credits_micro)


def quiet_words(week: Week, headcount: Headcount) -> Mrkdwn:
    """A week in which next to nothing was used."""
    return render_words(
        "digest_team_quiet",
        active=counted_share(headcount.active, headcount.people, "person") if headcount.active else "",
        spent=counted_credits(week.totals.credits_micro),
    )


def _fields(week: Week, adoption: Adoption) -> list[Stat]:
    """Five figures, or six where the workspace has code reviews."""
    usage, (active, each) = usage_fields(week), adoption_stats(adoption)
    return [active, usage["Credits"], each, usage["Threads"], usage["Turns"], *_review_fields(week.reviews)]


def _people_words(week: Week, adoption: Adoption) -> list[Mrkdwn]:
    """The same in sentences."""
    usage, totals = usage_fields(week), week.totals
    before = "" if adoption.before is None else f"{count_text(adoption.before)} the week before"
    words = render_words(
        "digest_team",
        active=counted_share(adoption.active, adoption.people, "person"),
        before=before,
        spent=with_change(counted_credits(totals.credits_micro), usage["Credits"].change),
        threads=with_change(counted(totals.threads, "thread"), usage["Threads"].change),
        turns=with_change(counted(totals.turns, "turn"), usage["Turns"].change),
        each=counted_credits(adoption.each_micro) if adoption.active else "",
    )
    return [Mrkdwn(line) for line in words.splitlines()]


def _review_fields(reviews: Reviews | None) -> list[Stat]:
    """The whole workspace's code reviews: the API tells them of nobody in particular."""
    if reviews is None:
        return []
    answered = counted_share(reviews.engaged, reviews.merged_comments, "comment")
    details = (f"{answered} answered",) if reviews.merged_comments else ()
    return [Stat("Code reviews, whole workspace", count_text(reviews.pull_request_reviews), details=details)]


def _review_words(reviews: Reviews | None) -> list[Mrkdwn]:
    """The same as a sentence."""
    return [render_words("digest_reviews", reviews=reviews)] if reviews else []
