"""What people do in the workspace, delivered to the app: commands, presses, submissions, events."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.slack import gestures, payloads
from bot.demo.slack.journal import Exchange
from bot.demo.slack.mentions import escape_typed
from bot.demo.slack.people_methods import visible
from bot.demo.slack.response_urls import ResponseUrls
from bot.demo.slack.transport import TIMEOUT_WORD, Kind, Retry, Transport
from bot.demo.slack.values import Ack, Conversation, Json, Message, RefusedError
from bot.demo.slack.workspace import GENERAL, Workspace

MAX_RETRIES = 3
_USER_EVENTS = frozenset({"user_change", "team_join"})


class Delivery:
    """The hands of every person. Each method waits for the app's acknowledgement and gives it back.

    ``undelivered`` holds the events that failed twice, for `retry_events`: Slack sends them again after one
    minute and after five more.
    """

    def __init__(
        self,
        workspace: Workspace,
        response_urls: ResponseUrls,
        *,
        base_url: Callable[[], str],
        transport: Transport,
    ) -> None:
        self.transport = transport
        self.undelivered: list[tuple[Json, int]] = []
        self._workspace = workspace
        self._response_urls = response_urls
        self._base_url = base_url

    def slash(
        self, user_id: str, text: str, *, command: str = "/codex-usage", channel_id: str | None = None
    ) -> Ack:
        """A person types a command, in #general unless said; an answer in the acknowledgement is shown.

        Raises `LookupError` for a person, a conversation or a command that the workspace does not have.
        """
        own, member = self._workspace.installation, self._person(user_id)
        if command not in own.commands:
            raise LookupError(f"{command} is not a valid command")
        conversation = self._conversation(channel_id or GENERAL)
        named = self._workspace.members() if "@" in text else ()
        typed = escape_typed(text, named) if own.should_escape else text
        shown_before = len(self._workspace.shown_to(user_id))
        path = self._response_urls.issue("commands", conversation.id, user_id)
        payload = payloads.build_command(
            self._workspace,
            member,
            conversation,
            {"command": command, "text": typed.strip()},
            self._base_url() + path,
        )
        ack = self._send("slash_commands", payload)
        return dataclasses.replace(self._show(path, ack), shown_before=shown_before)

    def say(self, user_id: str, text: str, channel_id: str) -> None:
        """A person writes a plain message, which the app hears of where it subscribed and is a member."""
        member = self._person(user_id)
        conversation = self._conversation(channel_id)
        typed = escape_typed(text, self._workspace.members() if "@" in text else ())
        message = self._workspace.say(conversation.id, member["id"], typed)
        subscription = f"message.{conversation.kind}"
        if conversation.has_bot and subscription in self._workspace.installation.events:
            kind = {"channels": "channel", "groups": "group", "im": "im"}[conversation.kind]
            self.event({**message.body, "channel": conversation.id, "channel_type": kind})

    def press(
        self,
        user_id: str,
        shown: Json,
        action_id: str,
        choice: Any = None,
        *,
        block_id: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Ack:
        """A person uses an element of a message or a view; ``choice`` is the value of what they pick.

        ``block_id`` says which of several with the same ``action_id``; ``values`` is what the fields hold.
        """
        self._person(user_id)
        blocks = shown.get("blocks", [])
        made = gestures.action(blocks, action_id, choice, self._workspace.next_ts(), block_id=block_id)
        state = {"values": gestures.held_values(blocks, values or {})}
        place = (
            payloads.build_view_part(shown, state)
            if "hash" in shown
            else self._in_message(user_id, shown, state)
        )
        payload = {
            **payloads.build_interaction(self._workspace, "block_actions", self._person(user_id)),
            **place,
            "actions": [made],
        }
        return self._send("interactive", payload)

    def submit(
        self, user_id: str, values: Mapping[str, Any] | None = None, *, view: Json | None = None
    ) -> Ack:
        """A person submits a modal, the one on top unless said, with ``values`` by block id.

        What the app answers is done: errors keep the modal, ``update``, ``push`` and ``clear`` change it.
        """
        self._person(user_id)
        shown = view or self._workspace.modals_of(user_id)[-1]
        state = {"values": gestures.state_values(shown["blocks"], values or {})}
        payload = payloads.build_interaction(self._workspace, "view_submission", self._person(user_id))
        ack = self._send("interactive", payload | {"view": shown | {"state": state}})
        return self._follow(user_id, shown["id"], ack) if ack.ok else ack

    def close(self, user_id: str, *, everything: bool = False) -> list[Ack]:
        """A person closes the modal on top; the whole stack with ``everything``, or where that modal says so.

        The app hears of each that has ``notify_on_close``, the one on top first.
        """
        with self._workspace.changed:
            stack = self._workspace.modals_of(user_id)
            whole = everything or (bool(stack) and bool(stack[-1].get("clear_on_close")))
            closed = stack if whole else stack[-1:]
            for _view in closed:
                self._workspace.views.close_top(user_id)
            self._workspace.changed.notify_all()
        return [
            self._send(
                "interactive",
                {
                    **payloads.build_interaction(self._workspace, "view_closed", self._person(user_id)),
                    "view": view,
                    "is_cleared": whole,
                },
            )
            for view in reversed(closed)
            if view.get("notify_on_close")
        ]

    def open_home(self, user_id: str, tab: str = "home") -> Ack:
        """A person opens the app's Home tab, or its messages."""
        self._person(user_id)
        channel_id = self._workspace.open_dm(user_id).id
        view = self._workspace.home_of(user_id) if tab == "home" else None
        event: Json = {"type": "app_home_opened", "user": user_id, "channel": channel_id, "tab": tab}
        return self.event(event | ({"view": view} if view else {}))

    def event(self, event: Json, *, event_id: str | None = None) -> Ack:
        """Delivers an event; one that is not acknowledged comes a second time at once."""
        envelope = payloads.build_envelope(
            self._workspace, event, event_id or f"Ev{uuid.uuid4().hex[:10].upper()}"
        )
        ack = self._send("events_api", envelope)
        if ack.ok or not ack.may_retry:
            return ack
        return self._retry(envelope, 1, _reason(ack))

    def retry_events(self) -> list[Ack]:
        """The next try of every event that failed, until its third."""
        due, self.undelivered = self.undelivered, []
        return [self._retry(envelope, attempt, "http_timeout") for envelope, attempt in due]

    def emit(self, event: Json) -> None:
        """Tells the app of a change if it subscribed to it and may see it."""
        own = self._workspace.installation
        if event["type"] not in own.events:
            return
        if event["type"] in _USER_EVENTS:
            if "users:read" not in own.scopes:
                return
            event = event | {"user": visible(self._workspace, event["user"])}
        self.event(event)

    def _send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Ack:
        at = self._workspace.now()
        ack = self.transport.send(kind, payload, retry)
        with self._workspace.changed:
            self._workspace.journal.note(
                Exchange(
                    self.transport.route,
                    payloads.name_of(payload),
                    at=at,
                    request=payload,
                    answer=ack.payload or ack.body,
                    milliseconds=ack.milliseconds,
                    status=ack.status,
                    problem=ack.error,
                )
            )
            self._workspace.changed.notify_all()
        return ack

    def _retry(self, envelope: Json, attempt: int, reason: str) -> Ack:
        ack = self._send("events_api", envelope, Retry(attempt, reason))
        if not ack.ok and ack.may_retry and attempt < MAX_RETRIES:
            self.undelivered.append((envelope, attempt + 1))
        return dataclasses.replace(ack, attempts=attempt + 1)

    def _show(self, path: str, ack: Ack) -> Ack:
        body = ack.payload or ({"text": ack.body} if ack.body.strip() else None)
        try:
            self._response_urls.settle(path, body if ack.ok else None)
        except RefusedError:
            return dataclasses.replace(ack, error="invalid_command_response")
        return ack

    def _follow(self, user_id: str, view_id: str, ack: Ack) -> Ack:
        answer = ack.payload or {}
        views = self._workspace.views
        with self._workspace.changed:
            try:
                match answer.get("response_action"):
                    case None:
                        views.close_top(user_id)
                    case "clear":
                        views.close_all(user_id)
                    case "update":
                        views.replace(view_id, answer.get("view"))
                    case "push":
                        views.push(user_id, answer.get("view"))
            except RefusedError as refused:
                return dataclasses.replace(ack, error=refused.word)
            finally:
                self._workspace.changed.notify_all()
        return ack

    def _person(self, user_id: str) -> Json:
        member = self._workspace.member(user_id)
        if member is None or member.get("deleted"):
            raise LookupError(f"{user_id} is nobody who could do that")
        return member

    def _conversation(self, channel_id: str) -> Conversation:
        found = self._workspace.conversation(channel_id)
        if found is None:
            raise LookupError(f"no conversation {channel_id}")
        return found

    def _in_message(self, user_id: str, shown: Json, state: Json) -> Json:
        message: Message = self._workspace.find_message(shown["ts"])
        conversation = self._conversation(message.channel_id)
        path = self._response_urls.issue("actions", conversation.id, user_id, message)
        return payloads.build_message_part(message, conversation, state, self._base_url() + path)


def _reason(ack: Ack) -> str:
    if ack.status is not None:
        return "http_error"
    return "http_timeout" if ack.error == TIMEOUT_WORD else "connection_failed"
