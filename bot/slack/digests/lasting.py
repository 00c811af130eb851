"""Lasting changes of somebody's usage in a digest: a line each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.digests.contents import LastingChange
from bot.core.formats import TIMES, credits_text, day_text
from bot.core.models import MICRO
from bot.slack.answers.people import name_of
from bot.slack.digests.movers import through_words
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.words import counted, counted_credits


def lasting_lines(changes: Sequence[LastingChange], more: int) -> list[Mrkdwn]:
    """Whose, since when, how much on an active day and before; then how many others there are."""
    rest = [render_words("digest_lasting_more", people=counted(more, "more person"))] if more else []
    return [*(_line(one, name_of(one.person)) for one in changes), *rest]


def own_lasting_lines(change: LastingChange | None) -> list[Mrkdwn]:
    """The same of the reader."""
    return [_line(change, "you")] if change else []


def _line(change: LastingChange, who: str) -> Mrkdwn:
    usual = change.usual_micro
    return render_words(
        "digest_lasting",
        who=who,
        since=day_text(change.since),
        present=counted_credits(_round(change.present_micro)),
        usual=credits_text(_round(usual)),
        times=f"{TIMES}{change.present_micro / usual:,.1f}" if usual >= MICRO else "",
        through=through_words(change.driver),
    )


def _round(micro: int) -> int:
    """Whole credits: an average of five days is no exact figure."""
    return round(micro / MICRO) * MICRO
