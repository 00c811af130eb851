"""What the app is told, in Slack's own shapes: commands, interactions, events."""

from __future__ import annotations

from bot.demo.slack.values import Conversation, Json, Message
from bot.demo.slack.workspace import Workspace


def build_command(
    workspace: Workspace, member: Json, conversation: Conversation, typed: Json, response_url: str
) -> Json:
    """A slash command; ``typed`` is its ``command`` and ``text``."""
    own = workspace.installation
    return {
        "token": "deprecated",
        "team_id": own.team_id,
        "team_domain": own.team_domain,
        "channel_id": conversation.id,
        "channel_name": conversation.name if conversation.kind != "groups" else "privategroup",
        "user_id": member["id"],
        "user_name": member.get("name", ""),
        **typed,
        "api_app_id": own.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": workspace.triggers.issue(member["id"]),
    }


def build_interaction(workspace: Workspace, kind: str, member: Json) -> Json:
    """What every press, submission and closing begins with."""
    own, name = workspace.installation, member.get("name", "")
    return {
        "type": kind,
        "user": {"id": member["id"], "username": name, "name": name, "team_id": own.team_id},
        "api_app_id": own.app_id,
        "token": "deprecated",
        "trigger_id": workspace.triggers.issue(member["id"]),
        "team": {"id": own.team_id, "domain": own.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def build_view_part(view: Json, state: Json) -> Json:
    """Where something was pressed: in a view, of which no response_url comes."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view | {"state": state}}


def build_message_part(message: Message, conversation: Conversation, state: Json, response_url: str) -> Json:
    """Where something was pressed: in a message, which Slack leaves out itself where it is ephemeral."""
    whole = {} if message.only_for else {"message": message.body}
    return {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": conversation.id,
            "is_ephemeral": message.only_for is not None,
        },
        "channel": {"id": conversation.id, "name": conversation.name},
        "state": state,
        "response_url": response_url,
        **whole,
    }


def build_envelope(workspace: Workspace, event: Json, event_id: str) -> Json:
    """An event in its envelope."""
    own = workspace.installation
    authorization = {
        "enterprise_id": None,
        "team_id": own.team_id,
        "user_id": own.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "deprecated",
        "team_id": own.team_id,
        "api_app_id": own.app_id,
        "event": {"event_ts": workspace.next_ts(), **event},
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(workspace.now()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def name_of(payload: Json) -> str:
    """What people call it: the command, the event, or the kind of interaction."""
    event = payload.get("event", {})
    return str(payload.get("command") or event.get("type") or payload.get("type"))
