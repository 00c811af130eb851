"""What a request to the usage API asks for, and the words in which a wrong one is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

Kind = Literal["usage", "workspace", "code_reviews", "code_review_responses"]

DAY_SECONDS = 86_400
DEFAULT_LIMIT, LARGEST_LIMIT = 1000, 30_000
DEFAULT_DAYS = 30
UNIX_EPOCH = date(1970, 1, 1).toordinal()
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Query:
    """A valid request. ``days`` are ordinals of UTC days; cursors belong to requests of one ``binding``."""

    kind: Kind
    days: range
    today: int
    limit: int
    page: str | None
    binding: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than 200, with a JSON body."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


def refuse(status: int, message: str, code: str) -> Refusal:
    """The form of error that OpenAI's routes answer with, except for 422."""
    kind = "invalid_request_error" if status < 500 else "server_error"  # noqa: PLR2004 - HTTP
    return Refusal(status, {"error": {"message": message, "type": kind, "param": None, "code": code}})


def parse_workspace(text: str) -> UUID | Refusal:
    """The workspace id of the path. FastAPI answers 422 to what is no UUID."""
    try:
        return UUID(text)
    except ValueError:
        reason = _uuid_fault(text)
    message = f"Input should be a valid UUID, {reason}"
    detail = _detail("uuid_parsing", ["path", "workspace_id"], message, text)
    return Refusal(422, {"detail": [detail | {"ctx": {"error": reason}}]})


def parse_query(route: str, sent: Mapping[str, str], now: datetime) -> Query | Refusal:
    """The request behind the parameters; unknown ones are ignored, every wrong number is told at once."""
    details = [*_integer_faults(sent), *_limit_faults(sent)]
    if details:
        return Refusal(422, {"detail": details})
    group = sent.get("group") if route == "usage" else None
    if group not in (None, "workspace"):
        return refuse(400, f"Unsupported group: {group}", "invalid_group")
    days = _parse_days(sent, now)
    if days is None:
        return refuse(400, "start_time must be before end_time.", "invalid_time_range")
    kind: Any = "workspace" if group else route
    binding = f"{kind} {sent.get('start_time')} {sent.get('end_time')}"
    return Query(
        kind,
        days,
        now.astimezone(UTC).toordinal(),
        int(sent.get("limit", DEFAULT_LIMIT)),
        sent.get("page"),
        binding,
    )


def limit_history(query: Query, history_days: int | None) -> Query:
    """The same request without the days more than ``history_days`` before today."""
    if history_days is None or query.days.start >= query.today - history_days:
        return query
    oldest = query.today - history_days
    return replace(query, days=range(oldest, max(oldest, query.days.stop)))


def _integer_faults(sent: Mapping[str, str]) -> list[dict[str, Any]]:
    message = "Input should be a valid integer, unable to parse string as an integer"
    return [
        _detail("int_parsing", ["query", name], message, sent[name])
        for name in ("start_time", "end_time", "limit")
        if name in sent and not _INTEGER.fullmatch(sent[name])
    ]


def _limit_faults(sent: Mapping[str, str]) -> list[dict[str, Any]]:
    text = sent.get("limit", "")
    if not _INTEGER.fullmatch(text) or 1 <= int(text) <= LARGEST_LIMIT:
        return []
    if int(text) < 1:
        message, kind, bound = "Input should be greater than or equal to 1", "greater_than_equal", {"ge": 1}
    else:
        message = f"Input should be less than or equal to {LARGEST_LIMIT}"
        kind, bound = "less_than_equal", {"le": LARGEST_LIMIT}
    return [_detail(kind, ["query", "limit"], message, text) | {"ctx": bound}]


def _detail(kind: str, where: list[str], message: str, sent: str) -> dict[str, Any]:
    return {"type": kind, "loc": where, "msg": message, "input": sent}


def _parse_days(sent: Mapping[str, str], now: datetime) -> range | None:
    """Days that begin within ``[start_time, end_time)``, none after today; None for a window turned round.

    Without an end the window ends with today; without a start it is thirty days long.
    """
    tomorrow = (int(now.astimezone(UTC).timestamp()) // DAY_SECONDS + 1) * DAY_SECONDS
    end = int(sent.get("end_time", tomorrow))
    start = int(sent.get("start_time", end - DEFAULT_DAYS * DAY_SECONDS))
    if not 0 <= start < end:
        return None
    first, last = (UNIX_EPOCH - -bound // DAY_SECONDS for bound in (start, min(end, tomorrow)))
    return range(first, max(first, last))


def _uuid_fault(text: str) -> str:
    for place, sign in enumerate(text):
        if sign not in "0123456789abcdefABCDEF-":
            return f"invalid character: found `{sign}` at {place}"
    return f"invalid length: expected length 32 for simple format, found {len(text.replace('-', ''))}"
