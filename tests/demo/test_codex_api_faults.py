"""The faults of the simulated usage API, each as a client meets it."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from threading import Thread
from typing import Any

import httpx
import pytest

from bot.demo import codex_faults
from bot.demo.codex_api import CodexApi
from bot.demo.codex_data import TableData
from bot.demo.codex_faults import Fail, Fault, Garbage, Page, Reset, Rewrite, Slow, Truncate, WebPage

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
KEY = "sk-admin-invented"
WORKSPACE = "0b5c7c1e-6f0e-4d0e-9a55-3f2f7a1e0c11"
DAYS = [datetime(2026, 11, day, tzinfo=UTC) for day in (17, 18, 19)]


@pytest.fixture
def api() -> Iterator[CodexApi]:
    table = TableData()
    for begin in DAYS:
        row = {"start_time": int(begin.timestamp()), "totals": {"turns": 2, "credits": 1.5}, "clients": []}
        table.put(begin.date(), [row | {"user_id": user} for user in ("user-1", "user-2")])
        table.put_reviews(begin.date(), {"pull_request_reviews": 1, "comments": 2})
    with CodexApi(table, now=lambda: NOW, api_key=KEY, workspace_id=WORKSPACE) as api:
        yield api


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, verify=False, headers={"Authorization": f"Bearer {KEY}"}) as http:
        yield http


def ask(http: httpx.Client, api: CodexApi, route: str = "usage", **query: Any) -> httpx.Response:
    params = {name: str(value) for name, value in query.items()}
    return http.get(f"{api.url}/workspaces/{WORKSPACE}/{route}", params=params)


@pytest.mark.parametrize("status", [401, 403, 404, 422, 429, 500, 502, 503, 504])
def test_status_once_and_then_well_again(status: int, api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Fail(status, retry_after="7", body="busy")))

    answer = ask(http, api)

    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (status, "7", "busy")
    assert len(ask(http, api).json()["data"]) == 6
    assert [asked.status for asked in api.requests] == [status, 200]
    assert len(api.faults) == 0


def test_a_fault_waits_for_its_route_its_query_and_its_turn(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Fail(503), route="usage", query={"group": "workspace"}, nth=2, times=2))

    def status(**query: Any) -> int:
        return ask(http, api, **query).status_code

    assert [status(), status(route="code_reviews")] == [200, 200]
    assert [status(group="workspace") for _ in range(4)] == [200, 503, 503, 200]


def test_a_lasting_fault_lasts_until_it_is_cleared(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Fail(500), times=None))

    assert {ask(http, api).status_code for _ in range(5)} == {500}
    assert len(api.faults) == 1
    api.faults.clear()
    assert ask(http, api).status_code == 200


def test_faults_strike_in_the_order_they_were_added(api: CodexApi, http: httpx.Client) -> None:
    for status in (500, 502, 503):
        api.faults.append(Fault(Fail(status)))

    assert [ask(http, api).status_code for _ in range(4)] == [500, 502, 503, 200]


def test_html_with_200(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(WebPage()))

    answer = ask(http, api)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_body_that_is_no_json(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Garbage()))

    answer = ask(http, api)

    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_body_cut_short(share: float, api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Truncate(share)))

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        ask(http, api)
    assert ask(http, api).status_code == 200


@pytest.mark.parametrize(("after_headers", "status"), [(False, 0), (True, 200)])
def test_connection_reset(after_headers: bool, status: int, api: CodexApi, http: httpx.Client) -> None:  # noqa: FBT001 - a parameter of the table
    api.faults.append(Fault(Reset(after_headers=after_headers)))

    with pytest.raises(httpx.ReadError, match="reset"):
        ask(http, api)
    assert ask(http, api).status_code == 200
    assert [asked.status for asked in api.requests] == [status, 200]


def test_a_reset_on_a_connection_kept_alive(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Reset(), nth=2))

    assert ask(http, api).status_code == 200
    with pytest.raises(httpx.TransportError):
        ask(http, api)
    assert ask(http, api).status_code == 200


def test_slow_answers_come_late_and_whole(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Slow(0.3)))

    began = time.monotonic()
    assert len(ask(http, api).json()["data"]) == 6
    assert time.monotonic() - began >= 0.3


def test_a_client_that_gives_up_harms_nobody(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Slow(30)))

    with pytest.raises(httpx.ReadTimeout):
        http.get(f"{api.url}/workspaces/{WORKSPACE}/usage", timeout=0.1)
    assert ask(http, api).status_code == 200


def test_stopping_does_not_wait_for_slow_answers(http: httpx.Client) -> None:
    api = CodexApi(TableData(), now=lambda: NOW, api_key=KEY, workspace_id=WORKSPACE).start()
    api.faults.append(Fault(Slow(60)))
    outcomes: list[object] = []

    def ask_and_keep() -> None:
        try:
            outcomes.append(ask(http, api).status_code)
        except httpx.TransportError as error:
            outcomes.append(error)

    asking = Thread(target=ask_and_keep)
    asking.start()
    while not api.requests:
        time.sleep(0.005)
    began = time.monotonic()
    api.stop()
    asking.join()

    assert time.monotonic() - began < 10
    assert len(outcomes) == 1


def test_the_same_cursor_again(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Rewrite(codex_faults.repeat_cursor), nth=2, times=None))

    first = ask(http, api, limit=2).json()["next_page"]
    second, third = (ask(http, api, limit=2, page=first).json() for _ in range(2))

    assert second["next_page"] == third["next_page"] == first
    assert second["data"] == third["data"]
    assert second["has_more"] is True


def test_the_same_page_for_ever_at_new_cursors(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Rewrite(codex_faults.repeat_page), times=None))

    page: dict[str, Any] = {}
    bodies = []
    for _ in range(5):
        bodies.append(ask(http, api, limit=2, **page).json())
        page = {"page": bodies[-1]["next_page"]}

    assert len({body["next_page"] for body in bodies}) == 5
    assert all(one["data"] == other["data"] for one, other in pairwise(bodies))


def test_more_without_a_cursor(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Rewrite(codex_faults.null_cursor)))
    api.faults.append(Fault(Rewrite(codex_faults.absent_cursor)))

    null, absent = (ask(http, api).json() for _ in range(2))

    assert (null["has_more"], null["next_page"]) == (True, None)
    assert absent["has_more"] is True
    assert "next_page" not in absent


def test_days_in_the_wrong_order(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Rewrite(codex_faults.reverse_rows)))

    times = [row["start_time"] for row in ask(http, api).json()["data"]]

    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 3


def test_a_row_twice(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Rewrite(codex_faults.duplicate_row)))

    rows = ask(http, api).json()["data"]

    assert len(rows) == 7
    assert rows[0] == rows[1]


@pytest.mark.parametrize("route", ["usage", "code_reviews"])
def test_rows_that_break_the_schema(route: str, api: CodexApi, http: httpx.Client) -> None:
    usage = route == "usage"

    def first(change: Callable[[Page], None]) -> dict[str, Any]:
        api.faults.append(Fault(Rewrite(change)))
        row: dict[str, Any] = ask(http, api, route).json()["data"][0]
        return row

    word, nan = first(codex_faults.put_text_for_number), first(codex_faults.put_nan)
    lacking = first(codex_faults.drop_required_field)

    assert (word["totals"]["turns"] if usage else word["pull_request_reviews"]) == "many"
    assert math.isnan(nan["totals"]["credits"] if usage else nan["comments"])
    assert ("totals" if usage else "comments") not in lacking


@pytest.mark.parametrize("name", ["object", "data", "has_more"])
def test_an_envelope_that_lacks_a_field(name: str, api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Rewrite(codex_faults.drop_envelope_field(name))))

    assert name not in ask(http, api).json()


def test_a_page_without_rows_survives_every_rewrite(api: CodexApi, http: httpx.Client) -> None:
    api.data = TableData()
    changes = (
        codex_faults.put_nan,
        codex_faults.put_text_for_number,
        codex_faults.drop_required_field,
        codex_faults.duplicate_row,
        codex_faults.reverse_rows,
    )
    for change in changes:
        api.faults.append(Fault(Rewrite(change)))

    assert [ask(http, api).json()["data"] for _ in changes] == [[]] * len(changes)


def test_an_error_is_never_rewritten(api: CodexApi, http: httpx.Client) -> None:
    api.faults.append(Fault(Rewrite(codex_faults.put_nan)))

    assert ask(http, api, limit=0).status_code == 422
