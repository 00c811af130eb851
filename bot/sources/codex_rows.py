"""What one row of the Codex Enterprise Analytics API says, as a value of this program.

Every row becomes a value or a `PoisonedRow`; nothing else ever comes out. Written tight, because a repeated
read of three months parses a million rows: the known keys are taken with ``get``, and one comparison of
key sets an object tells whether there is anything unknown to keep.
"""

from __future__ import annotations

from typing import Any

from bot.core.models import (
    Amounts,
    ClientUsage,
    CodeAttribution,
    ModelUsage,
    PoisonedRow,
    UsageRow,
    WorkspaceRow,
)
from bot.sources.codex_amounts import MODEL_FIELDS, SHARED_FIELDS, add_amounts, keep_unknown, parse_amounts
from bot.sources.codex_figures import (
    UnreadableError,
    parse_count,
    parse_micro,
    parse_required_count,
    parse_text,
    render_json,
)
from bot.sources.codex_frame import key_of_email, parse_day, poisoned_row, require_object

_ROW_FIELDS = frozenset(
    (
        "object",
        "start_time",
        "end_time",
        "user_id",
        "actor",
        "totals",
        "clients",
        "models",
        "code_attribution",
    )
)
_ACTOR_FIELDS = frozenset(("type", "user_id", "email"))
_CLIENT_FIELDS = SHARED_FIELDS | {"client_id"}
_CODE_FIELDS = frozenset(("lines_of_code", "commits"))
_LINES_FIELDS = frozenset(("added", "removed", "committed", "total_committed_lines", "committed_percentage"))
_COMMITS_FIELDS = frozenset(
    ("with_codex_contribution", "with_codex_contribution_percentage", "total_commits")
)


def parse_usage_row(raw: Any, days: range) -> UsageRow | PoisonedRow:
    """One account's day. ``days`` are the days since 1970-01-01 that were asked for."""
    try:
        return _usage_row(raw, days)
    except (UnreadableError, RecursionError) as error:
        return poisoned_row(raw, error)


def parse_workspace_row(raw: Any, days: range) -> WorkspaceRow | PoisonedRow:
    """The whole workspace's day. Its split by client is not kept: the accounts' rows carry it."""
    try:
        return _workspace_row(raw, days)
    except (UnreadableError, RecursionError) as error:
        return poisoned_row(raw, error)


def _usage_row(raw: Any, days: range) -> UsageRow:
    day = parse_day(raw, days)
    get = raw.get
    extra: dict[str, Any] = {}
    keep_unknown(raw, _ROW_FIELDS, "", extra)
    account, email, actor_type = _parse_actor(raw, extra)
    return UsageRow(
        day,
        account,
        email,
        actor_type,
        parse_amounts(require_object(get("totals"), "totals"), "totals", extra),
        _parse_clients(get("clients"), extra),
        _parse_models(get("models"), extra),
        _parse_code(get("code_attribution"), extra),
        render_json(extra) if extra else None,
    )


def _workspace_row(raw: Any, days: range) -> WorkspaceRow:
    day = parse_day(raw, days)
    if raw.get("user_id") is not None or raw.get("actor") is not None:
        raise UnreadableError("user_id", "is set, though the whole workspace's row was asked for")
    extra: dict[str, Any] = {}
    keep_unknown(raw, _ROW_FIELDS, "", extra)
    totals = parse_amounts(require_object(raw.get("totals"), "totals"), "totals", extra)
    return WorkspaceRow(day, totals, render_json(extra) if extra else None)


def _parse_actor(raw: dict[str, Any], extra: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """Account, e-mail and type; an actor without an id leaves the id to the row."""
    actor = raw.get("actor")
    email = actor_type = account = None
    if actor is not None:
        get = require_object(actor, "actor").get
        account = parse_text(get("user_id"), "actor.user_id")
        email = parse_text(get("email"), "actor.email")
        actor_type = parse_text(get("type"), "actor.type")
        keep_unknown(actor, _ACTOR_FIELDS, "actor", extra)
    if not account or account.isspace():
        account = parse_text(raw.get("user_id"), "user_id")
        if not account or account.isspace():
            raise UnreadableError("user_id", "is missing, in actor and beside it")
    return account, key_of_email(email), actor_type


def _parse_clients(raw: Any, extra: dict[str, Any]) -> tuple[ClientUsage, ...]:
    """A client that stands twice becomes one; no list counts as an empty one."""
    found: dict[str, Amounts] = {}
    for entry in _entries(raw, "clients"):
        client = parse_text(entry.get("client_id"), "clients.client_id")
        if client is None:
            client = "unknown"
        amounts = parse_amounts(entry, f"clients.{client}", extra, _CLIENT_FIELDS)
        found[client] = add_amounts(found[client], amounts, "clients") if client in found else amounts
    return tuple([ClientUsage(client, amounts) for client, amounts in found.items()])


def _parse_models(raw: Any, extra: dict[str, Any]) -> tuple[ModelUsage, ...] | None:
    """One entry a model and speed; None where the source did not split."""
    if raw is None:
        return None
    found: dict[tuple[str, str | None], Amounts] = {}
    for entry in _entries(raw, "models"):
        model = parse_text(entry.get("model"), "models.model")
        speed = parse_text(entry.get("speed"), "models.speed")
        key = ("unknown" if model is None else model, speed)
        amounts = parse_amounts(entry, f"models.{key[0]}", extra, MODEL_FIELDS)
        found[key] = add_amounts(found[key], amounts, "models") if key in found else amounts
    return tuple([ModelUsage(model, speed, amounts) for (model, speed), amounts in found.items()])


def _parse_code(raw: Any, extra: dict[str, Any]) -> CodeAttribution | None:
    if not raw and (raw is None or type(raw) is dict):
        return None
    keep_unknown(require_object(raw, "code_attribution"), _CODE_FIELDS, "code_attribution", extra)
    try:
        return _code(raw, extra)
    except UnreadableError as error:
        raise error.within("code_attribution") from None


def _code(raw: dict[str, Any], extra: dict[str, Any]) -> CodeAttribution:
    lines = require_object(raw.get("lines_of_code"), "lines_of_code")
    commits = raw.get("commits")
    commits = {} if commits is None else require_object(commits, "commits")
    keep_unknown(lines, _LINES_FIELDS, "code_attribution.lines_of_code", extra)
    keep_unknown(commits, _COMMITS_FIELDS, "code_attribution.commits", extra)
    percentage = "with_codex_contribution_percentage"
    return CodeAttribution(
        parse_required_count(lines.get("added"), "lines_of_code.added"),
        parse_count(lines.get("removed"), "lines_of_code.removed"),
        parse_count(lines.get("committed"), "lines_of_code.committed"),
        parse_count(lines.get("total_committed_lines"), "lines_of_code.total_committed_lines"),
        parse_micro(lines.get("committed_percentage"), "lines_of_code.committed_percentage"),
        parse_count(commits.get("with_codex_contribution"), "commits.with_codex_contribution"),
        parse_micro(commits.get(percentage), f"commits.{percentage}"),
        parse_count(commits.get("total_commits"), "commits.total_commits"),
    )


def _entries(raw: Any, path: str) -> list[dict[str, Any]]:
    if raw is None:
        return []
    if type(raw) is not list:
        raise UnreadableError(path, "is not a list")
    for entry in raw:
        if type(entry) is not dict:
            raise UnreadableError(path, "holds something that is not an object")
    return raw
