"""Socket Mode against a small Slack on loopback: connecting, listening, losing and finding each other."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from bot.listeners import socket_mode as module
from bot.listeners.bolt import build_bolt
from bot.listeners.socket_mode import SocketListener
from tests.listeners.rig import Rig, event_json, member

APP_TOKEN = "xapp-1-A123456-test"


class SocketModeSlack:
    """``apps.connections.open`` and the WebSocket that it leads to."""

    def __init__(self) -> None:
        self.refusals: list[dict[str, Any]] = []
        self.opened: list[str] = []
        self.acks: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        self._live: list[ServerConnection] = []
        self._sockets = serve(self._link, "127.0.0.1", 0)
        self._web = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._threads = [
            threading.Thread(target=self._sockets.serve_forever),
            threading.Thread(target=self._web.serve_forever, kwargs={"poll_interval": 0.02}),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._web.server_port}/api/"

    def wait_until(self, condition: Callable[[], object], timeout: float = 20.0) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, timeout)

    def say(self, kind: str, payload: object, envelope_id: str = "e1") -> None:
        """Sends an envelope over the newest connection."""
        self.wait_until(lambda: self._live)
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": True,
            "payload": payload,
        }
        self._live[-1].send(json.dumps(envelope))

    def hang_up(self) -> None:
        """Tells the bot to come again, as Slack does every few hours."""
        self.wait_until(lambda: self._live)
        self._live[-1].send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    def close(self) -> None:
        self._sockets.shutdown()
        self._web.shutdown()
        for thread in self._threads:
            thread.join()
        self._web.server_close()

    def _link(self, connection: ServerConnection) -> None:
        with self.changed:
            self._live.append(connection)
            self.changed.notify_all()
        try:
            for message in connection:
                with self.changed:
                    self.acks.append(json.loads(message))
                    self.changed.notify_all()
        except ConnectionClosed:
            return

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        slack = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with slack.changed:
                    slack.opened.append(self.headers["Authorization"])
                    slack.changed.notify_all()
                    port = slack._sockets.socket.getsockname()[1]
                    answer = {"ok": True, "url": f"ws://127.0.0.1:{port}/link?ticket=1"}
                    body = json.dumps(slack.refusals.pop(0) if slack.refusals else answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler


@pytest.fixture
def slack() -> Iterator[SocketModeSlack]:
    running = SocketModeSlack()
    yield running
    running.close()


@pytest.fixture
def rig() -> Iterator[Rig]:
    with Rig(socket_mode=True) as running:
        yield running


def listener(rig: Rig, api_url: str) -> SocketListener:
    client = WebClient(base_url=api_url, timeout=2, retry_handlers=[])
    return SocketListener(build_bolt(rig.commands, rig.interactions, rig.directory), APP_TOKEN, client)


def test_a_command_and_an_event_are_acknowledged_and_dealt_with(slack: SocketModeSlack, rig: Rig) -> None:
    listening = listener(rig, slack.api_url)
    listening.start()
    command = {
        "command": "/codex-usage",
        "text": "me 7d",
        "user_id": "U0CAROL",
        "team_id": "T0001",
        "response_url": rig.catcher.url,
    }
    slack.say("slash_commands", command, "e1")
    slack.say("events_api", json.loads(event_json({"type": "user_change", "user": member()})), "e2")
    slack.wait_until(lambda: len(slack.acks) == 2)
    assert listening.is_connected

    before = time.monotonic()
    listening.stop()
    took = time.monotonic() - before
    rig.directory.close(5)

    assert sorted(slack.acks, key=str) == [{"envelope_id": "e1"}, {"envelope_id": "e2"}]
    assert rig.catcher.wait_for(1)[0]["text"].startswith("U0CAROL asked 'me 7d'")
    assert [person.slack_id for person in rig.people] == ["U0CAROL"]
    assert slack.opened == [f"Bearer {APP_TOKEN}"]
    assert took < 5
    assert not listening.is_connected


def test_slack_may_be_away_at_the_start(
    slack: SocketModeSlack, rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    slack.refusals = [{"ok": False, "error": word} for word in ("internal_error", "service_unavailable")]
    listening = listener(rig, slack.api_url)

    listening.start()
    slack.say("slash_commands", {"command": "/other", "user_id": "U0CAROL"})
    slack.wait_until(lambda: slack.acks)
    listening.stop()

    assert len(slack.opened) == 3
    assert "No Socket Mode connection yet (internal_error)" in caplog.text
    assert APP_TOKEN not in caplog.text


def test_pauses_grow_up_to_a_bound(slack: SocketModeSlack, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "LONGEST_PAUSE_SECONDS", 0.04)
    pauses: list[float] = []
    slack.refusals = [{"ok": False, "error": "invalid_auth"}] * 5
    listening = listener(rig, slack.api_url)
    monkeypatch.setattr(listening._stopping, "wait", pauses.append)

    listening.start()
    slack.wait_until(lambda: slack._live)
    listening.stop()

    assert pauses == [0.01, 0.02, 0.04, 0.04, 0.04]


def test_nobody_at_the_address_is_no_end(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing listens on port 1; the listener keeps trying and stops when told."""
    listening = listener(rig, "http://127.0.0.1:1/api/")
    with caplog.at_level(logging.WARNING):
        listening.start()
        while "No Socket Mode connection yet" not in caplog.text:
            time.sleep(0.01)

        before = time.monotonic()
        listening.stop()
        took = time.monotonic() - before

    assert took < 5
    assert not listening.is_connected


def test_a_refreshed_connection_goes_on(slack: SocketModeSlack, rig: Rig) -> None:
    listening = listener(rig, slack.api_url)
    listening.start()
    slack.hang_up()
    slack.wait_until(lambda: len(slack._live) == 2)

    slack.say("slash_commands", {"command": "/other", "user_id": "U0CAROL"}, "e9")
    slack.wait_until(lambda: slack.acks)
    listening.stop()

    assert slack.acks[0]["envelope_id"] == "e9"


def test_stopping_what_never_started_is_nothing(rig: Rig) -> None:
    listening = listener(rig, "http://127.0.0.1:1/api/")
    listening.stop()
    assert not listening.is_connected
    assert "socket-mode-closing" not in {thread.name for thread in threading.enumerate()}
