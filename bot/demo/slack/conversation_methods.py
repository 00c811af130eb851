"""The methods of the Web API about conversations: open, info, history."""

from __future__ import annotations

import base64
import binascii
import copy

from bot.demo.slack import arguments
from bot.demo.slack.members import SLACKBOT
from bot.demo.slack.values import Conversation, Json, RefusedError
from bot.demo.slack.workspace import Workspace

MAX_HISTORY = 999
USUAL_HISTORY = 100


def open_conversation(workspace: Workspace, args: Json) -> Json:
    """conversations.open with one person."""
    users = [name for name in arguments.text(args, "users").split(",") if name]
    if not users:
        raise RefusedError("users_list_not_supplied")
    if len(users) > 1:
        raise RefusedError("missing_scope", needed="mpim:write", provided=_scopes(workspace))
    member = workspace.member(users[0])
    if member is None:
        raise RefusedError("user_not_found")
    if member.get("deleted"):
        raise RefusedError("user_disabled")
    if member.get("is_bot") or users[0] == SLACKBOT:
        raise RefusedError("cannot_dm_bot")
    return {"channel": {"id": workspace.open_dm(users[0]).id}}


def info(workspace: Workspace, args: Json) -> Json:
    """conversations.info."""
    found = _readable(workspace, arguments.required(args, "channel"), "read")
    own: Json = {"id": found.id, "is_archived": found.archived, "is_im": found.with_user is not None}
    if found.with_user is not None:
        return {"channel": {**own, "user": found.with_user}}
    kind = {"name": found.name, "is_channel": not found.private, "is_private": found.private}
    return {"channel": {**own, **kind, "is_member": found.has_bot}}


def history(workspace: Workspace, args: Json) -> Json:
    """conversations.history: newest first; the metadata only when all of it was asked for."""
    found = _readable(workspace, arguments.required(args, "channel"), "history")
    if not found.has_bot:
        raise RefusedError("not_in_channel")
    limit = min(arguments.whole(args, "limit", "invalid_limit") or USUAL_HISTORY, MAX_HISTORY)
    start = _read_cursor(arguments.text(args, "cursor"))
    matching = _between(workspace, found, args)
    page = matching[start : start + limit]
    if not arguments.flag(args, "include_all_metadata"):
        page = [{name: value for name, value in one.items() if name != "metadata"} for one in page]
    more = start + limit < len(matching)
    cursor = base64.b64encode(f"next_ts:{start + limit}".encode()).decode() if more else ""
    return {"messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _between(workspace: Workspace, found: Conversation, args: Json) -> list[Json]:
    oldest, latest = arguments.text(args, "oldest") or "0", arguments.text(args, "latest") or "inf"
    inclusive = arguments.flag(args, "inclusive")
    try:
        low, high = float(oldest), float(latest)
    except ValueError as error:
        raise RefusedError("invalid_ts_oldest") from error
    with workspace.changed:
        bodies = [copy.deepcopy(one.body) for one in found.messages if one.only_for is None]
    bodies.reverse()
    if inclusive:
        return [body for body in bodies if low <= float(body["ts"]) <= high]
    return [body for body in bodies if low < float(body["ts"]) < high]


def _readable(workspace: Workspace, channel: str, what: str) -> Conversation:
    found = workspace.conversation(channel)
    if found is None or found.id != channel or (found.private and not found.has_bot):
        raise RefusedError("channel_not_found")
    needed = f"{found.kind}:{what}"
    if needed not in workspace.installation.scopes:
        raise RefusedError("missing_scope", needed=needed, provided=_scopes(workspace))
    return found


def _scopes(workspace: Workspace) -> str:
    return ",".join(sorted(workspace.installation.scopes))


def _read_cursor(cursor: str) -> int:
    try:
        place = base64.b64decode(cursor, validate=True).decode().removeprefix("next_ts:") or "0"
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RefusedError("invalid_cursor") from error
    if not place.isdigit():
        raise RefusedError("invalid_cursor")
    return int(place)
