"""How text becomes a planned burst: ``[@person] 3d 5x reason``, in any order but for the reason, which is last."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.commands import Expect, Named, Plans
from bot.core.echo import echo
from bot.core.plans.bursts import LEAST_FACTOR, LONGEST_REASON, MOST_DAYS, MOST_FACTOR, USUAL_FACTOR
from bot.core.words import as_read, split_words
from bot.errors import UserError

PLAN_WORD = "expect"
PLAN_FORM = f"{PLAN_WORD} [@person] 3d 5x reason"

_BEGINNING = re.compile(rf"\s*{PLAN_WORD}(?=\s|$)", re.IGNORECASE)
_PART = re.compile(r"\s*(@?<[^<>]*>|\S+)")
_DAYS = re.compile(r"([0-9]{1,4})d", re.IGNORECASE)
_FACTOR = re.compile(r"([0-9]{1,4})[x×]", re.IGNORECASE)


@dataclass(slots=True)
class _Head:
    """What stands before the reason, as far as it was read."""

    person: Named | None = None
    days: int | None = None
    factor: int | None = None

    def take(self, word: str, named: Callable[[str], Named | None]) -> bool:
        """True for a word that is none of the reason's."""
        if self.days is None and (days := _DAYS.fullmatch(word)):
            self.days = int(days[1])
        elif self.factor is None and (factor := _FACTOR.fullmatch(word)):
            self.factor = int(factor[1])
        elif self.person is None and (person := named(word)):
            self.person = person
        else:
            return False
        return True


def parse_plan(text: str, named: Callable[[str], Named | None]) -> Expect | Plans | None:
    """The plan in the text of a slash command, or the wish to read them all; None where it begins otherwise.

    ``named`` tells the person that a word stands for. Raises `UserError` for a plan that cannot be.
    """
    beginning = _BEGINNING.match(text)
    if beginning is None:
        return None
    rest = text[beginning.end() :]
    if not rest.strip():
        return Plans()
    head = _Head()
    while (part := _PART.match(rest)) and head.take(" ".join(split_words(part[1])), named):
        rest = rest[part.end() :]
    return Expect(_days(head), _factor(head), _reason(as_read(rest)), head.person)


def _days(head: _Head) -> int:
    if head.days is None:
        raise UserError(f"Say for how many days, such as 3d; the form is: {PLAN_FORM}.")
    return _within(head.days, 1, MOST_DAYS, "days can be planned, today included")


def _factor(head: _Head) -> int:
    if head.factor is None:
        return USUAL_FACTOR
    return _within(head.factor, LEAST_FACTOR, MOST_FACTOR, "times the usual can be planned")


def _within(said: int, least: int, most: int, what: str) -> int:
    if not least <= said <= most:
        raise UserError(f"{least} to {most} {what}, not {echo(str(said))}; the form is: {PLAN_FORM}.")
    return said


def _reason(words: str) -> str:
    if not words:
        raise UserError(f"Say why, in a few words after the days; the form is: {PLAN_FORM}.")
    if len(words) > LONGEST_REASON:
        raise UserError(f"Say why in at most {LONGEST_REASON} characters, please.")
    return words
