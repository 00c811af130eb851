"""The addresses that an app answers a command or a press with: five uses in thirty minutes.

What Slack documents is the five and the thirty. Reports agree on ``used_url`` with HTTP 404; for an address
that is too old ``expired_url`` is taken to come the same way. Refused content is not documented: here it is
HTTP 400, ``refusal_status`` changes that, and it counts as a use all the same.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bot.demo.slack.exchange import Answer, Request, json_answer
from bot.demo.slack.faults import RESPONSE_URL, Faults
from bot.demo.slack.journal import Exchange, parsed
from bot.demo.slack.message_methods import read_content
from bot.demo.slack.values import Json, Message, RefusedError
from bot.demo.slack.web_api import strike
from bot.demo.slack.workspace import Workspace

MAX_USES = 5
LIFE_SECONDS = 30 * 60
# Acknowledgement and first use come on two connections; the one that was sent first is to count first.
OVERTAKING_SECONDS = 0.2
_CONTENT = frozenset({"text", "blocks", "attachments"})


@dataclass(slots=True)
class _Address:
    channel_id: str
    user_id: str
    issued_at: float
    original: Message | None = None
    uses: list[Json] = field(default_factory=list)
    settled: threading.Event = field(default_factory=threading.Event)


class ResponseUrls:
    """Every address that was given out, by its path."""

    def __init__(self, workspace: Workspace, faults: Faults, stopping: threading.Event) -> None:
        self.refusal_status = 400
        self._workspace = workspace
        self._faults = faults
        self._stopping = stopping
        self._issued: dict[str, _Address] = {}

    def issue(self, kind: str, channel_id: str, user_id: str, original: Message | None = None) -> str:
        """The path of a new address; ``kind`` is ``commands`` or ``actions``."""
        with self._workspace.changed:
            path = f"/{kind}/{self._workspace.installation.team_id}/{len(self._issued) + 1}/hook"
            address = _Address(channel_id, user_id, self._workspace.now(), original)
            if kind == "actions":
                address.settled.set()
            self._issued[path] = address
            return path

    def uses_of(self, path: str) -> list[Json]:
        """What was sent to an address so far."""
        with self._workspace.changed:
            return list(self._issued[path].uses)

    def respond(self, request: Request) -> Answer | None:
        """The answer to one use, or None where the connection is to be reset."""
        fault = self._faults.take(RESPONSE_URL)
        if fault is not None and not fault.after_accept:
            return fault.answer
        return strike(fault, self._use(request), self._stopping)

    def settle(self, path: str, body: Json | None) -> None:
        """The acknowledgement came, or never will: what it says is done and does not count as a use."""
        address = self._issued[path]
        try:
            if body is not None:
                with self._workspace.changed:
                    self._carry_out(address, body)
        finally:
            address.settled.set()

    def _use(self, request: Request) -> Answer:
        began = time.perf_counter()
        answer = self._used(request)
        said = json.loads(answer.body)
        with self._workspace.changed:
            self._workspace.journal.note(
                Exchange(
                    "response_url",
                    request.path,
                    at=self._workspace.now(),
                    request=parsed(request.body.decode("utf-8", "replace")),
                    answer=said,
                    milliseconds=(time.perf_counter() - began) * 1000,
                    status=answer.status,
                    problem=said.get("error"),
                )
            )
            self._workspace.changed.notify_all()
        return answer

    def _used(self, request: Request) -> Answer:
        address = self._issued.get(request.path)
        if address is None:
            return json_answer({"ok": False, "error": "invalid_url"}, 404)
        address.settled.wait(OVERTAKING_SECONDS)
        with self._workspace.changed:
            if self._workspace.now() - address.issued_at > LIFE_SECONDS:
                return json_answer({"ok": False, "error": "expired_url"}, 404)
            if len(address.uses) >= MAX_USES:
                return json_answer({"ok": False, "error": "used_url"}, 404)
            try:
                body = _read_body(request)
                address.uses.append(body)
                self._carry_out(address, body)
            except RefusedError as refused:
                return json_answer({"ok": False, "error": refused.word}, self.refusal_status)
        return json_answer({"ok": True})

    def _carry_out(self, address: _Address, body: Json) -> None:
        if body.get("delete_original") is True:
            self._remove_original(address)
            if not _CONTENT & body.keys():
                return
        fields = read_content(self._workspace, body)
        original = address.original
        if body.get("replace_original") is True and original is not None and self._still_there(original):
            self._workspace.edit(original, fields)
            return
        public = body.get("response_type") == "in_channel"
        only_for = None if public else address.user_id
        address.original = self._workspace.post(address.channel_id, fields, only_for=only_for)

    def _remove_original(self, address: _Address) -> None:
        if address.original is not None and self._still_there(address.original):
            self._workspace.remove(address.original)
        address.original = None

    def _still_there(self, message: Message) -> bool:
        found = self._workspace.conversation(message.channel_id)
        return found is not None and message in found.messages


def _read_body(request: Request) -> Json:
    try:
        body: Any = json.loads(request.body)
    except ValueError as error:
        raise RefusedError("invalid_payload") from error
    if not isinstance(body, dict):
        raise RefusedError("invalid_payload")
    return body
