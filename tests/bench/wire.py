"""The Codex API as bytes out of a store: what a sync of the large company receives, with no network between.

The time spent on making the bytes is counted, so that it can be taken off: it is the vendor's, not ours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import httpx

from bot.core.models import date_of, epoch_day
from bot.store.engine import Engine
from tests.bench.clocks import Seconds

BASE_URL = "https://codex.bench.example"
WORKSPACE = "5b1d7c1e-7c5a-4f0e-9d0e-0123456789ab"
PAGE_ROWS = 1000
DAY_SECONDS = 86_400

_ROWS = """
SELECT u.account, a.external_id, a.email, u.client, c.name, u.threads, u.turns, u.credits, u.estimate, u.uncached,
       u.cached, u.output
FROM usage_client u JOIN account a ON a.id = u.account JOIN client c ON c.id = u.client
WHERE u.day = ? ORDER BY u.account, u.client
"""


class Wire:
    """Answers requests for usage with what the store holds, ``corrected`` in a thousand accounts a little larger."""

    def __init__(self, path: Path, *, corrected: int) -> None:
        self._engine = Engine(path)
        self._corrected = corrected
        self._pages: Iterator[bytes] = iter(())
        self.seconds = Seconds()
        self.bytes = 0
        self.rows = 0

    def client(self) -> httpx.Client:
        """A client whose network ends here."""
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def pages(self, since: date, until: date) -> Iterator[bytes]:
        """The bodies of all pages of the days ``[since, until)``."""
        rows = list[dict[str, Any]]()
        for day in range(epoch_day(since), epoch_day(until)):
            for row in self._rows(day):
                if len(rows) == PAGE_ROWS:
                    yield _page(rows, more=True)
                    rows = []
                rows.append(row)
        yield _page(rows, more=False)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        begun = Seconds.now()
        body = self._body(request)
        self.bytes += len(body)
        self.seconds += Seconds.now() - begun
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})

    def _body(self, request: httpx.Request) -> bytes:
        asked = request.url.params
        if not request.url.path.endswith("/usage") or asked.get("group"):
            return _page([], more=False)
        if "page" not in asked:
            self._pages = self.pages(_day(asked["start_time"]), _day(asked["end_time"]))
        return next(self._pages)

    def _rows(self, day: int) -> Iterator[dict[str, Any]]:
        with self._engine.reading() as connection:
            found = connection.execute(_ROWS, (day,)).fetchall()
        for account, clients in groupby(found, key=itemgetter(0)):
            self.rows += 1
            yield _row(day, list(clients), grown=(account * 7919 + day) % 1000 < self._corrected)


def _row(day: int, clients: list[tuple[Any, ...]], *, grown: bool) -> dict[str, Any]:
    parts = [_amounts(client, grown=grown) for client in clients]
    totals = {name: sum(part[name] for part in parts) for name in parts[0]}
    account = clients[0]
    return {
        "object": "workspace.codex.usage.result",
        "start_time": day * DAY_SECONDS,
        "end_time": (day + 1) * DAY_SECONDS,
        "user_id": account[1],
        "actor": {"type": "ACCOUNT_USER", "user_id": account[1], "email": account[2]},
        "totals": totals,
        "clients": [{"client_id": client[4], **part} for client, part in zip(clients, parts, strict=True)],
        "models": _models(clients, parts),
        "code_attribution": None,
    }


def _models(clients: list[tuple[Any, ...]], parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same sums by model that the large company stores."""
    from tests.bench.large import MODELS  # noqa: PLC0415 - it imports much that a wire alone does not need

    sums: dict[int, dict[str, Any]] = {}
    for client, part in zip(clients, parts, strict=True):
        model = (client[0] + client[3]) % len(MODELS)
        known = sums.setdefault(model, {})
        for name, value in part.items():
            if name not in {"threads", "turns"}:
                known[name] = known.get(name, 0) + value
    return [
        {"model": MODELS[model], "speed": "standard", **figures} for model, figures in sorted(sums.items())
    ]


def _amounts(client: tuple[Any, ...], *, grown: bool) -> dict[str, Any]:
    _, _, _, _, _, threads, turns, credits_, estimate, uncached, cached, output = client
    turns += grown
    return {
        "threads": threads,
        "turns": turns,
        "credits": credits_ / 1_000_000,
        "estimated_cost_usd": estimate / 1_000_000,
        "uncached_text_input_tokens": uncached,
        "cached_text_input_tokens": cached,
        "text_output_tokens": output,
        "text_total_tokens": uncached + cached + output,
    }


def _page(rows: list[dict[str, Any]], *, more: bool) -> bytes:
    body = {
        "object": "page",
        "data": rows,
        "has_more": more,
        "next_page": f"after-{id(rows)}-{time.perf_counter_ns()}" if more else None,
    }
    return json.dumps(body).encode()


def _day(seconds: str) -> date:
    return date_of(int(seconds) // DAY_SECONDS)
