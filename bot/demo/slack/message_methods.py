"""The methods of the Web API that post and change messages: chat."""

from __future__ import annotations

import json
from typing import Any

from bot.demo.slack import arguments
from bot.demo.slack.block_rules import ONE_TABLE, problems
from bot.demo.slack.members import SLACKBOT
from bot.demo.slack.values import Conversation, Json, Message, RefusedError, TooFastError, refuse_fields
from bot.demo.slack.workspace import Workspace

MAX_TEXT = 40_000
MAX_UPDATE_TEXT = 4_000
MAX_MARKDOWN = 12_000
# Slack gives no figure for msg_blocks_too_long; this one is well below what it is known to take.
MAX_BLOCKS_CHARACTERS = 100_000


def post_message(workspace: Workspace, args: Json) -> Json:
    """chat.postMessage."""
    conversation = writable(workspace, arguments.required(args, "channel"))
    fields = read_content(workspace, args)
    if metadata := _read_metadata(args):
        fields["metadata"] = metadata
    if thread_ts := arguments.text(args, "thread_ts"):
        fields["thread_ts"] = thread_ts
        if arguments.flag(args, "reply_broadcast"):
            fields["subtype"] = "thread_broadcast"
    if seconds := workspace.limits.wait_for_channel(conversation.id):
        raise TooFastError(seconds)
    message = workspace.post(conversation.id, fields)
    return {"channel": conversation.id, "ts": message.ts, "message": message.body}


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    """chat.postEphemeral."""
    conversation = writable(workspace, arguments.required(args, "channel"))
    user_id = arguments.required(args, "user")
    member = workspace.member(user_id)
    if member is None or member.get("deleted") or conversation.with_user not in (None, user_id):
        raise RefusedError("user_not_in_channel")
    message = workspace.post(conversation.id, read_content(workspace, args), only_for=user_id)
    return {"message_ts": message.ts}


def update(workspace: Workspace, args: Json) -> Json:
    """chat.update: what is left out stays as it was."""
    message = _own_message(workspace, args, "cant_update_message")
    if len(arguments.text(args, "text")) > MAX_UPDATE_TEXT:
        raise RefusedError("msg_too_long")
    fields = read_content(workspace, args)
    kept = {"text": message.body.get("text", "")} | (
        {"blocks": message.body["blocks"]} if "blocks" in message.body else {}
    )
    if metadata := _read_metadata(args):
        fields["metadata"] = metadata
    workspace.edit(message, kept | {name: value for name, value in fields.items() if value != ""})
    shown = {"channel": message.channel_id, "ts": message.ts, "text": message.body["text"]}
    return {**shown, "message": message.body}


def delete(workspace: Workspace, args: Json) -> Json:
    """chat.delete."""
    message = _own_message(workspace, args, "cant_delete_message")
    workspace.remove(message)
    return {"channel": message.channel_id, "ts": message.ts}


def writable(workspace: Workspace, channel: str) -> Conversation:
    """The conversation that the app may post to. Raises `RefusedError` with the reason."""
    found = _direct(workspace, channel) if channel[:1] in {"U", "W"} else workspace.conversation(channel)
    own = workspace.installation
    if found is None or (found.private and not found.has_bot):
        raise RefusedError("channel_not_found")
    if found.with_user is not None and not own.messages_tab_enabled:
        raise RefusedError("messages_tab_disabled")
    if found.archived:
        raise RefusedError("is_archived")
    if not found.has_bot and "chat:write.public" not in own.scopes:
        raise RefusedError("not_in_channel")
    return found


def _direct(workspace: Workspace, user_id: str) -> Conversation | None:
    member = workspace.member(user_id)
    if member is None or member.get("deleted"):
        return None
    if member.get("is_bot") or user_id == SLACKBOT:
        raise RefusedError("cannot_dm_bot")
    return workspace.open_dm(user_id)


def read_content(workspace: Workspace, args: Json) -> Json:
    """The text and the blocks of a message. Raises `RefusedError` where Slack would not take them."""
    content = arguments.text(args, "text")
    markdown = arguments.text(args, "markdown_text")
    blocks = arguments.parsed(args, "blocks", "invalid_blocks_format")
    attachments = arguments.parsed(args, "attachments", "invalid_attachments")
    if markdown and (content or blocks):
        raise RefusedError("markdown_text_conflict")
    if not (content or markdown or blocks or attachments):
        raise RefusedError("no_text")
    if len(content) > MAX_TEXT or len(markdown) > MAX_MARKDOWN:
        raise RefusedError("msg_too_long")
    if blocks is not None:
        check_blocks(workspace, blocks)
    fields = {"text": content or markdown}
    given = {"blocks": blocks, "attachments": attachments}
    return fields | {name: value for name, value in given.items() if value is not None}


def check_blocks(workspace: Workspace, blocks: Any) -> None:
    """Raises `RefusedError` with every complaint about the blocks of a message."""
    if not isinstance(blocks, list):
        raise RefusedError("invalid_blocks_format")
    found = problems(blocks, "message", native_blocks=workspace.installation.native_blocks)
    if found and all(ONE_TABLE in line for line in found):
        raise refuse_fields("invalid_attachments", found)
    if found:
        raise refuse_fields("invalid_blocks", found)
    if len(json.dumps(blocks, ensure_ascii=False)) > MAX_BLOCKS_CHARACTERS:
        raise RefusedError("msg_blocks_too_long")


def _read_metadata(args: Json) -> Json | None:
    metadata = arguments.parsed(args, "metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    right = isinstance(metadata, dict) and set(metadata) == {"event_type", "event_payload"}
    if not right or not isinstance(metadata["event_type"], str) or not metadata["event_type"]:
        raise RefusedError("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict):
        raise RefusedError("invalid_metadata_format")
    return dict(metadata)


def _own_message(workspace: Workspace, args: Json, word: str) -> Message:
    channel, ts = arguments.required(args, "channel"), arguments.required(args, "ts")
    if workspace.conversation(channel) is None:
        raise RefusedError("channel_not_found")
    message = workspace.find_message(ts, channel)
    if message.only_for is not None:
        raise RefusedError("message_not_found")
    if message.body.get("user") != workspace.installation.bot_user_id:
        raise RefusedError(word)
    return message
