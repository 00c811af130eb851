"""What a person does on the page, done in the workspace: writing, pressing, submitting, closing."""

from __future__ import annotations

import threading
from typing import Any

from bot.demo.page.desk import Desk
from bot.demo.page.manifest import Manifest
from bot.demo.slack import Ack, SlackServer
from bot.demo.slack.gestures import EmptyFieldsError, held_values
from bot.demo.slack.members import SLACKBOT
from bot.demo.slack.transport import TIMEOUT_WORD
from bot.demo.slack.values import Json, RefusedError

FILL_IN = "Please complete this required field."
TROUBLE = "We had some trouble connecting. Try again?"
SLOW = "Codex Usage did not answer in time (operation_timeout)."
UNREACHABLE = "Codex Usage could not be reached ({word})."
UNKNOWN_COMMAND = (
    "{word} is not a valid command. In Slack, all messages that start with the “/” character are"
    " interpreted as commands."
)


class Actions:
    """The hands of everybody who is looking. Each method gives what went wrong as a sentence, or ``""``.

    Raises `LookupError` for what is not there, or for somebody who may not.
    """

    def __init__(self, slack: SlackServer, desk: Desk, manifest: Manifest) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._desk = desk
        self._manifest = manifest

    def say(self, user_id: str, channel_id: str, text: str) -> str:
        """Send what stands in the composer: a command or a message."""
        self._must_be_in(user_id, channel_id)
        if not text.startswith("/"):
            self._slack.delivery.say(user_id, text, channel_id)
            return ""
        command, _, rest = text.partition(" ")
        if command not in self._slack.installation.commands:
            return self._whisper(user_id, channel_id, UNKNOWN_COMMAND.format(word=command))
        ack = self._slack.slash(user_id, rest, command=command, channel_id=channel_id)
        if ack.error is not None:
            return self._whisper(user_id, channel_id, f"{command} failed with the error “{ack.error}”")
        return ""

    def press(self, user_id: str, place: Json, used: Json) -> str:
        """Use an element of the message, the modal or the Home tab that ``place`` names.

        ``used`` has ``block_id``, ``action_id``, the ``choice``, and the ``values`` of the fields around it.
        """
        ack = self._slack.delivery.press(
            user_id,
            self._find_shown(user_id, place),
            used["action_id"],
            used.get("choice"),
            block_id=used["block_id"],
            values=used["values"],
        )
        return _problem(ack)

    def submit(self, user_id: str, view_id: str, values: Json) -> str:
        """Send the modal on top; what comes back as errors stands at its fields afterwards."""
        view = self._find_modal(user_id, view_id)
        kept = held_values(view["blocks"], values)
        try:
            ack = self._slack.delivery.submit(user_id, values, view=view)
        except EmptyFieldsError as empty:
            self._desk.keep_draft(view, kept, dict.fromkeys(empty.block_ids, FILL_IN))
            return ""
        answer = ack.payload or {}
        if ack.error is not None:
            self._desk.keep_draft(view, kept, {}, TROUBLE)
        elif answer.get("response_action") == "errors":
            self._desk.keep_draft(view, kept, dict(answer.get("errors") or {}))
        else:
            self._desk.drop_draft(view_id)
        return ""

    def close(self, user_id: str, view_id: str, *, everything: bool) -> str:
        """Close the modal on top, or all of them."""
        self._find_modal(user_id, view_id)
        self._desk.drop_draft(view_id)
        for ack in self._slack.delivery.close(user_id, everything=everything):
            if ack.error is not None:
                return _problem(ack)
        return ""

    def open(self, user_id: str, tab: str) -> None:
        """Tell the app that the person looks at its Home tab or its messages, without waiting for it."""
        threading.Thread(
            target=self._slack.open_home, args=(user_id, tab), name="page-app-home", daemon=True
        ).start()

    def _must_be_in(self, user_id: str, channel_id: str) -> None:
        found = self._workspace.conversation(channel_id)
        if found is None or not found.is_open_to(user_id):
            raise LookupError(f"no conversation {channel_id}")
        if found.with_user is not None and self._manifest.messages_are_read_only:
            raise LookupError("sending messages to this app has been turned off")

    def _whisper(self, user_id: str, channel_id: str, text: str) -> str:
        self._workspace.say(channel_id, SLACKBOT, text, only_for=user_id)
        return ""

    def _find_shown(self, user_id: str, place: Json) -> Json:
        if view_id := place.get("view"):
            home = self._workspace.home_of(user_id)
            return home if home and home["id"] == view_id else self._find_modal(user_id, view_id)
        for message in self._workspace.seen_by(user_id, str(place.get("channel"))):
            if message.ts == place.get("ts"):
                return message.body
        raise LookupError("no such message")

    def _find_modal(self, user_id: str, view_id: Any) -> Json:
        stack = self._workspace.modals_of(user_id)
        if stack and stack[-1]["id"] == view_id:
            return stack[-1]
        raise LookupError("no such modal on top")


def _problem(ack: Ack) -> str:
    if ack.error is None:
        return ""
    return SLOW if ack.error == TIMEOUT_WORD else UNREACHABLE.format(word=ack.error)


def find_file(slack: SlackServer, user_id: str, file_id: str) -> tuple[str, bytes]:
    """The name and the bytes of a file that was shared where the person is. Raises `RefusedError`."""
    with slack.workspace.changed:
        found = slack.workspace.files.get(file_id)
        conversation = slack.workspace.conversation(found.shared_in or "") if found else None
        if found is None or found.content is None or conversation is None:
            raise RefusedError("file_not_found")
        if not conversation.is_open_to(user_id):
            raise RefusedError("file_not_found")
        return found.name, found.content
