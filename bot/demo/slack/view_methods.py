"""The methods of the Web API about views, and blocks.validate."""

from __future__ import annotations

from bot.demo.slack import arguments
from bot.demo.slack.block_rules import problems
from bot.demo.slack.values import Json, RefusedError, refuse_fields
from bot.demo.slack.view_rules import view_problems
from bot.demo.slack.workspace import Workspace


def open_view(workspace: Workspace, args: Json) -> Json:
    """views.open."""
    view = _read_view(args)
    user_id = workspace.triggers.exchange(arguments.required(args, "trigger_id"))
    return {"view": workspace.views.open(user_id, view)}


def push(workspace: Workspace, args: Json) -> Json:
    """views.push."""
    view = _read_view(args)
    user_id = workspace.triggers.exchange(arguments.required(args, "trigger_id"))
    return {"view": workspace.views.push(user_id, view)}


def update(workspace: Workspace, args: Json) -> Json:
    """views.update, by the id of Slack or of the app."""
    view_id = arguments.text(args, "view_id")
    if not view_id:
        view_id = workspace.views.find_external(arguments.required(args, "external_id"))
    return {"view": workspace.views.replace(view_id, _read_view(args), arguments.text(args, "hash") or None)}


def publish(workspace: Workspace, args: Json) -> Json:
    """views.publish."""
    user_id = arguments.required(args, "user_id")
    member = workspace.member(user_id)
    if member is None or member.get("deleted"):
        raise RefusedError("user_not_found")
    return {"view": workspace.views.publish(user_id, _read_view(args), arguments.text(args, "hash") or None)}


def validate(workspace: Workspace, args: Json) -> Json:
    """blocks.validate: exactly one of blocks, message (of blocks and attachments alone) and view."""
    given = [name for name in ("blocks", "message", "view") if args.get(name)]
    if len(given) != 1:
        raise RefusedError("invalid_arguments")
    value = arguments.parsed(args, given[0], "invalid_arguments")
    native = workspace.installation.native_blocks
    if given[0] == "view":
        found = view_problems(value, native_blocks=native)
    elif given[0] == "blocks":
        found = problems(value, "message", native_blocks=native)
    else:
        found = _message_problems(value, native_blocks=native)
    if found:
        raise refuse_fields("invalid_blocks", found)
    return {}


def _message_problems(message: object, *, native_blocks: bool) -> list[str]:
    if not isinstance(message, dict):
        return ["must be an object [json-pointer:/message]"]
    extra = sorted(set(message) - {"blocks", "attachments"})
    return [
        *(f"invalid additional property: {name} [json-pointer:/message]" for name in extra),
        *problems(
            message.get("blocks", []), "message", native_blocks=native_blocks, pointer="/message/blocks"
        ),
    ]


def _read_view(args: Json) -> object:
    view: object = arguments.parsed(args, "view", "invalid_arguments")
    if view is None:
        raise arguments.missing("view")
    return view
