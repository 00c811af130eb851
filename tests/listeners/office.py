"""People in the simulated Slack who press, fill in and read what the bot answers, over either transport."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.demo.slack import SlackServer
from bot.demo.slack.installation import Installation
from bot.demo.slack.members import build_member
from bot.demo.slack.values import Json
from bot.listeners.socket_mode import SocketListener
from bot.store.sqlite import SqliteStore
from tests.listeners.rig import NOON, SECRET, Rig

ERIN, FINN, CAROL, SAM = "UERIN", "UFINN", "UCAROL", "USAM"
NOTHING_HERE = "I have nothing to show you for that."
UNKNOWN = "I do not know you yet"


@dataclass
class Office:
    """A Slack workspace, a bot that hears of what people do there, and its database."""

    slack: SlackServer
    rig: Rig
    store: SqliteStore

    def shown(self, who: str) -> Json:
        """A message with buttons, which only ``who`` sees."""
        raise NotImplementedError

    def press(self, who: str, action_id: str, shown: Json | None = None, **where: Any) -> int:
        """Presses; how many messages the person had been shown before."""
        shown = shown or self.shown(who)
        before = len(self.slack.workspace.shown_to(who))
        ack = self.slack.delivery.press(who, shown, action_id, **where)
        assert ack.ok, ack
        return before

    def modal(self, who: str, showing: str = "") -> Json:
        """The newest modal, once it shows that."""
        workspace = self.slack.workspace
        workspace.wait_until(lambda: showing in json.dumps(workspace.modals_of(who)[-1:]) > "[]", 10)
        return workspace.modals_of(who)[-1]

    def submit(self, who: str, **values: Any) -> dict[str, str]:
        """Submits the modal; what is wrong, by field."""
        ack = self.slack.submit(who, values)
        assert ack.ok, ack
        problems: dict[str, str] = (ack.payload or {}).get("errors", {})
        return problems

    def reads(self, who: str, words: str) -> str:
        """The newest answer, once it says that."""
        workspace = self.slack.workspace
        workspace.wait_until(lambda: any(words in one["text"] for one in workspace.replies_to(who)), 10)
        return next(str(one["text"]) for one in workspace.replies_to(who) if words in one["text"])


@contextmanager
def staffed() -> Iterator[tuple[SlackServer, WebClient]]:
    """A workspace with an admin, finance, an employee and somebody whom the roster does not know."""
    people = [
        build_member(one[1:].title(), slack_id=one, email=f"{one[1:].lower()}@example.com")
        for one in (ERIN, FINN, CAROL, SAM)
    ]
    with SlackServer(people, now=NOON.timestamp, installation=Installation(signing_secret=SECRET)) as slack:
        yield slack, WebClient(token=slack.bot_token, base_url=slack.api_url, timeout=5, retry_handlers=[])


@contextmanager
def reached(slack: SlackServer, rig: Rig, client: WebClient) -> Iterator[None]:
    """The bot hears of what people do, over the transport that the rig has."""
    if not rig.socket_mode:
        slack.deliver_to(f"http://127.0.0.1:{rig.server.port}/slack/events", clock=NOON.timestamp)
        yield
        return
    socket = SocketListener(rig.app, slack.app_token, client)
    socket.start()
    slack.socket_mode.wait_for_connection()
    yield
    socket.stop(timeout=2)
