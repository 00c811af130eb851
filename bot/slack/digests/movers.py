"""Whose usage changed most, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.digests.contents import Driver, GroupRow, Mover, ReportRow
from bot.core.formats import credits_text
from bot.slack.answers.groups import NO_TEAM
from bot.slack.answers.people import name_of
from bot.slack.answers.stats import change_text
from bot.slack.blocks import Block, section
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, cut, plain
from bot.slack.words import counted_credits, with_change

_SHORT_NAME = 40
_PREPOSITIONS = {"surface": "through", "model": "with"}


@dataclass(frozen=True, slots=True)
class MoverWords:
    """One line about somebody whose usage changed."""

    who: str
    now: str
    change: str
    driver: str


def mover_blocks(movers: Sequence[Mover]) -> list[Block]:
    """The largest changes as a list; none where nothing matters."""
    words = [_words(mover) for mover in movers]
    return [section(render_words("digest_movers", movers=words))] if words else []


def mover_sentences(movers: Sequence[Mover]) -> list[Mrkdwn]:
    """The same as a sentence."""
    words = [_words(mover) for mover in movers]
    return [render_words("digest_movers_text", movers=words)] if words else []


def through_words(driver: Driver | None) -> str:
    """``mostly through CLI``; empty where no one thing stands out."""
    return f"mostly {_PREPOSITIONS[driver.kind]} {plain(driver.label)}" if driver else ""


def label_of(row: ReportRow | GroupRow) -> str:
    """A person, everyone below a person, or a team."""
    if isinstance(row, GroupRow):
        return NO_TEAM if row.label is None else plain(row.label)
    if row.team is None:
        return name_of(row.person)
    return f"{cut(name_of(row.person), _SHORT_NAME)}'s team"


def _words(mover: Mover) -> MoverWords:
    """Who, how much, from how much, and through what mostly."""
    now, before = mover.who.totals.credits_micro, mover.who.before.credits_micro if mover.who.before else 0
    direction = "up" if now > before else "down"
    rise = with_change(f"{direction} from {credits_text(before)}", change_text(now, before))
    change = rise if before else "none the week before"
    return MoverWords(label_of(mover.who), counted_credits(now), change, through_words(mover.driver))
