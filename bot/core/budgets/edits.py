"""What somebody typed about a budget, and whether it can be one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from bot.core.budgets.terms import Budget, Cycle, Scope, Terms, Unit
from bot.core.echo import echo
from bot.core.models import MICRO

DEFAULT_THRESHOLDS = (50, 80, 100)
MOST_THRESHOLDS = 5
HIGHEST_PERCENT = 1_000
LARGEST_AMOUNT = 10**12
"""In credits or dollars; in millionths it still fits into 64 bits, also at the highest percentage in Python."""

AMOUNT, THRESHOLDS, NAME, UNIT = "amount", "thresholds", "name", "unit"
"""The fields beside which a problem is shown."""

_AMOUNT = re.compile(r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.[0-9]{1,6})?")
_SEPARATORS = re.compile(r"[\s,;%]+")
_PERCENT = re.compile(r"[0-9]{1,9}")
_KINDS = {Scope.DEPARTMENT: "department", Scope.TEAM: "team", Scope.COST_CENTER: "cost centre"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A budget as it was typed; ``name`` counts for groups of the roster only."""

    scope: Scope
    name: str
    cycle: Cycle
    unit: Unit
    amount: str
    thresholds: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The version of a budget that somebody looked at when they decided to change it."""

    number: int
    version: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a draft is judged beside: the other budgets, the names that its writer may choose, and prices.

    ``names`` are those of the groups in the draft's scope.
    """

    others: tuple[Budget, ...]
    names: Collection[str]
    has_price: bool


def read_draft(draft: Draft, beside: Surroundings) -> Terms | dict[str, str]:
    """The terms, or a sentence for each field that is wrong."""
    problems: dict[str, str] = {}
    amount = _read_amount(draft.amount, problems)
    thresholds = _read_thresholds(draft.thresholds, problems)
    name = " ".join(draft.name.split()) if draft.scope.is_group else None
    terms = Terms(draft.scope, name, draft.cycle, draft.unit, amount, thresholds)
    _check_name(terms, beside.names, problems)
    if draft.unit is Unit.USD and not beside.has_price:
        problems[UNIT] = "No price of a credit is known: choose credits, or have CREDIT_PRICE_USD set."
    if NAME not in problems and terms.about in {other.terms.about for other in beside.others}:
        problems[NAME if draft.scope.is_group else UNIT] = (
            f"There is a budget for the same, by {draft.cycle} and in {unit_word(draft.unit)}, already: edit that one."
        )
    return problems or terms


def unit_word(unit: Unit) -> str:
    """``credits`` or ``dollars``."""
    return "credits" if unit is Unit.CREDITS else "dollars"


def amount_typed(micro: int) -> str:
    """An amount as it could be typed, exactly."""
    return f"{Decimal(micro) / MICRO:f}"


def thresholds_typed(thresholds: Iterable[int]) -> str:
    """Thresholds as they could be typed."""
    return ", ".join(str(percent) for percent in thresholds)


def _read_amount(text: str, problems: dict[str, str]) -> int:
    typed = text.strip().removeprefix("$")
    if not _AMOUNT.fullmatch(typed):
        problems[AMOUNT] = (
            f"{echo(text)} is not an amount: type a positive number such as 12500 or 12,500.50."
        )
        return 0
    amount = Decimal(typed.replace(",", ""))
    if not 0 < amount <= LARGEST_AMOUNT:
        problems[AMOUNT] = f"An amount is more than 0 and at most {LARGEST_AMOUNT:,}."
        return 0
    return int(amount * MICRO)


def _read_thresholds(text: str, problems: dict[str, str]) -> tuple[int, ...]:
    words = [word for word in _SEPARATORS.split(text) if word]
    if not all(_PERCENT.fullmatch(word) for word in words):
        problems[THRESHOLDS] = "Thresholds are whole percentages, such as 50, 80, 100."
        return ()
    percents = tuple(int(word) for word in words)
    if not 1 <= len(percents) <= MOST_THRESHOLDS:
        problems[THRESHOLDS] = f"Please give 1 to {MOST_THRESHOLDS} thresholds, such as 50, 80, 100."
    elif not all(1 <= percent <= HIGHEST_PERCENT for percent in percents):
        problems[THRESHOLDS] = f"A threshold is from 1 to {HIGHEST_PERCENT:,} percent."
    elif list(percents) != sorted(set(percents)):
        problems[THRESHOLDS] = "Please give the thresholds in ascending order, each once."
    return percents


def _check_name(terms: Terms, names: Collection[str], problems: dict[str, str]) -> None:
    if terms.name is None or terms.name in names:
        return
    kind = _KINDS[terms.scope]
    if not terms.name:
        problems[NAME] = f"Which {kind}? Type its name as the roster has it."
        return
    close = get_close_matches(terms.name[:80], sorted(names), n=1)
    hint = f"Did you mean {echo(close[0])}?" if close else "Type it as the roster has it."
    problems[NAME] = f"There is no {kind} {echo(terms.name)} that you can choose. {hint}"
