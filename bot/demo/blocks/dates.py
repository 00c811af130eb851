"""Slack's dates: a moment and a pattern of ``{tokens}``, as the person who reads it would say it.

The words are those of an English client with a clock of twelve hours. The published descriptions of
``{date}`` disagree on the year; here it stands where it is not this year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from bot.demo.blocks.markup import link, tag
from bot.demo.blocks.reader import Reader

_TOKEN = re.compile(r"\{(\w+)\}")
_UNITS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3_600), ("minute", 60))


def draw_date(timestamp: str | float, pattern: str, fallback: str, reader: Reader, url: str = "") -> Markup:
    """The date with its exact moment, as a link where there is an address; ``fallback`` if it is none."""
    try:
        moment = datetime.fromtimestamp(int(timestamp), UTC)
        words = date_words(pattern, moment.astimezone(reader.zone), reader.now.astimezone(reader.zone))
    except (ValueError, OverflowError, OSError):
        return link(url, fallback) if url else Markup("{}").format(fallback)
    shown = tag("time", words, datetime=moment.isoformat(), title=fallback or None)
    return link(url, shown) if url else shown


def date_words(pattern: str, moment: datetime, now: datetime) -> str:
    """The pattern with every known token replaced, its first letter a capital, as Slack has it.

    Both times are in the reader's zone. A token that nobody knows stays.
    """
    words = _TOKEN.sub(lambda found: _token(found[1], moment, now) or found[0], pattern)
    return words[:1].upper() + words[1:]


def _token(name: str, moment: datetime, now: datetime) -> str | None:
    if name == "ago":
        return _ago((now - moment).total_seconds())
    bare = name.removesuffix("_pretty")
    if bare != name and (day := _near_day(moment, now)):
        return day
    if bare == "date":
        return _TOKENS["date_this_year" if moment.year == now.year else "date"](moment)
    if name == "day_divider_pretty":
        return _TOKENS["day_this_year" if moment.year == now.year else "date_long"](moment)
    return _TOKENS[bare](moment) if bare in _TOKENS else None


def _near_day(moment: datetime, now: datetime) -> str | None:
    near = {now.date() + timedelta(days=days): word for days, word in _NEAR.items()}
    return near.get(moment.date())


def _ago(seconds: float) -> str:
    for unit, length in _UNITS:
        if count := int(abs(seconds) // length):
            words = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


def _day(moment: datetime) -> str:
    """``18th``."""
    ending = "th" if moment.day in _TEENS else _ENDINGS.get(moment.day % 10, "th")
    return f"{moment.day}{ending}"


def _clock(moment: datetime, seconds: str = "") -> str:
    """``6:39 AM``."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment:%M}{seconds} {moment:%p}"


_TEENS = frozenset({11, 12, 13})
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_TOKENS: dict[str, Callable[[datetime], str]] = {
    "date": lambda moment: f"{moment:%B} {_day(moment)}, {moment.year}",
    "date_this_year": lambda moment: f"{moment:%B} {_day(moment)}",
    "date_long": lambda moment: f"{moment:%A, %B} {_day(moment)}, {moment.year}",
    "day_this_year": lambda moment: f"{moment:%A, %B} {_day(moment)}",
    "date_long_full": lambda moment: f"{moment:%B} {moment.day}, {moment.year}",
    "date_num": lambda moment: f"{moment:%Y-%m-%d}",
    "date_short": lambda moment: f"{moment:%b} {moment.day}, {moment.year}",
    "date_slash": lambda moment: f"{moment:%d/%m/%Y}",
    "time": _clock,
    "time_secs": lambda moment: _clock(moment, f":{moment:%S}"),
}
