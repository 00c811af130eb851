"""Periods of UTC days: half-open, as the usage API counts them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.echo import echo
from bot.errors import UserError

DAY = timedelta(days=1)
EN_DASH = "\N{EN DASH}"
DEFAULT_DAYS = 28
LONGEST_DAYS = 400
OLDER_WEEKS, OLDER_MONTHS = 8, 5
"""Kept beside the last week and the last month: two months of weeks, half a year of months."""

EARLIEST = date(2000, 1, 1)
"""Before any usage, and late enough that the days before a period are still dates."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PERIOD_FORMS = (
    "A period is 7d, 28d or 90d (that many complete days), today, yesterday, week, last week, month, "
    "last month, 2026-W47, 2026-10, 2026-10-01 or 2026-10-01..2026-10-31."
)


@dataclass(frozen=True, slots=True)
class Period:
    """The UTC days ``[since, until)``. ``label`` is what the person asked for, in canonical spelling."""

    since: date
    until: date
    label: str = ""

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days

    def days(self) -> Iterator[date]:
        """Each day, in order."""
        return (self.since + timedelta(days=n) for n in range(self.length))

    def before(self) -> Period:
        """The same number of days just before."""
        return Period(self.since - timedelta(days=self.length), self.since)


def default_period(today: date) -> Period:
    """What is meant where no period was named: the last 28 complete UTC days."""
    return _last_days(DEFAULT_DAYS, today)


def kept_periods(today: date) -> tuple[Period, ...]:
    """The periods that people ask for: those with names, as they are today and will be tomorrow, and older ones.

    Tomorrow's are among them so that they are ready when the UTC day changes. Weeks and months further back are
    complete, so that keeping them costs a sync next to nothing.
    """
    names = ("today", "yesterday", "7d", "28d", "90d", "week", "last week", "month", "last month")
    periods = [parse_period(name, day) for day in (today, today + DAY) for name in names]
    older = [
        *_back(_last_week(today), _last_week, OLDER_WEEKS),
        *_back(_last_month(today), _last_month, OLDER_MONTHS),
    ]
    return tuple({(period.since, period.until): period for period in [*periods, *older]}.values())


def parse_period(text: str, today: date) -> Period:
    """The period that ``text`` names, seen from ``today`` (UTC).

    ``7d`` and its like end before today; ``week`` and ``month`` end with it. What reaches into the future is
    cut after today. Raises `UserError` with a sentence for the person who typed it.
    """
    period = _match(text, today)
    if period is None:
        raise UserError(f"{echo(text)} is not a period. {PERIOD_FORMS}")
    return period


def take_period(words: Sequence[str], today: date) -> tuple[Period | None, Sequence[str]]:
    """The first period among the words, and the words without it; None where nothing looks like one.

    Raises `UserError` for what looks like a period and is none. Three words are "2026-10-01 .. 2026-10-31".
    """
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            if period := _match(" ".join(words[at : at + size]), today):
                return period, [*words[:at], *words[at + size :]]
    return None, words


def describe(period: Period) -> str:
    """The days themselves, both ends included: "1-28 Oct 2026", "28 Dec 2025 - 3 Jan 2026" (en dashes)."""
    first, last = period.since, period.until - DAY
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{EN_DASH}{end}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {MONTHS[first.month - 1]}{year} {EN_DASH} {end}"


def _match(text: str, today: date) -> Period | None:
    """None for a text that does not even look like a period; `UserError` for one that only looks like it."""
    asked = " ".join(text.lower().split())
    if named := _NAMED.get(asked):
        return Period(*named(today), asked)
    for pattern, build in _SHAPED:
        if match := pattern.fullmatch(asked):
            return build(match, today)
    return None


def _last_days(count: int, today: date) -> Period:
    return Period(today - timedelta(days=count), today, f"{count}d")


def _week(today: date) -> tuple[date, date]:
    return today - timedelta(days=today.weekday()), today + DAY


def _last_week(today: date) -> tuple[date, date]:
    monday, _ = _week(today)
    return monday - timedelta(days=7), monday


def _last_month(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    return (first - DAY).replace(day=1), first


_NAMED: dict[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda today: (today, today + DAY),
    "yesterday": lambda today: (today - DAY, today),
    "week": _week,
    "last week": _last_week,
    "month": lambda today: (today.replace(day=1), today + DAY),
    "last month": _last_month,
}
NAMED_PERIODS = tuple(_NAMED)


def _days_back(match: re.Match[str], today: date) -> Period:
    count = int(match[1])
    if not 1 <= count <= LONGEST_DAYS:
        raise UserError(f"{count}d does not work: a number of days is from 1d to {LONGEST_DAYS}d.")
    return _last_days(count, today)


def _iso_week(match: re.Match[str], today: date) -> Period:
    label = f"{match[1]}-W{match[2]:0>2}"
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise UserError(f"{label} does not exist: {match[1]} has no such ISO week.") from None
    return _of_calendar(monday, 7, label, today)


def _calendar_month(match: re.Match[str], today: date) -> Period:
    first = _date(f"{match[0]}-01", shown=match[0])
    return _of_calendar(first, monthrange(first.year, first.month)[1], match[0], today)


def _range(match: re.Match[str], today: date) -> Period:
    first, last = _date(match[1]), _date(match[2] or match[1])
    label = f"{first}..{last}" if first != last else f"{first}"
    length = (last - first).days + 1
    if length < 1:
        raise UserError(f"{label} ends before it begins.")
    if length > LONGEST_DAYS:
        raise UserError(f"{label} has {length:,} days; a period has at most {LONGEST_DAYS}.")
    return _of_calendar(first, length, label, today)


def _back(
    last: tuple[date, date], before: Callable[[date], tuple[date, date]], count: int
) -> Iterator[Period]:
    for _ in range(count):
        last = before(last[0])
        yield Period(*last)


def _date(text: str, shown: str | None = None) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{shown or text} is not in the calendar.") from None


def _of_calendar(since: date, length: int, label: str, today: date) -> Period:
    if since > today:
        raise UserError(f"{label} is still to come: today is {today} (UTC).")
    if since < EARLIEST:
        raise UserError(f"{label} is too long ago: the first day that can be asked for is {EARLIEST}.")
    return Period(since, min(since + timedelta(days=length), today + DAY), label)


_ISO_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SHAPED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period]], ...] = (
    (re.compile("([0-9]{1,9}) ?d"), _days_back),
    (re.compile("([0-9]{4})-w([0-9]{1,2})"), _iso_week),
    (re.compile("[0-9]{4}-[0-9]{2}"), _calendar_month),
    (re.compile(rf"({_ISO_DATE})(?: ?\.\. ?({_ISO_DATE}))?"), _range),
)
