"""What is worth saying in a digest, so that it stays quiet about small numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

from bot.core.digests.contents import Correction, Driver, Said
from bot.core.metrics import ONE_DAY, WEEKDAYS
from bot.core.models import MICRO, Totals
from bot.core.periods import Period
from bot.core.spikes.shifts import Shift
from bot.core.surfaces import OTHER

QUIET_BELOW_MICRO = MICRO
"""A week of less than a credit, after a week of less than a credit, is told in one line."""

MOVE_FROM_MICRO = 25 * MICRO
MOVE_ONE_IN = 4
"""A change matters from 25 credits and a quarter of the week before on."""

MOST_MOVERS = 3
"""As many up, and as many down."""

LASTING_FROM_MICRO = 25 * MICRO
LASTING_TIMES = 2
MOST_LASTING = 3
"""A lasting change matters from 25 credits more an active day on, and at twice the usual; three are told of."""

CORRECTED_FROM_MICRO = 10 * MICRO
CORRECTED_ONE_IN = 50
"""A day is corrected when it differs by 10 credits and 2 % from what was told."""

SURFACE, MODEL = "surface", "model"


class Compared(Protocol):
    """Anything with a week's sum, and that of the week before where it can be compared."""

    @property
    def totals(self) -> Totals:
        """The week's."""

    @property
    def before(self) -> Totals | None:
        """That of the week before."""


C = TypeVar("C", bound=Compared)
Parts = Mapping[str, int]
"""Credits in millionths by label."""


def is_quiet(totals: Totals, before: Totals | None) -> bool:
    """True when nothing or next to nothing was used, and that is nothing new.

    Other use than credits counts, too: with turns and no credits there is something to tell.
    """
    if before is not None and before.credits_micro >= QUIET_BELOW_MICRO:
        return False
    return totals.credits_micro < QUIET_BELOW_MICRO and (totals.credits_micro > 0 or not totals.is_active)


def pick_movers(candidates: Iterable[C]) -> list[C]:
    """The largest changes that matter: at most three up, then at most three down, the largest first."""
    moved = sorted((one for one in candidates if _matters(one)), key=_change, reverse=True)
    up = [one for one in moved if _change(one) > 0]
    down = [one for one in reversed(moved) if _change(one) < 0]
    return [*up[:MOST_MOVERS], *down[:MOST_MOVERS]]


def pick_lasting(found: Iterable[Shift]) -> tuple[list[Shift], int]:
    """The largest lasting changes that matter, the largest first, and how many there are beside them."""
    told = sorted(filter(_is_lasting, found), key=lambda one: (-one.excess_micro, one.subject))
    return told[:MOST_LASTING], len(told[MOST_LASTING:])


def find_driver(surfaces: tuple[Parts, Parts], models: tuple[Parts, Parts]) -> Driver | None:
    """The surface or model (credits this week, and those before) that explains more than half of a change.

    None where nothing does, and where it is not known what: the one that is called "Other" says nothing.
    """
    found = [
        (part / whole, Driver(kind, label))
        for kind, (now, before) in ((SURFACE, surfaces), (MODEL, models))
        for label, part, whole in _moved_along(now, before)
        if 2 * part > whole and label != OTHER
    ]
    most = max((share for share, _ in found), default=0)
    # of equals the surface, which stands first: people know what they opened
    return next((driver for share, driver in found if share == most), None)


def find_corrections(
    told: Said | None, period: Period, stored: Mapping[date, int], people: str
) -> tuple[Correction, ...]:
    """The days of the period whose credits (in millionths) differ by enough from what was told of the same people.

    ``stored`` are its days with usage as they are now, of the people that ``people`` marks.
    """
    if told is None or told.people != people:
        return ()
    days = {*period.days()}
    pairs = [Correction(day, micro, stored.get(day, 0)) for day, micro in told.days if day in days]
    return tuple(one for one in pairs if _is_corrected(one))


def is_steady(active: Iterable[date], week: Period) -> bool:
    """True for whoever was active on every weekday of the week, Monday to Friday."""
    return {*list(week.days())[:WEEKDAYS]} <= {*active}


def weekday_streak(used: Iterable[date], last: date) -> int:
    """Weekdays in a row with use, up to the last weekday that is not after ``last``.

    ``used`` are weekdays with use, newest first, none after ``last``; no more are taken than needed. Weekends
    neither count nor interrupt.
    """
    expected, length = _weekday(last), 0
    for day in used:
        if day != expected:
            break
        expected, length = _weekday(expected - ONE_DAY), length + 1
    return length


def _weekday(day: date) -> date:
    """The day itself, or the Friday before."""
    return day - ONE_DAY * max(0, day.weekday() - WEEKDAYS + 1)


def _change(one: Compared) -> int:
    return one.totals.credits_micro - (one.before.credits_micro if one.before else 0)


def _matters(one: Compared) -> bool:
    if one.before is None:
        return False
    size = abs(_change(one))
    return size >= MOVE_FROM_MICRO and size * MOVE_ONE_IN >= one.before.credits_micro


def _is_lasting(one: Shift) -> bool:
    """True where it would be one with the amounts as they stand now, too."""
    is_large = one.excess_micro >= LASTING_FROM_MICRO
    return is_large and one.present_micro >= LASTING_TIMES * one.usual_micro


def _moved_along(now: Parts, before: Parts) -> list[tuple[str, int, int]]:
    """Each label that moved as the whole did, with the sizes of its change and of the whole one."""
    whole = sum(now.values()) - sum(before.values())
    parts = [(label, now.get(label, 0) - before.get(label, 0)) for label in sorted({*now, *before})]
    return [(label, abs(part), abs(whole)) for label, part in parts if part * whole > 0]


def _is_corrected(one: Correction) -> bool:
    size = abs(one.now_micro - one.told_micro)
    return size >= CORRECTED_FROM_MICRO and size * CORRECTED_ONE_IN >= one.told_micro
