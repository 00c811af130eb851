"""How a budget stands at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.core.budgets.forecast import Forecast
from bot.core.budgets.terms import Budget, Pace
from bot.core.periods import Period


class PersonUse(NamedTuple):
    """What one person used of a budget for each person; ``is_part`` as in `Standing`."""

    email: str
    name: str
    used_micro: int
    is_part: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget in its current period.

    ``used_micro`` is None where the use has no price, and with ``is_part`` that of the rows whose price is
    known. ``said`` are the thresholds that were handed on to be said. A budget is lost when nobody belongs to
    its group any more.

    A budget for each person has no use of its own: ``people`` are those whom the reader may see and who used
    most, ``over`` counts everybody in sight who has reached a threshold.
    """

    budget: Budget
    period: Period
    used_micro: int | None = None
    is_part: bool = False
    pace: Pace | None = None
    said: tuple[int, ...] = ()
    forecast: Forecast | None = None
    is_lost: bool = False
    people: tuple[PersonUse, ...] = ()
    over: tuple[tuple[int, int], ...] = ()
