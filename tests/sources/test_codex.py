"""What the client asks for, and how it turns pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from bot.core.models import PoisonedRow, UsagePage, epoch_day
from bot.core.periods import Period
from bot.errors import ConfigError, SourceError
from bot.ports import UsageSource
from bot.sources.codex import CodexSource

WORKSPACE = "3f1c2b9a-5a77-4c55-9d3e-0b6a1f6f7c11"
BASE = "https://api.example.test/v1/analytics/codex"
KEY = "sk-admin-Zoe7Left9Long3Ago"
JULY = Period(date(2026, 7, 1), date(2026, 7, 31))
FIRST = epoch_day(JULY.since)

Handler = Callable[[httpx.Request], httpx.Response]


def make_source(handler: Handler, **options: Any) -> CodexSource:
    """A source whose API is ``handler``; it never waits."""
    http = httpx.Client(transport=httpx.MockTransport(handler), verify=False)
    settings: dict[str, Any] = {
        "base_url": BASE,
        "workspace_id": WORKSPACE,
        "api_key": KEY,
        "sleep": lambda _: None,
    }
    return CodexSource(http, **(settings | options))


def usage(day: int, account: str = "user-alice", **changes: Any) -> dict[str, Any]:
    """A row of the ``day``-th day of July, counted from 0."""
    start = (FIRST + day) * 86_400
    totals = {"threads": 1, "turns": 2, "credits": 0.5}
    raw = {
        "start_time": start,
        "end_time": start + 86_400,
        "user_id": account,
        "totals": totals,
        "clients": [],
    }
    return raw | changes


def page(*rows: Any, after: Any = None, **changes: Any) -> dict[str, Any]:
    """An envelope; ``after`` is the cursor of the next page."""
    return {"object": "page", "data": list(rows), "has_more": after is not None, "next_page": after} | changes


class Book:
    """An API that gives out its pages one after another, and remembers what it was asked."""

    def __init__(self, *pages: Any) -> None:
        self.pages: Iterator[Any] = iter(pages)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, content=json.dumps(next(self.pages)).encode())

    def params(self) -> list[dict[str, str]]:
        return [dict(request.url.params) for request in self.asked]


def read(*pages: Any, **options: Any) -> list[UsagePage]:
    """Every page of July's usage."""
    return list(make_source(Book(*pages), **options).fetch_usage(JULY))


def test_it_is_a_usage_source() -> None:
    source: UsageSource = make_source(Book())
    assert isinstance(source, CodexSource)


def test_a_request_says_unix_midnights_and_nothing_the_api_does_not_know() -> None:
    book = Book(page())
    list(make_source(book).fetch_usage(JULY))
    (request,) = book.asked
    assert request.method == "GET"
    assert str(request.url) == (
        f"{BASE}/workspaces/{WORKSPACE}/usage?start_time=1782864000&end_time=1785456000&limit=1000"
    )
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Accept"] == "application/json"
    assert request.extensions["timeout"] == {"connect": 10, "read": 120, "write": 120, "pool": 120}


def test_each_method_asks_its_own_endpoint() -> None:
    book = Book(page(), page(), page(), page())
    source = make_source(book, base_url=f"{BASE}/", page_limit=7)
    list(source.fetch_usage(JULY))
    source.fetch_workspace_usage(JULY)
    source.fetch_code_reviews(JULY)
    source.fetch_code_review_responses(JULY)
    assert [
        (request.url.path.rsplit("/", 1)[1], request.url.params.get("group")) for request in book.asked
    ] == [
        ("usage", None),
        ("usage", "workspace"),
        ("code_reviews", None),
        ("code_review_responses", None),
    ]
    assert {params["limit"] for params in book.params()} == {"7"}


@pytest.mark.parametrize("until", [date(2026, 8, 1), date(2026, 7, 1), date(2026, 6, 1)])
def test_a_period_of_no_days_or_of_more_than_thirty_is_refused_before_anything_is_asked(until: date) -> None:
    book = Book()
    source = make_source(book)
    period = Period(JULY.since, until)
    fetches: list[Callable[[Period], Any]] = [
        source.fetch_usage,
        source.fetch_workspace_usage,
        source.fetch_code_reviews,
        source.fetch_code_review_responses,
    ]
    for fetch in fetches:
        with pytest.raises(ValueError, match="1 to 30 days"):
            fetch(period)
    assert book.asked == []


@pytest.mark.parametrize("key", ["", "7a 7b", "7key\n", "7key\r\nX: y", "schlüssel", "7key\0"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigError) as refused:
        make_source(Book(), api_key=key)
    assert "CODEX_API_KEY" in str(refused.value)
    assert not key.strip() or key.strip() not in str(refused.value)


def test_a_workspace_id_cannot_leave_its_place_in_the_path() -> None:
    book = Book(page())
    list(make_source(book, workspace_id="../../x?y#z").fetch_usage(JULY))
    assert book.asked[0].url.raw_path.startswith(b"/v1/analytics/codex/workspaces/..%2F..%2Fx%3Fy%23z/usage?")


def test_pages_follow_the_cursor_and_repeat_every_other_parameter() -> None:
    book = Book(
        page(usage(0), usage(1), after="b/+= "), page(usage(1, "user-bob"), after="c"), page(usage(2))
    )
    pages = list(make_source(book).fetch_usage(JULY))
    assert [[(row.day - FIRST, row.account) for row in each.rows] for each in pages] == [
        [(0, "user-alice"), (1, "user-alice")],
        [(1, "user-bob")],
        [(2, "user-alice")],
    ]
    asked = book.params()
    cursors = [params.pop("page", None) for params in asked]
    assert cursors == [None, "b/+= ", "c"]
    assert asked[0] == asked[1] == asked[2]


def test_pages_are_asked_for_only_when_they_are_wanted() -> None:
    book = Book(page(usage(0), after="b"), page(usage(1)))
    pages = make_source(book).fetch_usage(JULY)
    assert book.asked == []
    next(pages)
    assert len(book.asked) == 1


@pytest.mark.parametrize("last", [{"next_page": None}, {"next_page": "stale"}, {}])
def test_the_last_page_is_the_one_that_says_so(last: dict[str, Any]) -> None:
    final = {"object": "page", "data": [usage(0)], "has_more": False} | last
    assert len(read(final)) == 1


def test_rows_that_cannot_be_read_stand_beside_the_others() -> None:
    (only,) = read(page(usage(0), usage(0, totals=None), "junk", usage(1)))
    assert [row.day - FIRST for row in only.rows] == [0, 1]
    assert [(row.day, row.reason) for row in only.poisoned] == [
        (FIRST, "totals is missing"),
        (None, "row is not an object"),
    ]


@pytest.mark.parametrize("day", [-1, 30])
def test_a_row_outside_the_period_is_poisoned_and_stops_nothing(day: int) -> None:
    (only,) = read(page(usage(5), usage(day), usage(6)))
    assert len(only.rows) == 2
    assert [row.reason for row in only.poisoned] == ["start_time lies outside the days that were asked for"]


def test_the_days_at_both_ends_of_the_period_belong_to_it() -> None:
    (only,) = read(page(usage(0), usage(29)))
    assert len(only.rows) == 2
    assert only.poisoned == []


@pytest.mark.parametrize(
    "pages",
    [
        [page(usage(2), usage(1))],
        [page(usage(2), after="b"), page(usage(1))],
        [page(usage(2), after="b"), page(after="c"), page(usage(1, totals=None))],
    ],
)
def test_days_must_ascend_across_pages_too(pages: list[Any]) -> None:
    with pytest.raises(SourceError, match="sent 2026-07-02 after 2026-07-03: days must ascend"):
        read(*pages)


def test_a_cursor_may_not_come_twice() -> None:
    with pytest.raises(SourceError, match="page cursor twice"):
        read(page(usage(0), after="b"), page(usage(1), after="c"), page(usage(2), after="b"))


def test_more_pages_without_a_cursor_are_no_end() -> None:
    for cursor in (None, "", 7):
        with pytest.raises(SourceError, match="has_more without saying next_page"):
            read(page(usage(0), has_more=True, next_page=cursor))


@pytest.mark.parametrize("cursor", ["x" * 8193, "a\ud800", "a\nb"])
def test_a_cursor_that_cannot_be_sent_back_is_an_error(cursor: str) -> None:
    with pytest.raises(SourceError, match="cannot be sent back"):
        read(page(usage(0), after=cursor))


def test_empty_pages_do_not_go_on_for_ever() -> None:
    pages = (page(after=f"cursor-{number}") for number in range(1000))
    with pytest.raises(SourceError, match="11 empty pages in a row"):
        read(*pages)


def test_a_few_empty_pages_are_passed_over() -> None:
    pages = read(page(after="b"), page(after="c"), page(usage(0)))
    assert [len(each.rows) for each in pages] == [0, 0, 1]


def test_there_is_a_last_page_however_many_the_api_has() -> None:
    book = Book(*(page(usage(0), after=f"cursor-{number}") for number in range(100)))
    with pytest.raises(SourceError, match="still had more after 5 pages of usage"):
        list(make_source(book, max_pages=5).fetch_usage(JULY))
    assert len(book.asked) == 5


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ([], "no object at the top"),
        (None, "no object at the top"),
        ({}, "without object, data, has_more"),
        ({"object": "page", "data": []}, "without has_more"),
        (page(has_more=0), "has_more is no boolean"),
        (page(has_more="false"), "has_more is no boolean"),
        (page(data={}), "data is no list"),
        (page(data=None), "data is no list"),
    ],
)
def test_a_body_that_is_no_page_is_an_error_and_not_asked_for_again(body: Any, what: str) -> None:
    book = Book(body)
    with pytest.raises(SourceError, match=what) as failed:
        list(make_source(book).fetch_usage(JULY))
    assert not failed.value.permanent
    assert len(book.asked) == 1


def test_the_whole_workspace_comes_in_one_piece() -> None:
    rows = [usage(day, user_id=None) for day in range(3)]
    source = make_source(Book(page(*rows[:2], after="b"), page(rows[2], usage(3))))
    good, poisoned = source.fetch_workspace_usage(JULY)
    assert [row.day - FIRST for row in good] == [0, 1, 2]
    assert [row.day for row in poisoned] == [FIRST + 3]


def test_code_reviews_and_answers_come_in_one_piece() -> None:
    times = {"start_time": FIRST * 86_400, "end_time": (FIRST + 1) * 86_400}
    counts = {"pull_request_reviews": 2, "comments": 3}
    review = times | counts | {"comment_details": {"p0": 0, "p1": 1, "p2": 2}}
    answers = ("engaged", "reacted", "upvoted", "downvoted", "reacted_other", "replied")
    response = times | counts | {
        "replies": 1,
        "reactions": 1,
        "comment_response_details": dict.fromkeys(answers, 1),
        "reaction_details": {"upvotes": 1, "downvotes": 0, "other": 0},
    }  # fmt: skip
    source = make_source(Book(page(review, review | {"comments": -1}), page(response)))
    reviews, poisoned = source.fetch_code_reviews(JULY)
    assert [(row.day, row.comments, row.p2) for row in reviews] == [(FIRST, 3, 2)]
    assert [type(row) for row in poisoned] == [PoisonedRow]
    responses, poisoned = source.fetch_code_review_responses(JULY)
    assert [(row.engaged, row.upvotes) for row in responses] == [(1, 1)]
    assert poisoned == []


def test_nothing_more_is_asked_once_the_reading_is_cancelled() -> None:
    book = Book(page(usage(0), after="b"), page(usage(1)))
    stop: list[bool] = []
    pages = make_source(book, cancelled=lambda: bool(stop)).fetch_usage(JULY)
    next(pages)
    stop.append(True)
    with pytest.raises(SourceError, match="stopped before its end") as stopped:
        next(pages)
    assert not stopped.value.permanent
    assert len(book.asked) == 1
