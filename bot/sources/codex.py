"""The Codex Enterprise Analytics API as a usage source: what is asked for, page after page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeVar
from urllib.parse import quote

import httpx

from bot.core.models import (
    CodeReviewDay,
    CodeReviewResponseDay,
    PoisonedRow,
    UsagePage,
    WorkspaceRow,
    date_of,
    epoch_day,
)
from bot.core.periods import Period
from bot.errors import ConfigError, SourceError
from bot.sources.codex_frame import SECONDS_PER_DAY
from bot.sources.codex_http import CodexHttp
from bot.sources.codex_page import Page, parse_page, parse_usage_page
from bot.sources.codex_reviews import parse_code_review_day, parse_code_review_response_day
from bot.sources.codex_rows import parse_workspace_row

MAX_PERIOD_DAYS = 30
MAX_EMPTY_PAGES = 10  # in a row; a page may be filtered empty, but not for ever


class _Dated(Protocol):
    @property
    def day(self) -> int: ...


Row = TypeVar("Row", bound=_Dated)


class CodexSource:
    """One workspace's usage. ``sleep`` may be an event's ``wait``, so that ``cancelled`` is seen at once.

    ``page_limit`` counts rows (1 to 30,000). A period must have 1 to 30 days, else ValueError.
    """

    def __init__(  # noqa: PLR0913 - wiring: each is a setting or an edge of its own, nearly all by keyword
        self,
        http: httpx.Client,
        *,
        base_url: str,
        workspace_id: str,
        api_key: str,
        page_limit: int = 1000,
        max_pages: int = 10_000,
        sleep: Callable[[float], object] = time.sleep,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        if not (api_key.isascii() and api_key.isprintable() and api_key and " " not in api_key):
            raise ConfigError(["CODEX_API_KEY is empty or holds characters that a key cannot have"])
        self._api = CodexHttp(http, api_key, sleep, cancelled)
        self._url = f"{base_url.rstrip('/')}/workspaces/{quote(workspace_id, safe='')}"
        self._page_limit = page_limit
        self._max_pages = max_pages

    def fetch_usage(self, period: Period) -> Iterator[UsagePage]:
        """Every account's rows of the period, page by page, in order of the day."""
        days = _days_of(period)
        return (UsagePage(*page) for page in self._read("usage", days, parse_usage_page))

    def fetch_workspace_usage(self, period: Period) -> tuple[Sequence[WorkspaceRow], Sequence[PoisonedRow]]:
        """The workspace's own totals, one row a day."""
        parse = partial(parse_page, parse_row=parse_workspace_row)
        return _gather(self._read("usage", _days_of(period), parse, group="workspace"))

    def fetch_code_reviews(self, period: Period) -> tuple[Sequence[CodeReviewDay], Sequence[PoisonedRow]]:
        """Reviews that Codex wrote, one row a day."""
        parse = partial(parse_page, parse_row=parse_code_review_day)
        return _gather(self._read("code_reviews", _days_of(period), parse))

    def fetch_code_review_responses(
        self, period: Period
    ) -> tuple[Sequence[CodeReviewResponseDay], Sequence[PoisonedRow]]:
        """How people answered them, one row a day."""
        parse = partial(parse_page, parse_row=parse_code_review_response_day)
        return _gather(self._read("code_review_responses", _days_of(period), parse))

    def _read(
        self, endpoint: str, days: range, parse: Callable[[bytes, range], Page[Row]], **more: str
    ) -> Iterator[tuple[list[Row], list[PoisonedRow]]]:
        """Each page as values. Stops the reading when a day comes before one that was already read."""
        params: dict[str, str | int] = {
            "start_time": days.start * SECONDS_PER_DAY,
            "end_time": days.stop * SECONDS_PER_DAY,
            "limit": self._page_limit,
            **more,
        }
        latest = days.start
        for rows in self._fetch_pages(endpoint, params, lambda body: parse(body, days)):
            latest = _check_order(rows, days, latest)
            poisoned = [row for row in rows if isinstance(row, PoisonedRow)]
            yield [row for row in rows if not isinstance(row, PoisonedRow)], poisoned

    def _fetch_pages(
        self, endpoint: str, params: dict[str, str | int], parse: Callable[[bytes], Page[Row]]
    ) -> Iterator[list[Row | PoisonedRow]]:
        """The rows of each page, until the API says that there are no more."""
        seen: set[str] = set()
        empty_pages = 0
        for _ in range(self._max_pages):
            rows, cursor = self._api.fetch(f"{self._url}/{endpoint}", params, parse)
            yield rows
            if cursor is None:
                return
            empty_pages = 0 if rows else empty_pages + 1
            if empty_pages > MAX_EMPTY_PAGES:
                raise SourceError(
                    f"The Codex API sent {empty_pages} empty pages in a row, each with has_more"
                )
            if cursor in seen:
                raise SourceError("The Codex API sent a page cursor twice, so its pages have no end")
            seen.add(cursor)
            params = {**params, "page": cursor}
        raise SourceError(f"The Codex API still had more after {self._max_pages} pages of {endpoint}")


def _days_of(period: Period) -> range:
    if not 1 <= period.length <= MAX_PERIOD_DAYS:
        raise ValueError(f"a period has 1 to {MAX_PERIOD_DAYS} days here, not {period.length}")
    return range(epoch_day(period.since), epoch_day(period.until))


def _check_order(rows: Sequence[Row | PoisonedRow], days: range, latest: int) -> int:
    """The latest day so far. Days of rows that could not be read count as long as they were asked for."""
    for row in rows:
        day = row.day
        if day is None or day == latest or day not in days:
            continue
        if day < latest:
            raise SourceError(f"The Codex API sent {date_of(day)} after {date_of(latest)}: days must ascend")
        latest = day
    return latest


def _gather(pages: Iterator[tuple[list[Row], list[PoisonedRow]]]) -> tuple[list[Row], list[PoisonedRow]]:
    rows: list[Row] = []
    poisoned: list[PoisonedRow] = []
    for page_rows, page_poisoned in pages:
        rows += page_rows
        poisoned += page_poisoned
    return rows, poisoned
