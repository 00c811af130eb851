"""How many people use Codex, and how much each of those uses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.formats import count_text, credits_text, share_text
from bot.slack.answers.stats import Stat
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.words import counted_credits, counted_share


@dataclass(frozen=True, slots=True)
class Adoption:
    """``active`` of the ``people`` used ``credits_micro``; ``before`` were active, or None: not known."""

    people: int
    active: int
    before: int | None
    credits_micro: int

    @property
    def each_micro(self) -> int:
        """What an active person used on average, to the nearest millionth; there has to be one."""
        return (2 * self.credits_micro + self.active) // (2 * self.active)


def adoption_stats(adoption: Adoption) -> list[Stat]:
    """``Active people 14 of 17 (82 %)`` with the number before, and the credits for each of them."""
    before = () if adoption.before is None else (f"{count_text(adoption.before)} before",)
    each = credits_text(adoption.each_micro) if adoption.active else "nobody active"
    return [
        Stat("Active people", share_text(adoption.active, adoption.people), details=before),
        Stat("Credits per active person", each),
    ]


def adoption_words(adoption: Adoption) -> Mrkdwn:
    """The same as sentences."""
    return render_words(
        "adoption",
        active=counted_share(adoption.active, adoption.people, "person"),
        count=adoption.active,
        before="" if adoption.before is None else f"{count_text(adoption.before)} before",
        each=counted_credits(adoption.each_micro) if adoption.active else "",
    )
