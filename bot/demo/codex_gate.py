"""Who may ask the simulated usage API, how often, and how it behaves where the contract leaves room."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from threading import Lock
from typing import Literal
from uuid import UUID

from bot.demo.codex_query import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Rules:
    """``requests_per_minute`` holds for each route, over the last ``window_seconds`` of real time.

    Days more than ``history_days`` before today are left out, or the request refused with ``refuse_older``.
    ``last_page`` is how a last page tells that it is one: ``next_page`` null, absent, or each in turn.
    """

    requests_per_minute: int | None = None
    window_seconds: float = 60.0
    history_days: int | None = None
    refuse_older: bool = False
    last_page: Literal["null", "absent", "alternate"] = "alternate"
    keys_without_scope: frozenset[str] = frozenset()
    foreign_workspaces: frozenset[UUID] = frozenset()


class Gate:
    """One key for one workspace."""

    def __init__(self, api_key: str, workspace_id: str) -> None:
        self._api_key = api_key
        self._workspace = UUID(workspace_id)
        self._lock = Lock()
        self._let_in: defaultdict[str, deque[float]] = defaultdict(deque)

    def refuse_key(self, authorization: str | None, rules: Rules) -> Refusal | None:
        """401 for a header that is missing or wrong, 403 for a key that may not read analytics."""
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            return refuse(401, "You didn't provide an API key.", "missing_api_key")
        if key in rules.keys_without_scope:
            return refuse(403, "You have insufficient permissions for this operation.", "missing_scope")
        return None if key == self._api_key else refuse(401, "Incorrect API key provided.", "invalid_api_key")

    def refuse_workspace(self, workspace: UUID, rules: Rules) -> Refusal | None:
        """403 for a workspace of somebody else, 404 for one that nobody has."""
        if workspace == self._workspace:
            return None
        if workspace in rules.foreign_workspaces:
            return refuse(403, "The key does not belong to this workspace.", "workspace_mismatch")
        return refuse(404, "Workspace not found.", "workspace_not_found")

    def refuse_rate(self, route: str, at: float, rules: Rules) -> Refusal | None:
        """429 once a route was answered too often; a refused request does not count. ``at`` in seconds."""
        with self._lock:
            times = self._let_in[route]
            while times and times[0] <= at - rules.window_seconds:
                times.popleft()
            if rules.requests_per_minute is None or len(times) < rules.requests_per_minute:
                times.append(at)
                return None
            wait = max(1, math.ceil(times[0] + rules.window_seconds - at))
        refusal = refuse(429, "Rate limit reached for requests.", "rate_limit_exceeded")
        return Refusal(refusal.status, refusal.body, {"Retry-After": str(wait)})
