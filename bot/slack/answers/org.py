"""The whole organisation as a message."""

from __future__ import annotations

from bot.core.answers import OrgAnswer
from bot.core.models import Totals
from bot.slack.answers.adoption import Adoption, adoption_stats, adoption_words
from bot.slack.answers.figures import (
    PERSON_DAYS,
    detail_blocks,
    detail_sentences,
    figure_blocks,
    figure_sentences,
    head_blocks,
)
from bot.slack.answers.groups import group_blocks, group_sentences
from bot.slack.answers.message import message, room_beside
from bot.slack.answers.unread import is_unread, render_unread
from bot.slack.blocks import Block, section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

TITLE = "Codex usage of the organisation"
CAPTION = "Each team, most credits first"


def render_org(answer: OrgAnswer) -> Message:
    """Adoption, figures, teams, what belongs to nobody, and the details."""
    figures = answer.figures
    if is_unread(figures.period, figures.freshness):
        return render_unread(TITLE, figures.period, figures.freshness)
    adoption = Adoption(answer.people, answer.active, answer.active_before, _attributed_micro(answer))
    head = figure_sentences(TITLE, "The organisation", figures, [adoption_words(adoption)], PERSON_DAYS)
    rest = [*_loose_ends(answer), *detail_sentences(figures)]
    return message(
        [*head, *group_sentences(answer.groups, room_beside([*head, *rest])), *rest],
        [
            *head_blocks(TITLE, figures),
            *figure_blocks(figures, adoption_stats(adoption), PERSON_DAYS),
            *group_blocks(CAPTION, answer.groups, figures.credit_price_usd),
            *_loose_end_blocks(answer),
            *detail_blocks(figures),
        ],
    )


def _attributed_micro(answer: OrgAnswer) -> int:
    """Usage that belongs to no employee is no part of what each active person uses."""
    groups = sum((group.totals for group in answer.groups), Totals())
    return groups.credits_micro if answer.groups else answer.figures.totals.credits_micro


def _loose_end_blocks(answer: OrgAnswer) -> list[Block]:
    lines = _loose_ends(answer)
    return [section(Mrkdwn("\n".join(lines)))] if lines else []


def _loose_ends(answer: OrgAnswer) -> list[Mrkdwn]:
    words = render_words(
        "loose_ends",
        folded=answer.folded_groups,
        unattributed=answer.unattributed,
        has_gap=answer.workspace_gap is not None and any(answer.workspace_gap.as_tuple()),
        gap=answer.workspace_gap or Totals(),
    )
    return [words] if words else []
