"""How the body of an answer becomes a page: its rows as values, and the cursor of the next page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.core.models import PoisonedRow, UsageRow
from bot.errors import SourceError
from bot.sources.codex_figures import parse_json
from bot.sources.codex_rows import parse_usage_row
from bot.sources.codex_usual import parse_usual_row, split_page

MAX_CURSOR_LENGTH = 8192  # what servers commonly take in one URL

Row = TypeVar("Row")
Page = tuple[list[Row | PoisonedRow], str | None]
"""Rows in the order in which they came, and a cursor, None on the last page."""


def parse_page(body: bytes, days: range, parse_row: Callable[[Any, range], Row | PoisonedRow]) -> Page[Row]:
    """Raises ValueError where the body is not whole JSON, `SourceError` where it is, and is no page."""
    data, cursor = _open_envelope(parse_json(body))
    return [parse_row(raw, days) for raw in data], cursor


def parse_usage_page(body: bytes, days: range) -> Page[UsageRow]:
    """`parse_page` of accounts' rows, and twice as fast for those that are as usual."""
    split = split_page(body)
    if split is None:
        return parse_page(body, days, parse_usage_row)
    data, has_more, next_page = split
    cursor = _cursor(has_more, next_page)
    return [
        parse_usual_row(raw, days) or parse_usage_row(parse_json(bytes(raw)), days) for raw in data
    ], cursor


def _open_envelope(body: Any) -> tuple[list[Any], str | None]:
    """The rows of a page and the cursor of the next."""
    if not isinstance(body, dict):
        raise SourceError("The Codex API sent JSON that is not a page: no object at the top")
    missing = [name for name in ("object", "data", "has_more") if name not in body]
    if missing:
        raise SourceError(f"The Codex API sent JSON that is not a page: without {', '.join(missing)}")
    data, has_more = body["data"], body["has_more"]
    if not isinstance(data, list) or not isinstance(has_more, bool):
        raise SourceError("The Codex API sent a page whose data is no list or whose has_more is no boolean")
    return data, _cursor(has_more, body.get("next_page"))


def _cursor(has_more: bool, next_page: Any) -> str | None:  # noqa: FBT001 - the envelope's own two fields
    if not has_more:
        return None
    if not isinstance(next_page, str) or not next_page:
        raise SourceError("The Codex API said has_more without saying next_page")
    if len(next_page) > MAX_CURSOR_LENGTH or not next_page.isprintable():
        raise SourceError("The Codex API sent a page cursor that cannot be sent back to it")
    return next_page
