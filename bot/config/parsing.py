"""How the text of a setting becomes its value, or a sentence that says what to write instead.

No sentence holds the text itself: a secret pasted into the wrong variable must not reach a terminal.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.core.alerts.choice import LARGEST_CREDITS
from bot.core.models import MICRO
from bot.core.people import normalise_email

Word = TypeVar("Word", bound=str)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,12})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_SCHEDULE = re.compile(rf"({'|'.join(WEEKDAYS)})[a-z]* +([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SQLITE = "sqlite:///"


class UnfitError(Exception):
    """A text does not fit its setting. The message completes "NAME …" and never holds the text."""


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """A moment of the week on each recipient's own clock. ``weekday`` counts from 0 for Monday."""

    weekday: int
    at: time


def parse_secret(text: str) -> str:
    """An opaque key. Refuses what no HTTP header can carry, so that it fails here and not in a request."""
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise UnfitError("holds a space, a line break or another character that no key has: copy it again")
    return text


def parse_bot_token(text: str) -> str:
    """Slack's bot token."""
    return _parse_token(text, "xoxb-", "the Bot User OAuth Token of the Slack app")


def parse_app_token(text: str) -> str:
    """Slack's app-level token."""
    return _parse_token(text, "xapp-", "an app-level token of the Slack app with the scope connections:write")


def parse_url(text: str) -> str:
    """The base of an API, without a slash at the end."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(mark in text for mark in "@?# "):
        raise UnfitError("must be an http:// or https:// address without user name, password, ? and #")
    return text.rstrip("/")


def parse_url_with_slash(text: str) -> str:
    """The base of an API that is completed by a bare method name, with a slash at the end."""
    return parse_url(text) + "/"


def parse_uuid(text: str) -> str:
    """A UUID in its usual form of 36 characters, as it was written."""
    if not _UUID.fullmatch(text):
        raise UnfitError("must be a UUID such as 01234567-89ab-cdef-0123-456789abcdef")
    return text


def parse_host(text: str) -> str:
    """A name or address to listen on; whether this machine has it is only known when it is bound."""
    if any(mark.isspace() or mark == "/" for mark in text):
        raise UnfitError("must be a host name or an IP address, without a scheme or path")
    return text


def parse_database(text: str) -> Path:
    """The file that an SQLite URL names: three slashes for a relative path, four for an absolute one."""
    path = text.removeprefix(_SQLITE)
    if path == text:
        raise UnfitError(f"must begin with {_SQLITE} as SQLite is the database that is supported")
    if not path or path == ":memory:" or path.endswith("/") or any(mark in path for mark in "?#\0"):
        raise UnfitError(
            f"must name a file after {_SQLITE} without options, such as {_SQLITE}data/codex-usage.db"
        )
    if os.path.isdir(path):  # noqa: PTH112 -- Path.is_dir raises where a path is too long
        raise UnfitError("names a folder: add the name of a file in it")
    return Path(path)


def parse_readable_file(text: str) -> Path:
    """A file that is there and may be read now."""
    if not os.path.isfile(text) or not os.access(text, os.R_OK):  # noqa: PTH113 -- as above
        raise UnfitError("names no file that this process may read: check the path and its permissions")
    return Path(text)


def parse_emails(text: str) -> frozenset[str]:
    """Addresses separated by commas, in the form that is the key of an employee. Empty places are skipped."""
    places = [normalise_email(part) for part in text.split(",")]
    wrong = [str(n) for n, place in enumerate(places, start=1) if place and not _EMAIL.fullmatch(place)]
    if wrong:
        raise UnfitError(
            f"holds no bare e-mail address at position {', '.join(wrong)}: separate them by commas"
        )
    return frozenset(place for place in places if place)


def parse_channel(text: str) -> str:
    """The id of a Slack channel, as "View channel details" shows it."""
    if not _CHANNEL.fullmatch(text):
        raise UnfitError("must be the id of a channel, which begins with C or G, and not its name")
    return text


def parse_schedule(text: str) -> DigestSchedule:
    """A weekday and a time of day on a 24-hour clock."""
    found = _SCHEDULE.fullmatch(text.lower())
    if not found:
        raise UnfitError('must be a weekday and a 24-hour time such as "mon 09:00"')
    return DigestSchedule(WEEKDAYS.index(found[1]), time(int(found[2]), int(found[3])))


def parse_timezone(text: str) -> ZoneInfo:
    """A zone of the IANA database."""
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise UnfitError("must be an IANA time zone such as Europe/Berlin or UTC") from None


def parse_price(text: str) -> Decimal:
    """A price above zero."""
    if not _NUMBER.fullmatch(text) or Decimal(text) == 0:
        raise UnfitError("must be a number above 0 with a point for decimals, such as 0.04")
    return Decimal(text)


def parse_whole_number(low: int, high: int) -> Callable[[str], int]:
    """A parser of whole numbers from ``low`` to ``high``, both included."""

    def parse(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise UnfitError(f"must be a whole number from {low} to {high}")
        return int(text)

    return parse


def parse_number(low: str, high: str) -> Callable[[str], float]:
    """A parser of numbers from ``low`` to ``high``, both included."""

    def parse(text: str) -> float:
        if not _NUMBER.fullmatch(text) or not Decimal(low) <= Decimal(text) <= Decimal(high):
            raise UnfitError(f"must be a number from {low} to {high}")
        return float(text)

    return parse


def parse_credits(least: str) -> Callable[[str], int]:
    """A parser of credits from ``least`` to a thousand million, as whole millionths."""

    def parse(text: str) -> int:
        if not _NUMBER.fullmatch(text) or not Decimal(least) <= Decimal(text) <= LARGEST_CREDITS:
            raise UnfitError(f"must be a number of credits from {least} to {LARGEST_CREDITS}, such as 250")
        return int(Decimal(text) * MICRO)

    return parse


def parse_word(*words: Word) -> Callable[[str], Word]:
    """A parser of one of a few words, in any case."""
    known = {word.lower(): word for word in words}

    def parse(text: str) -> Word:
        if text.lower() not in known:
            raise UnfitError(f"must be one of {', '.join(words)}")
        return known[text.lower()]

    return parse


def _parse_token(text: str, prefix: str, what: str) -> str:
    if not text.startswith(prefix) or text == prefix:
        raise UnfitError(f"must be {what}, which begins with {prefix}")
    return parse_secret(text)
