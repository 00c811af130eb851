"""The methods of the Web API that upload a file: ask for an address, fill it, share it."""

from __future__ import annotations

from typing import Any

from bot.demo.slack import arguments
from bot.demo.slack.message_methods import writable
from bot.demo.slack.values import Json, RefusedError, StoredFile
from bot.demo.slack.workspace import Workspace

UPLOAD_PATH = "/upload/v1/"


def get_upload_url(workspace: Workspace, args: Json) -> Json:
    """files.getUploadURLExternal; the address comes without host, which the server knows."""
    name = arguments.required(args, "filename")
    length = arguments.whole(args, "length")
    if not length:
        raise arguments.missing("length")
    with workspace.changed:
        made = StoredFile(f"F{len(workspace.files) + 1:010d}", name, length)
        workspace.files[made.id] = made
    return {"upload_url": f"{UPLOAD_PATH}{made.id}", "file_id": made.id}


def receive(workspace: Workspace, path: str, content: bytes) -> bool:
    """Takes the bytes that were posted to an upload address; False when it is none or was used before."""
    with workspace.changed:
        found = workspace.files.get(path.removeprefix(UPLOAD_PATH))
        if found is None or found.content is not None or len(content) != found.length:
            return False
        found.content = content
        return True


def complete_upload(workspace: Workspace, args: Json) -> Json:
    """files.completeUploadExternal, which shares by conversation id, never by person."""
    wanted = arguments.parsed(args, "files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise arguments.missing("files")
    files = [_uploaded(workspace, item) for item in wanted]
    channel_id = arguments.text(args, "channel_id")
    if channel_id:
        _share(workspace, channel_id, files, arguments.text(args, "initial_comment"))
    return {"files": [{"id": one.id, "title": one.title, "name": one.name} for one in files]}


def _uploaded(workspace: Workspace, item: Any) -> StoredFile:
    found = workspace.files.get(str(item.get("id"))) if isinstance(item, dict) else None
    if found is None or found.content is None:
        raise RefusedError("file_not_found")
    found.title = str(item.get("title") or found.name)
    return found


def _share(workspace: Workspace, channel_id: str, files: list[StoredFile], comment: str) -> None:
    if channel_id[:1] not in {"C", "G", "D"}:
        raise RefusedError("invalid_channel")
    conversation = writable(workspace, channel_id)
    shown = [{"id": one.id, "name": one.name, "title": one.title, "size": one.length} for one in files]
    for one in files:
        one.shared_in = conversation.id
    workspace.post(conversation.id, {"text": comment, "files": shown})
