"""What the API tells about the whole workspace: daily totals, and the code reviews that Codex wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random
from typing import Any

from bot.demo.row_parts import DAY_SECONDS, USD_PER_CREDIT
from bot.demo.usage_model import start_of

Row = dict[str, Any]

UNATTRIBUTED_SHARE = 0.012
"""Usage of the workspace that no account's row explains."""
_SUMMED = (
    "threads", "turns", "credits",
    "uncached_text_input_tokens", "cached_text_input_tokens", "text_output_tokens", "text_total_tokens",
)  # fmt: skip


def build_workspace_row(rows: Iterable[Mapping[str, Any]], day: date) -> Row | None:
    """The aggregate of a day's account rows and a little more; None for a day without rows.

    Like OpenAI's own sample it has no ``user_id``, ``actor``, ``models`` or ``code_attribution`` at all.
    """
    totals: Row = {}
    clients: dict[str, Row] = {}
    for row in rows:
        _add(totals, row["totals"])
        for client in row["clients"]:
            _add(clients.setdefault(client["client_id"], {}), client)
    if not totals:
        return None
    return {
        "object": "workspace.codex.usage.result",
        **_span(day),
        "totals": _raise(totals),
        "clients": [{"client_id": name, **_raise(amounts)} for name, amounts in sorted(clients.items())],
    }


def build_review_row(people: int, seed: int, day: date) -> Row:
    """Reviews that Codex wrote on the day, for a company of that many people."""
    rng = Random(f"reviews {seed} {day}")
    reviews = _draw_reviews(people, day, rng)
    details = {"p0": int(reviews * rng.uniform(0, 0.2)), "p1": int(reviews * rng.uniform(0.5, 1.4))}
    details["p2"] = int(reviews * rng.uniform(0.4, 1.5))
    return {
        "object": "workspace.codex.usage.code_reviews.result",
        **_span(day),
        "pull_request_reviews": reviews,
        "comments": sum(details.values()),
        "comment_details": details,
    }


def build_review_response_row(people: int, seed: int, day: date) -> Row:
    """How people answered, over pull requests merged on the day; a comment can have several answers."""
    rng = Random(f"responses {seed} {day}")
    reviews = int(_draw_reviews(people, day, rng) * 0.8)
    comments = int(reviews * rng.uniform(1.2, 2.6))
    upvoted, downvoted = int(comments * rng.uniform(0.2, 0.4)), int(comments * rng.uniform(0.03, 0.1))
    other, replied = int(comments * 0.05), int(comments * rng.uniform(0.1, 0.3))
    reacted = min(comments, upvoted + downvoted + other)
    reactions = {"upvotes": upvoted + upvoted // 4, "downvotes": downvoted, "other": other + other // 3}
    return {
        "object": "workspace.codex.usage.code_review_responses.result",
        **_span(day),
        "pull_request_reviews": reviews,
        "comments": comments,
        "replies": replied + replied // 3,
        "reactions": sum(reactions.values()),
        "comment_response_details": {
            "engaged": min(comments, max(reacted, replied) + replied // 4),
            "reacted": reacted,
            "upvoted": upvoted,
            "downvoted": downvoted,
            "reacted_other": other,
            "replied": replied,
        },
        "reaction_details": reactions,
    }


def _span(day: date) -> Row:
    start = start_of(day)
    return {"start_time": start, "end_time": start + DAY_SECONDS}


def _draw_reviews(people: int, day: date, rng: Random) -> int:
    weekend = day.isoweekday() >= 6  # noqa: PLR2004 - Saturday and Sunday
    return int(people * rng.uniform(0.25, 0.5) * (0.05 if weekend else 1.0))


def _add(into: Row, amounts: Mapping[str, Any]) -> None:
    for field in _SUMMED:
        value = amounts.get(field)
        if value is not None:
            into[field] = into.get(field, 0) + value
    if "cost_usd" in amounts:
        into["cost_usd"] = into.get("cost_usd", 0) + float(amounts["cost_usd"])


def _raise(amounts: Row) -> Row:
    """The amounts with the unattributed share on top and the estimate of their cost."""
    raised: Row = {field: int(value * (1 + UNATTRIBUTED_SHARE)) for field, value in amounts.items()}
    raised["credits"] = amounts["credits"] * (1 + UNATTRIBUTED_SHARE)
    raised["estimated_cost_usd"] = round(raised["credits"] * USD_PER_CREDIT, 2)
    if "cost_usd" in amounts:
        raised["cost_usd"] = round(amounts["cost_usd"], 2)
    return raised
