"""Rows as pages: which follow which, and the cursor that says where the next page begins."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s
from typing import Any, NamedTuple

from bot.demo.codex_data import UsageData
from bot.demo.codex_query import Kind, Query

CACHED_BYTES = 256 * 1024 * 1024
_SEAL_BYTES = 6


class Place(NamedTuple):
    """Where a page begins: the ordinal of a day, and how many of its rows came before."""

    day: int
    row: int


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one page, as JSON each; ``rest`` is where the next page begins, None on the last."""

    rows: list[bytes]
    binding: str
    begin: Place
    rest: Place | None

    def cursor(self, nonce: int = 0) -> str:
        """A cursor of this very page; with another ``nonce`` another text."""
        return encode_cursor(self.begin, self.binding, nonce)

    def encode(self, *, says_null: bool) -> bytes:
        """The whole body. A last page has a null ``next_page``, or none."""
        end: dict[str, Any] = {"has_more": self.rest is not None}
        if self.rest is not None:
            end["next_page"] = encode_cursor(self.rest, self.binding)
        elif says_null:
            end["next_page"] = None
        return b'{"object":"page","data":[' + b",".join(self.rows) + b"]," + json.dumps(end).encode()[1:]


class Shelf:
    """Every day's rows as JSON, made once for each version of the day; the least used are dropped."""

    def __init__(self) -> None:
        self._days: OrderedDict[tuple[Kind, int], tuple[object, Sequence[bytes]]] = OrderedDict()
        self._size = 0

    def fetch(self, data: UsageData, kind: Kind, day: int) -> Sequence[bytes]:
        """The day's rows in the order in which they are served."""
        date_of_day = date.fromordinal(day)
        version = (data, data.version(date_of_day))
        known = self._days.get((kind, day))
        if known is None or known[0] != version:
            self._keep((kind, day), version, _encode_rows(data, kind, date_of_day))
        self._days.move_to_end((kind, day))
        return self._days[kind, day][1]

    def _keep(self, key: tuple[Kind, int], version: object, rows: Sequence[bytes]) -> None:
        self._drop(key)
        self._days[key] = (version, rows)
        self._size += sum(map(len, rows))
        while self._size > CACHED_BYTES and len(self._days) > 1:
            self._drop(next(iter(self._days)))

    def _drop(self, key: tuple[Kind, int]) -> None:
        _, rows = self._days.pop(key, (None, ()))
        self._size -= sum(map(len, rows))


def take_page(shelf: Shelf, data: UsageData, query: Query, begin: Place) -> tuple[list[bytes], Place | None]:
    """At most ``query.limit`` rows from ``begin`` on, oldest day first, and where the rest begins."""
    rows: list[bytes] = []
    for place, day_rows in _days_from(shelf, data, query, begin):
        wanted = query.limit - len(rows)
        if wanted == 0:
            return rows, place
        rows.extend(day_rows[:wanted])
        if len(day_rows) > wanted:
            return rows, Place(place.day, place.row + wanted)
    return rows, None


def encode_cursor(place: Place, binding: str, nonce: int = 0) -> str:
    """An opaque text; with another ``nonce`` another text for the same place."""
    payload = json.dumps([*place, nonce]).encode()
    return urlsafe_b64encode(payload + _seal(payload, binding)).decode().rstrip("=")


def decode_cursor(text: str, binding: str) -> Place | None:
    """The place, or None for a cursor that was never given out for this request."""
    try:
        sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    payload, seal = sealed[:-_SEAL_BYTES], sealed[-_SEAL_BYTES:]
    if seal != _seal(payload, binding):
        return None
    day, row, _ = json.loads(payload)
    return Place(day, row)


def _encode_rows(data: UsageData, kind: Kind, day: date) -> list[bytes]:
    singles = {
        "workspace": data.workspace,
        "code_reviews": data.reviews,
        "code_review_responses": data.review_responses,
    }
    if kind == "usage":
        return [_encode(row) for row in data.usage(day)]
    row = singles[kind](day)
    return [] if row is None else [_encode(row)]


def _encode(row: dict[str, Any]) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode()


def _days_from(
    shelf: Shelf, data: UsageData, query: Query, begin: Place
) -> Iterator[tuple[Place, Sequence[bytes]]]:
    """Each day that still has rows, as the place at which they begin and those rows."""
    for day in query.days:
        if day >= begin.day:
            row = begin.row if day == begin.day else 0
            rows = shelf.fetch(data, query.kind, day)
            if len(rows) > row:
                yield Place(day, row), rows[row:] if row else rows


def _seal(payload: bytes, binding: str) -> bytes:
    return blake2s(payload + binding.encode(), digest_size=_SEAL_BYTES).digest()
