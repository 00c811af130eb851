"""Numbers and dates as short text: exact arithmetic, half rounded away from zero, no markup and no locale."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from fractions import Fraction

from bot.core.models import MICRO
from bot.core.periods import EN_DASH, MONTHS, Period, describe

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
NOTHING = EN_DASH
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_CENT_MICRO = MICRO // 100
_TWO_PLACES_BELOW_MICRO = 100 * MICRO
_ONE_PLACE_TO_MICRO = 10_000 * MICRO
_FACTOR_FROM_PERCENT = 900
_COMPACT_UNITS = ((10**3, "k"), (10**6, "M"), (10**9, "B"), (10**12, "T"))
_PERIOD_WORDS = {"week": "this week", "month": "this month", "1d": "last day"}
_SAID_IN_WORDS = re.compile("[0-9]+d|[0-9]{4}-W[0-9]{2}|[a-z ]+")


def credits_text(micro: int) -> str:
    """Millionths of a credit: two decimals below 100, one up to 10,000, then none; trailing zeros go."""
    if 0 < abs(micro) < _CENT_MICRO:
        return "<0.01" if micro > 0 else f">{MINUS}0.01"
    if abs(micro) < _TWO_PLACES_BELOW_MICRO:
        return _trimmed(micro, 2)
    return _trimmed(micro, 1 if abs(micro) <= _ONE_PLACE_TO_MICRO else 0)


def usd_text(micro: int) -> str:
    """Millionths of a dollar, always to the cent: ``$1,388.20``."""
    if 0 < abs(micro) < _CENT_MICRO:
        return "<$0.01" if micro > 0 else f">{MINUS}$0.01"
    dollars, cents = divmod(_divided(abs(micro), _CENT_MICRO), 100)
    return f"{_sign(micro)}${dollars:,}.{cents:02}"


def count_text(n: int) -> str:
    """A whole number with separated thousands."""
    return f"{_sign(n)}{abs(n):,}"


def compact_text(n: int) -> str:
    """A large whole number to one decimal: ``830``, ``12.3k``, ``7.1M``, ``2.4B``, ``1T``."""
    size, tenths, unit = abs(n), abs(n) * 10, ""
    for scale, name in _COMPACT_UNITS:
        if tenths < 1000 * 10:
            break
        tenths, unit = _divided(size * 10, scale), name
    return f"{_sign(n)}{_decimal(tenths, 1)}{unit}"


def percent_text(change: Fraction | None) -> str:
    """A relative change: ``+12 %``, ``±0 %``; from tenfold on as a factor, "times 12"; a dash for None."""
    if change is None:
        return NOTHING
    percent = _divided(abs(change.numerator) * 100, change.denominator)
    if percent == 0:
        return "±0 %"
    if change < 0:
        return f"{MINUS}{percent:,} %"
    if percent < _FACTOR_FROM_PERCENT:
        return f"+{percent} %"
    return f"{TIMES}{_divided(change.numerator + change.denominator, change.denominator):,}"


def share_text(part: int, whole: int) -> str:
    """``14 of 17 (82 %)``. All is said of all only, nothing of nothing only; of nothing there is no share."""
    counts = f"{count_text(part)} of {count_text(whole)}"
    if whole == 0:
        return counts
    percent = _divided(part * 100, whole)
    if percent == 0 and part:
        return f"{counts} (<1 %)"
    if percent == 100 and part < whole:  # noqa: PLR2004 - a hundred percent
        return f"{counts} (>99 %)"
    return f"{counts} ({percent:,} %)"


def month_text(day: date) -> str:
    """``November``."""
    return _MONTH_NAMES[day.month - 1]


def day_text(day: date) -> str:
    """``Mon 16 Nov``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def period_text(period: Period) -> str:
    """What was asked for, with its days: "last 7 days (9-15 Nov 2026)"; dates stand for themselves."""
    if not _SAID_IN_WORDS.fullmatch(period.label):
        return describe(period)
    words = _PERIOD_WORDS.get(period.label) or re.sub("^([0-9]+)d$", r"last \1 days", period.label)
    return f"{words} ({describe(period)})"


def instant_text(instant: datetime) -> str:
    """``22 Nov 2026 09:12 UTC``, the minute begun; an instant without a zone is taken for UTC."""
    utc = instant.astimezone(UTC) if instant.tzinfo else instant
    return f"{utc.day} {MONTHS[utc.month - 1]} {utc.year} {utc:%H:%M} UTC"


def _trimmed(micro: int, places: int) -> str:
    return _sign(micro) + _decimal(_divided(abs(micro), MICRO // 10**places), places)


def _divided(amount: int, by: int) -> int:
    """The nearest whole number, half upwards; for amounts that are not negative."""
    return (2 * amount + by) // (2 * by)


def _decimal(amount: int, places: int) -> str:
    whole, fraction = divmod(amount, 10**places)
    return f"{whole:,}.{fraction:0{places}}".rstrip("0").rstrip(".") if fraction else f"{whole:,}"


def _sign(n: int) -> str:
    return MINUS if n < 0 else ""
