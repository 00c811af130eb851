"""The methods of the Web API about the workspace itself: auth, team, users."""

from __future__ import annotations

import base64
import binascii

from bot.demo.slack import arguments
from bot.demo.slack.values import Json, RefusedError
from bot.demo.slack.workspace import Workspace

MAX_PAGE = 1000
EMAIL_SCOPE = "users:read.email"


def auth_test(workspace: Workspace, _args: Json) -> Json:
    """auth.test: who the token is."""
    own = workspace.installation
    return {
        "url": f"https://{own.team_domain}.slack.com/",
        "team": own.team_name,
        "user": "codex-usage",
        "team_id": own.team_id,
        "user_id": own.bot_user_id,
        "bot_id": own.bot_id,
        "is_enterprise_install": False,
    }


def team_info(workspace: Workspace, _args: Json) -> Json:
    """team.info."""
    own = workspace.installation
    return {"team": {"id": own.team_id, "name": own.team_name, "domain": own.team_domain}}


def users_list(workspace: Workspace, args: Json) -> Json:
    """users.list, a page of at most 1,000; a large workspace is not listed without ``limit``."""
    limit = arguments.whole(args, "limit", "invalid_limit") or None
    if limit is not None and limit > MAX_PAGE:
        raise RefusedError("invalid_limit")
    start = _read_cursor(arguments.text(args, "cursor"))
    page, total = workspace.member_page(start, limit)
    if limit is None and total > workspace.limit_required_above:
        raise RefusedError("limit_required")
    end = start + len(page)
    return {
        "members": [visible(workspace, member) for member in page],
        "cache_ts": int(workspace.now()),
        "response_metadata": {"next_cursor": _write_cursor(end) if end < total else ""},
    }


def users_info(workspace: Workspace, args: Json) -> Json:
    """users.info."""
    member = workspace.member(arguments.required(args, "user"))
    if member is None:
        raise RefusedError("user_not_found")
    return {"user": visible(workspace, member)}


def users_lookup_by_email(workspace: Workspace, args: Json) -> Json:
    """users.lookupByEmail, which does not find deactivated people."""
    wanted = arguments.required(args, "email").lower()
    for member in workspace.members():
        if member.get("profile", {}).get("email", "").lower() == wanted and not member.get("deleted"):
            return {"user": member}
    raise RefusedError("users_not_found")


def visible(workspace: Workspace, member: Json) -> Json:
    """A person as the app may see them: the e-mail address takes a scope of its own."""
    if EMAIL_SCOPE in workspace.installation.scopes or "email" not in member.get("profile", {}):
        return member
    kept = {name: value for name, value in member["profile"].items() if name != "email"}
    return {**member, "profile": kept}


def _write_cursor(place: int) -> str:
    return base64.b64encode(f"user:{place}".encode()).decode()


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RefusedError("invalid_cursor") from error
    if word != "user" or not place.isdigit():
        raise RefusedError("invalid_cursor")
    return int(place)
