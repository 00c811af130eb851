"""What every row of the Codex API shares: a UTC day, objects inside, and an end as a `PoisonedRow`."""

from __future__ import annotations

from typing import Any

from bot.core.models import PoisonedRow
from bot.core.people import normalise_email
from bot.sources.codex_figures import UnreadableError, parse_required_count, render_json

SECONDS_PER_DAY = 86_400
LAST_DAY = 2_932_896  # 9999-12-31, the last that a date can hold
REASON_LIMIT = 300
RAW_LIMIT = 4_000  # characters of a poisoned row that are kept: enough to see what is wrong with it


def parse_day(raw: Any, days: range) -> int:
    """The row's day, counted from 1970-01-01. Raises `UnreadableError` unless it is one of ``days``."""
    if type(raw) is not dict:
        raise UnreadableError("row", "is not an object")
    start = parse_required_count(raw.get("start_time"), "start_time")
    return check_day(start, parse_required_count(raw.get("end_time"), "end_time"), days)


def check_day(start: int, end: int, days: range) -> int:
    """The day between two Unix instants. Raises `UnreadableError` unless it is one of ``days``."""
    day, seconds = divmod(start, SECONDS_PER_DAY)
    if seconds:
        raise UnreadableError("start_time", "is not a UTC midnight")
    if end - start != SECONDS_PER_DAY:
        raise UnreadableError("end_time", "is not one day after start_time")
    if day not in days:
        raise UnreadableError("start_time", "lies outside the days that were asked for")
    return day


def require_object(raw: Any, path: str) -> dict[str, Any]:
    """``raw`` when it is an object. Raises `UnreadableError`."""
    if type(raw) is dict:
        return raw
    raise UnreadableError(path, "is missing" if raw is None else "is not an object")


def key_of_email(email: str | None) -> str | None:
    """The key form of an address, None where there is none."""
    return (normalise_email(email) or None) if email else None


def poisoned_row(raw: Any, error: Exception) -> PoisonedRow:
    """``raw`` as it came, shortened, with the reason why it could not be understood."""
    reason = str(error) if isinstance(error, UnreadableError) else "row is nested too deeply"
    reason = " ".join(reason.split())[:REASON_LIMIT]  # it may quote a client or a model
    try:
        text = render_json(raw)
    except RecursionError:
        text = ""
    return PoisonedRow(_day_of(raw), reason, text if len(text) <= RAW_LIMIT else text[:RAW_LIMIT] + "…")


def _day_of(raw: Any) -> int | None:
    """The day that a poisoned row seems to be of, None where it says nothing that could be one."""
    try:
        start = parse_required_count(require_object(raw, "row").get("start_time"), "start_time")
    except UnreadableError:
        return None
    return start // SECONDS_PER_DAY if start < (LAST_DAY + 1) * SECONDS_PER_DAY else None
