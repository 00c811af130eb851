"""The Codex Enterprise Analytics API on this machine: what it answers, to whom, and what it was asked.

As strict as the published schema where that speaks, and taking the less comfortable reading elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self, assert_never

from bot.demo.codex_data import UsageData
from bot.demo.codex_faults import Act, Fail, Faults, Garbage, Page, Reset, Rewrite, Slow, Truncate, WebPage
from bot.demo.codex_gate import Gate, Rules
from bot.demo.codex_pages import Found, Place, Shelf, decode_cursor, take_page
from bot.demo.codex_query import Query, Refusal, limit_history, parse_query, parse_workspace, refuse
from bot.demo.codex_server import CodexServer, Reply

BASE_PATH = "/v1/analytics/codex"
ROUTES = ("usage", "code_reviews", "code_review_responses")


class Asked(NamedTuple):
    """One request that came in, and the status it got; 0 where the connection was reset before any."""

    route: str
    query: dict[str, str]
    status: int


class Request(NamedTuple):
    """A GET of a known route, nothing of it checked."""

    route: str
    workspace: str
    query: dict[str, str]
    authorization: str | None


class CodexApi:
    """Serves ``data`` on loopback between `start` and `stop`; ``url`` is the value of ``CODEX_API_URL``.

    ``data``, ``faults`` and ``rules`` may be changed at any time; ``requests`` holds what was asked so far.
    """

    def __init__(
        self,
        data: UsageData,
        *,
        now: Callable[[], datetime],
        api_key: str,
        workspace_id: str,
        rules: Rules | None = None,
        port: int = 0,
    ) -> None:
        self.data = data
        self.faults = Faults()
        self.rules = rules or Rules()
        self.requests: list[Asked] = []
        self._now = now
        self._gate = Gate(api_key, workspace_id)
        self._shelf, self._lock = Shelf(), Lock()
        self._numbers = count(1)
        self._server = CodexServer(port, self._respond)

    @property
    def url(self) -> str:
        """The base of every route, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.port}{BASE_PATH}"

    def start(self) -> Self:
        """Begins to serve; returns at once."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Closes every connection and waits for the threads; raises what went wrong inside the server."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def count(self, route: str | None = None, status: int | None = None) -> int:
        """How many requests came in, of that route and with that status where given."""
        asked = tuple(self.requests)
        return sum(route in (None, one.route) and status in (None, one.status) for one in asked)

    def _respond(self, path: str, sent: dict[str, str], authorization: str | None) -> Reply:
        """The reply to one GET; called by the threads of the connections."""
        base, _, rest = path.partition("/workspaces/")
        workspace, _, route = rest.partition("/")
        if base != BASE_PATH or route not in ROUTES:
            return Reply(404, b'{"detail":"Not Found"}')
        act = self.faults.take(route, sent)
        answer = self._answer(Request(route, workspace, sent, authorization), self.rules)
        reply = _strike(self._serve(answer, act), act)
        self.requests.append(Asked(route, sent, 0 if reply.reset == "before" else reply.status))
        return reply

    def _answer(self, request: Request, rules: Rules) -> Found | Refusal:
        """What is asked, as FastAPI would check it: the key, the form of path and query, then the rest."""
        refused = self._gate.refuse_key(request.authorization, rules)
        if refused is not None:
            return refused
        workspace = parse_workspace(request.workspace)
        if isinstance(workspace, Refusal):
            return workspace
        query = parse_query(request.route, request.query, self._now())
        if isinstance(query, Refusal):
            return query
        refused = self._gate.refuse_workspace(workspace, rules)
        refused = refused or self._gate.refuse_rate(request.route, monotonic(), rules)
        return refused or self._find(query, rules)

    def _find(self, query: Query, rules: Rules) -> Found | Refusal:
        """The page of a valid request."""
        begin = Place(query.days.start, 0)
        if query.page is not None:
            found = decode_cursor(query.page, query.binding)
            if found is None:
                return refuse(400, "Invalid page cursor.", "invalid_cursor")
            begin = found
        limited = limit_history(query, rules.history_days)
        if rules.refuse_older and limited != query:
            return refuse(400, "start_time is too far in the past.", "invalid_time_range")
        with self._lock:
            rows, rest = take_page(self._shelf, self.data, limited, begin)
        return Found(rows, query.binding, begin, rest)

    def _serve(self, answer: Found | Refusal, act: Act | None) -> Reply:
        number = next(self._numbers)
        name = {"x-request-id": f"req_{number:08}"}
        if isinstance(answer, Refusal):
            return Reply(answer.status, json.dumps(answer.body).encode(), {**answer.headers, **name})
        last_page = self.rules.last_page
        says_null = last_page == "null" or (last_page == "alternate" and number % 2 == 0)
        body = answer.encode(says_null=says_null)
        if isinstance(act, Rewrite):
            body = self._rewrite(body, answer, act)
        return Reply(200, body, name)

    def _rewrite(self, body: bytes, answer: Found, act: Rewrite) -> bytes:
        page = Page(json.loads(body), answer.cursor(), lambda: answer.cursor(next(self._numbers)))
        act.change(page)
        return json.dumps(page.body).encode()


def _strike(reply: Reply, act: Act | None) -> Reply:
    """The reply as the fault leaves it; a `Rewrite` has done its part before."""
    match act:
        case Fail(status, retry_after, body):
            headers = {} if retry_after is None else {"Retry-After": retry_after}
            struck = Reply(status, body.encode(), headers)
        case WebPage(html):
            struck = Reply(200, html.encode(), content_type="text/html; charset=utf-8")
        case Garbage(garbled):
            struck = Reply(200, garbled)
        case Truncate(share):
            struck = replace(reply, sent_share=share)
        case Reset(after_headers):
            struck = replace(reply, reset="after" if after_headers else "before")
        case Slow(seconds):
            struck = replace(reply, delay_seconds=seconds)
        case Rewrite() | None:
            struck = reply
        case _:
            assert_never(act)
    return struck
