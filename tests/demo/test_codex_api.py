"""The simulated usage API over HTTP: who is let in, what is refused in which words, and how pages follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from inline_snapshot import snapshot

from bot.demo.codex_api import Asked, CodexApi
from bot.demo.codex_data import TableData
from bot.demo.codex_gate import Gate, Rules

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
KEY = "sk-admin-invented"
WORKSPACE = "0b5c7c1e-6f0e-4d0e-9a55-3f2f7a1e0c11"
OTHER_WORKSPACE = "0b5c7c1e-6f0e-4d0e-9a55-3f2f7a1e0c22"
DAY = 86_400


def at(day: date) -> int:
    """Midnight UTC in Unix seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def row_of(day: date, user: str) -> dict[str, Any]:
    return {
        "object": "workspace.codex.usage.result",
        "start_time": at(day),
        "end_time": at(day) + DAY,
        "user_id": user,
        "totals": {"threads": 1, "turns": 2, "credits": 1.5},
        "clients": [],
    }


@pytest.fixture
def table() -> TableData:
    """Three rows a day for the last 40 days, today included; an aggregate and reviews for yesterday."""
    table = TableData()
    for ago in range(40):
        day = days_ago(ago)
        table.put(day, [row_of(day, f"user-{n}") for n in range(3)])
    table.put_workspace(days_ago(1), row_of(days_ago(1), "nobody") | {"user_id": None})
    table.put_reviews(days_ago(1), {"object": "reviews", "start_time": at(days_ago(1))})
    table.put_review_responses(days_ago(1), {"object": "responses", "start_time": at(days_ago(1))})
    return table


@pytest.fixture
def api(table: TableData) -> Iterator[CodexApi]:
    with CodexApi(table, now=lambda: NOW, api_key=KEY, workspace_id=WORKSPACE) as api:
        yield api


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, verify=False, headers={"Authorization": f"Bearer {KEY}"}) as http:
        yield http


def ask(http: httpx.Client, api: CodexApi, route: str = "usage", **query: Any) -> httpx.Response:
    params = {name: str(value) for name, value in query.items()}
    return http.get(f"{api.url}/workspaces/{WORKSPACE}/{route}", params=params)


def read_all(http: httpx.Client, api: CodexApi, **query: Any) -> list[list[dict[str, Any]]]:
    """Every page, as a patient client would read them."""
    pages: list[list[dict[str, Any]]] = []
    cursor: dict[str, Any] = {}
    while True:
        body = ask(http, api, **query, **cursor).raise_for_status().json()
        pages.append(body["data"])
        if not body["has_more"]:
            return pages
        cursor = {"page": body["next_page"]}


def test_defaults_are_thirty_days_ending_today(api: CodexApi, http: httpx.Client) -> None:
    body = ask(http, api).json()

    assert body["object"] == "page"
    assert body["has_more"] is False
    assert len(body["data"]) == 30 * 3
    assert (body["data"][0]["start_time"], body["data"][-1]["start_time"]) == (at(days_ago(29)), at(TODAY))


def test_start_is_inside_and_end_outside(api: CodexApi, http: httpx.Client) -> None:
    body = ask(http, api, start_time=at(days_ago(3)), end_time=at(days_ago(1))).json()

    assert [row["start_time"] for row in body["data"]] == [at(days_ago(3))] * 3 + [at(days_ago(2))] * 3


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"start_time": at(days_ago(1))}, [1, 0]),
        ({"end_time": at(days_ago(38))}, [39]),
        ({"start_time": at(days_ago(2)) + 1, "end_time": at(days_ago(1)) + 1}, [1]),
        ({"start_time": at(days_ago(0)), "end_time": at(days_ago(-400))}, [0]),
        ({"start_time": at(days_ago(900)), "end_time": at(days_ago(800))}, []),
        ({"start_time": at(days_ago(-5)), "end_time": at(days_ago(-6))}, []),
    ],
    ids=["no end", "no start", "unaligned", "far future", "long ago", "all in the future"],
)
def test_windows(query: dict[str, Any], days: list[int], api: CodexApi, http: httpx.Client) -> None:
    body = ask(http, api, **query).json()

    assert sorted({row["start_time"] for row in body["data"]}) == [at(days_ago(ago)) for ago in days]


def test_unknown_parameters_are_ignored(api: CodexApi, http: httpx.Client) -> None:
    plain = ask(http, api, start_time=at(days_ago(2))).json()["data"]

    assert (
        ask(http, api, start_time=at(days_ago(2)), group_by="week", user_id="user-1").json()["data"] == plain
    )


def test_pages_split_days_and_lose_nothing(api: CodexApi, http: httpx.Client) -> None:
    pages = read_all(http, api, limit=4, start_time=at(days_ago(4)))

    assert [len(page) for page in pages] == [4, 4, 4, 3]
    rows = [row for page in pages for row in page]
    assert [row["start_time"] for row in rows] == sorted(row["start_time"] for row in rows)
    assert len({(row["start_time"], row["user_id"]) for row in rows}) == 15


def test_a_page_that_ends_with_the_last_row_is_the_last(api: CodexApi, http: httpx.Client) -> None:
    pages = read_all(http, api, limit=5, start_time=at(days_ago(4)))

    assert [len(page) for page in pages] == [5, 5, 5]


def test_limit_may_change_between_pages(api: CodexApi, http: httpx.Client) -> None:
    first = ask(http, api, limit=1).json()

    assert len(ask(http, api, limit=30_000, page=first["next_page"]).json()["data"]) == 89


@pytest.mark.parametrize(("last_page", "tells"), [("null", [True, True]), ("absent", [False, False])])
def test_last_page_tells_it_with_null_or_not_at_all(
    last_page: Any, tells: list[bool], api: CodexApi, http: httpx.Client
) -> None:
    api.rules = Rules(last_page=last_page)

    assert ["next_page" in ask(http, api).json() for _ in tells] == tells


def test_last_pages_alternate_by_default(api: CodexApi, http: httpx.Client) -> None:
    assert {"next_page" in ask(http, api).json() for _ in range(2)} == {True, False}


@pytest.mark.parametrize("page", ["", "bm90IG91cnM", "!!!", "ä", "AAAA"])
def test_an_invented_cursor_is_refused(page: str, api: CodexApi, http: httpx.Client) -> None:
    answer = ask(http, api, page=page)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_cursor"


def test_a_cursor_belongs_to_its_window(api: CodexApi, http: httpx.Client) -> None:
    """A client that does not repeat the other parameters must notice."""
    cursor = ask(http, api, limit=1, start_time=at(days_ago(3))).json()["next_page"]

    assert ask(http, api, limit=1, page=cursor).status_code == 400
    assert ask(http, api, "code_reviews", start_time=at(days_ago(3)), page=cursor).status_code == 400


def test_workspace_group_gives_aggregates(api: CodexApi, http: httpx.Client) -> None:
    rows = ask(http, api, group="workspace").json()["data"]

    assert [row["user_id"] for row in rows] == [None]


def test_other_groups_are_refused(api: CodexApi, http: httpx.Client) -> None:
    assert ask(http, api, group="user").status_code == 400


def test_review_routes_ignore_the_group(api: CodexApi, http: httpx.Client) -> None:
    assert [row["object"] for row in ask(http, api, "code_reviews", group="user").json()["data"]] == [
        "reviews"
    ]
    assert [row["object"] for row in ask(http, api, "code_review_responses").json()["data"]] == ["responses"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (
            {"limit": "50000"},
            snapshot(
                {
                    "type": "less_than_equal",
                    "loc": ["query", "limit"],
                    "msg": "Input should be less than or equal to 30000",
                    "input": "50000",
                    "ctx": {"le": 30000},
                }
            ),
        ),
        (
            {"limit": "0"},
            snapshot(
                {
                    "type": "greater_than_equal",
                    "loc": ["query", "limit"],
                    "msg": "Input should be greater than or equal to 1",
                    "input": "0",
                    "ctx": {"ge": 1},
                }
            ),
        ),
        (
            {"start_time": "2026-05-01T00:00:00Z"},
            snapshot(
                {
                    "type": "int_parsing",
                    "loc": ["query", "start_time"],
                    "msg": "Input should be a valid integer, unable to parse string as an integer",
                    "input": "2026-05-01T00:00:00Z",
                }
            ),
        ),
        (
            {"end_time": ""},
            snapshot(
                {
                    "type": "int_parsing",
                    "loc": ["query", "end_time"],
                    "msg": "Input should be a valid integer, unable to parse string as an integer",
                    "input": "",
                }
            ),
        ),
    ],
    ids=["limit too large", "limit zero", "ISO time", "empty time"],
)
def test_wrong_parameters_are_422(
    query: dict[str, str], detail: dict[str, Any], api: CodexApi, http: httpx.Client
) -> None:
    answer = ask(http, api, **query)

    assert answer.status_code == 422
    assert answer.json() == {"detail": [detail]}


def test_every_wrong_parameter_is_told(api: CodexApi, http: httpx.Client) -> None:
    details = ask(http, api, start_time="1.5", end_time="x", limit="-1").json()["detail"]

    assert [detail["loc"][1] for detail in details] == ["start_time", "end_time", "limit"]


@pytest.mark.parametrize("query", [{"start_time": 5, "end_time": 5}, {"start_time": -DAY}, {"end_time": 0}])
def test_a_window_turned_round_is_refused(query: dict[str, Any], api: CodexApi, http: httpx.Client) -> None:
    assert ask(http, api, **query).status_code == 400


def test_times_too_large_for_a_calendar_do_no_harm(api: CodexApi, http: httpx.Client) -> None:
    assert ask(http, api, start_time=10**17, end_time=10**17 + 1).json()["data"] == []


@pytest.mark.parametrize(
    ("workspace", "reason"),
    [
        ("ws_abc", "invalid character: found `w` at 0"),
        ("12345", "invalid length: expected length 32 for simple format, found 5"),
    ],
)
def test_a_workspace_that_is_no_uuid_is_422(
    workspace: str, reason: str, api: CodexApi, http: httpx.Client
) -> None:
    answer = http.get(f"{api.url}/workspaces/{workspace}/usage")

    assert answer.status_code == 422
    assert answer.json()["detail"] == [
        {
            "type": "uuid_parsing",
            "loc": ["path", "workspace_id"],
            "msg": f"Input should be a valid UUID, {reason}",
            "input": workspace,
            "ctx": {"error": reason},
        }
    ]


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("", 401),
        ("Bearer", 401),
        (KEY, 401),
        ("Bearer sk-wrong", 401),
        (f"Basic {KEY}", 401),
        ("Bearer sk-without-scope", 403),
        (f"bearer {KEY}", 200),
    ],
)
def test_keys(authorization: str, status: int, api: CodexApi, http: httpx.Client) -> None:
    api.rules = Rules(keys_without_scope=frozenset({"sk-without-scope"}))
    http.headers["Authorization"] = authorization

    answer = ask(http, api)

    assert answer.status_code == status
    assert KEY not in answer.text


def test_the_key_is_checked_before_anything_else(api: CodexApi) -> None:
    answer = httpx.get(f"{api.url}/workspaces/none/usage", params={"limit": "x"}, trust_env=False)

    assert answer.status_code == 401


def test_workspaces_of_others_and_of_nobody(api: CodexApi, http: httpx.Client) -> None:
    api.rules = Rules(foreign_workspaces=frozenset({UUID(OTHER_WORKSPACE)}))

    statuses = [
        http.get(f"{api.url}/workspaces/{workspace}/usage").status_code
        for workspace in (OTHER_WORKSPACE, str(UUID(int=5)), WORKSPACE.upper())
    ]
    assert statuses == [403, 404, 200]


@pytest.mark.parametrize(
    "path", ["", "/usage", f"/workspaces/{WORKSPACE}", f"/workspaces/{WORKSPACE}/usage/"]
)
def test_other_paths_do_not_exist(path: str, api: CodexApi, http: httpx.Client) -> None:
    assert http.get(api.url + path).status_code == 404


def test_other_methods_are_not_allowed(api: CodexApi, http: httpx.Client) -> None:
    answer = http.post(f"{api.url}/workspaces/{WORKSPACE}/usage", json={})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_old_days_are_left_out_or_refused(api: CodexApi, http: httpx.Client) -> None:
    since = at(days_ago(20))
    api.rules = Rules(history_days=9)
    assert len(ask(http, api, start_time=since).json()["data"]) == 10 * 3
    assert ask(http, api, start_time=since, end_time=at(days_ago(15))).json()["data"] == []

    api.rules = Rules(history_days=9, refuse_older=True)
    assert ask(http, api, start_time=since).status_code == 400
    assert ask(http, api, start_time=at(days_ago(9))).status_code == 200


def test_too_many_requests_a_minute(api: CodexApi, http: httpx.Client) -> None:
    api.rules = Rules(requests_per_minute=2)

    answers = [ask(http, api) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 55 <= int(answers[2].headers["Retry-After"]) <= 60
    assert ask(http, api, "code_reviews").status_code == 200  # each route has its own count


def test_the_rate_is_that_of_the_last_window() -> None:
    gate, rules = Gate(KEY, WORKSPACE), Rules(requests_per_minute=2)

    refused = {at: gate.refuse_rate("usage", at, rules) for at in (0.0, 30.0, 59.0, 60.5, 61.0)}

    waits = {at: refusal and refusal.headers["Retry-After"] for at, refusal in refused.items()}
    assert waits == {0.0: None, 30.0: None, 59.0: "1", 60.5: None, 61.0: "29"}


def test_days_beyond_the_memory_are_made_again(
    monkeypatch: pytest.MonkeyPatch, api: CodexApi, http: httpx.Client
) -> None:
    monkeypatch.setattr("bot.demo.codex_pages.CACHED_BYTES", 100)

    assert sum(map(len, read_all(http, api, limit=7))) == 90
    assert sum(map(len, read_all(http, api, limit=7))) == 90


def test_what_was_asked_is_remembered(api: CodexApi, http: httpx.Client) -> None:
    ask(http, api, limit=2)
    ask(http, api, "code_reviews", limit="two")

    assert api.requests == [Asked("usage", {"limit": "2"}, 200), Asked("code_reviews", {"limit": "two"}, 422)]
    assert (api.count(), api.count("usage"), api.count(status=422)) == (2, 1, 1)


def test_a_change_of_the_table_is_seen_at_once(table: TableData, api: CodexApi, http: httpx.Client) -> None:
    def users() -> list[str]:
        return [row["user_id"] for row in ask(http, api, start_time=at(TODAY)).json()["data"]]

    assert users() == ["user-0", "user-1", "user-2"]
    table.remove(TODAY, "user-1")
    assert users() == ["user-0", "user-2"]
    table.put(TODAY, [row_of(TODAY, "user-9")])
    assert users() == ["user-9"]
    table.remove(TODAY)
    assert users() == []


def test_other_data_can_be_put_in_place(api: CodexApi, http: httpx.Client) -> None:
    assert ask(http, api).json()["data"]
    api.data = TableData()

    assert ask(http, api).json()["data"] == []


def test_rows_are_copied_on_the_way_in(table: TableData, api: CodexApi, http: httpx.Client) -> None:
    row = row_of(TODAY, "user-1")
    table.put(TODAY, [row])
    row["totals"]["credits"] = 99

    assert ask(http, api, start_time=at(TODAY)).json()["data"][0]["totals"]["credits"] == 1.5
    with pytest.raises(KeyError):
        table.remove(TODAY, "nobody")


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    never = CodexApi(TableData(), now=lambda: NOW, api_key=KEY, workspace_id=WORKSPACE)
    never.stop()
    with pytest.raises(httpx.ConnectError):  # its port is free again
        httpx.get(never.url, trust_env=False)


def test_a_fault_of_its_own_is_raised_at_the_end(http: httpx.Client) -> None:
    """A broken simulation must not look like a broken network."""

    class Broken(TableData):
        def usage(self, day: date) -> list[dict[str, Any]]:
            raise ZeroDivisionError

    api = CodexApi(Broken(), now=lambda: NOW, api_key=KEY, workspace_id=WORKSPACE).start()
    with pytest.raises(httpx.TransportError):
        ask(http, api)
    with pytest.raises(ZeroDivisionError):
        api.stop()
