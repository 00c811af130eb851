"""Everyone below a manager as a message."""

from __future__ import annotations

from bot.core.answers import TeamAnswer
from bot.slack.answers.adoption import Adoption, adoption_stats, adoption_words
from bot.slack.answers.figures import (
    PERSON_DAYS,
    detail_blocks,
    detail_sentences,
    figure_blocks,
    figure_sentences,
    head_blocks,
)
from bot.slack.answers.message import message, room_beside
from bot.slack.answers.people import name_of
from bot.slack.answers.rows import people_blocks, people_sentences
from bot.slack.answers.unread import is_unread, render_unread
from bot.slack.blocks import section
from bot.slack.messages import Message
from bot.slack.templates import render_words

CAPTION = "Each person, most credits first"


def render_team(answer: TeamAnswer) -> Message:
    """The team's figures, then each person, then the details."""
    figures = answer.figures
    whose = "Your team" if answer.is_viewer else f"{name_of(answer.lead)}'s team"
    title = f"{whose}'s Codex usage" if answer.is_viewer else f"Codex usage of {whose}"
    if is_unread(figures.period, figures.freshness):
        return render_unread(title, figures.period, figures.freshness)
    adoption = _adoption(answer)
    head = figure_sentences(title, whose, figures, [adoption_words(adoption)], PERSON_DAYS)
    details = detail_sentences(figures)
    nobody = render_words("nobody")
    people = people_sentences(answer.rows, answer.remainder, room_beside([*head, *details]))
    table = people_blocks(CAPTION, answer.rows, answer.remainder, figures.credit_price_usd)
    return message(
        [*head, *(people or [nobody]), *details],
        [
            *head_blocks(title, figures),
            *figure_blocks(figures, adoption_stats(adoption), PERSON_DAYS),
            *(table or [section(nobody)]),
            *detail_blocks(figures),
        ],
    )


def _adoption(answer: TeamAnswer) -> Adoption:
    """What leavers used is in the totals; it is no part of what each active person uses."""
    leavers_micro = sum(row.totals.credits_micro for row in answer.rows if row.person.archived)
    credits_micro = answer.figures.totals.credits_micro - leavers_micro
    return Adoption(answer.people, answer.active, answer.active_before, credits_micro)
