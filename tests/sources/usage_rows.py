"""Usage rows as the API sends them, and ways to spoil them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

DAY = 20_654  # 2026-07-20
DAYS = range(DAY - 3, DAY + 4)
TOTALS: dict[str, Any] = {"threads": 14, "turns": 96, "credits": 134.25}


def row(**changes: Any) -> dict[str, Any]:
    """Alice's day, with ``changes``; a change to ``...`` takes the field away."""
    raw: dict[str, Any] = {
        "object": "workspace.codex.usage.result",
        "start_time": DAY * 86_400,
        "end_time": (DAY + 1) * 86_400,
        "user_id": "user-alice",
        "actor": {"type": "ACCOUNT_USER", "user_id": "user-alice", "email": " Alice@Example.com "},
        "totals": TOTALS,
        "clients": [{"client_id": "CODEX_CLI", **TOTALS}],
        "models": None,
        "code_attribution": None,
    } | changes
    return {name: value for name, value in raw.items() if value is not ...}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
PATHS = [
    ("start_time",), ("end_time",), ("user_id",), ("actor",), ("actor", "user_id"), ("actor", "email"),
    ("actor", "type"), ("totals",), ("totals", "threads"), ("totals", "credits"), ("totals", "cost_usd"),
    ("totals", "estimated_cost_usd"), ("totals", "text_total_tokens"), ("clients",), ("clients", 0),
    ("clients", 0, "client_id"), ("clients", 0, "credits"), ("models",), ("models", 0), ("models", 0, "model"),
    ("models", 0, "speed"), ("models", 0, "credits"), ("code_attribution",), ("code_attribution", "commits"),
    ("code_attribution", "lines_of_code"), ("code_attribution", "lines_of_code", "added"),
    ("code_attribution", "commits", "total_commits"), ("new",), ("totals", "new"),
]  # fmt: skip


def spoil(path: tuple[str | int, ...], junk: Any) -> dict[str, Any]:
    """A row with something of everything, and ``junk`` in one place."""
    raw: dict[str, Any] = json.loads(
        json.dumps(
            row(
                models=[{"model": "m", "speed": None, "credits": 1}],
                code_attribution={"lines_of_code": {"added": 1}, "commits": {"total_commits": 1}},
            )
        )
    )
    place: Any = raw
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = junk
    return raw
