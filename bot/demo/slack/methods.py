"""Every method of the Web API that this workspace has, with its scope, its tier, the token it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.demo.slack import conversation_methods, file_methods, message_methods, people_methods, view_methods
from bot.demo.slack.values import Json
from bot.demo.slack.workspace import Workspace

TokenKind = Literal["bot", "app", "none"]
NO_TOKEN: TokenKind = "none"


@dataclass(frozen=True, slots=True)
class Method:
    """``answer`` gives the fields beside ``ok``; ``scopes`` are all needed."""

    answer: Callable[[Workspace, Json], Json]
    tier: int
    scopes: tuple[str, ...] = ()
    token: TokenKind = "bot"


METHODS: dict[str, Method] = {
    "auth.test": Method(people_methods.auth_test, 4),
    "blocks.validate": Method(view_methods.validate, 4, token=NO_TOKEN),
    "chat.delete": Method(message_methods.delete, 3, ("chat:write",)),
    "chat.postEphemeral": Method(message_methods.post_ephemeral, 4, ("chat:write",)),
    "chat.postMessage": Method(message_methods.post_message, 4, ("chat:write",)),
    "chat.update": Method(message_methods.update, 3, ("chat:write",)),
    "conversations.history": Method(conversation_methods.history, 3),
    "conversations.info": Method(conversation_methods.info, 3),
    "conversations.open": Method(conversation_methods.open_conversation, 3, ("im:write",)),
    "conversations.replies": Method(conversation_methods.replies, 3),
    "files.completeUploadExternal": Method(file_methods.complete_upload, 4, ("files:write",)),
    "files.getUploadURLExternal": Method(file_methods.get_upload_url, 4, ("files:write",)),
    "team.info": Method(people_methods.team_info, 3, ("team:read",)),
    "users.info": Method(people_methods.users_info, 4, ("users:read",)),
    "users.list": Method(people_methods.users_list, 2, ("users:read",)),
    "users.lookupByEmail": Method(people_methods.users_lookup_by_email, 3, ("users:read.email",)),
    "views.open": Method(view_methods.open_view, 4),
    "views.publish": Method(view_methods.publish, 4),
    "views.push": Method(view_methods.push, 4),
    "views.update": Method(view_methods.update, 4),
}
