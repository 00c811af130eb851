"""The methods of the Web API about conversations: open, info, history, replies."""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Sequence

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
    """conversations.history: newest first, without what stands in threads alone."""
    found = _written(workspace, args)
    bodies = [body for body in _between(workspace, found, args) if not _is_only_in_thread(body)]
    return _page(list(reversed(bodies)), args)


def replies(workspace: Workspace, args: Json) -> Json:
    """conversations.replies: the message above, which is always part of it, then the thread, oldest first."""
    found, thread = _written(workspace, args), arguments.required(args, "ts")
    every = _bodies(workspace, found)
    above = [body for body in every if body["ts"] == thread]
    if not above:
        raise RefusedError("thread_not_found")
    below = [body for body in _between(workspace, found, args) if body.get("thread_ts") == thread]
    return _page([*above, *below], args)


def _written(workspace: Workspace, args: Json) -> Conversation:
    """The conversation whose messages the app may read."""
    found = _readable(workspace, arguments.required(args, "channel"), "history")
    if not found.has_bot:
        raise RefusedError("not_in_channel")
    return found


def _page(matching: Sequence[Json], args: Json) -> Json:
    """A part of what was found; the metadata only when all of it was asked for."""
    limit = min(arguments.whole(args, "limit", "invalid_limit") or USUAL_HISTORY, MAX_HISTORY)
    start = _read_cursor(arguments.text(args, "cursor"))
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
    bodies = _bodies(workspace, found)
    if inclusive:
        return [body for body in bodies if low <= float(body["ts"]) <= high]
    return [body for body in bodies if low < float(body["ts"]) < high]


def _bodies(workspace: Workspace, found: Conversation) -> list[Json]:
    with workspace.changed:
        return [copy.deepcopy(one.body) for one in found.messages if one.only_for is None]


def _is_only_in_thread(body: Json) -> bool:
    return body.get("thread_ts") not in {None, body["ts"]} and body.get("subtype") != "thread_broadcast"


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
