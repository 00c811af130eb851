"""What a row of the two code-review endpoints says; every field of them is required."""

from __future__ import annotations

from typing import Any

from bot.core.models import CodeReviewDay, CodeReviewResponseDay, PoisonedRow
from bot.sources.codex_figures import UnreadableError, parse_required_count
from bot.sources.codex_frame import parse_day, poisoned_row, require_object


def parse_code_review_day(raw: Any, days: range) -> CodeReviewDay | PoisonedRow:
    """What Codex reviewed on a day."""
    try:
        day = parse_day(raw, days)
        counts = _required(raw, "pull_request_reviews comments")
        return CodeReviewDay(day, *counts, *_required_in(raw, "comment_details", "p0 p1 p2"))
    except (UnreadableError, RecursionError) as error:
        return poisoned_row(raw, error)


def parse_code_review_response_day(raw: Any, days: range) -> CodeReviewResponseDay | PoisonedRow:
    """How people answered, over the pull requests merged on a day."""
    answers = "engaged reacted upvoted downvoted reacted_other replied"
    try:
        return CodeReviewResponseDay(
            parse_day(raw, days),
            *_required(raw, "pull_request_reviews comments replies reactions"),
            *_required_in(raw, "comment_response_details", answers),
            *_required_in(raw, "reaction_details", "upvotes downvotes other"),
        )
    except (UnreadableError, RecursionError) as error:
        return poisoned_row(raw, error)


def _required(raw: dict[str, Any], fields: str) -> list[int]:
    return [parse_required_count(raw.get(field), field) for field in fields.split()]


def _required_in(raw: dict[str, Any], parent: str, fields: str) -> list[int]:
    details = require_object(raw.get(parent), parent)
    return [parse_required_count(details.get(field), f"{parent}.{field}") for field in fields.split()]
