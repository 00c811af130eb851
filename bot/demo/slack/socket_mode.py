"""Socket Mode: a real WebSocket server on loopback that sends envelopes and collects acknowledgements."""

from __future__ import annotations

import contextlib
import http
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as Handshake
from websockets.http11 import Response
from websockets.sync.server import Server, ServerConnection, serve

from bot.demo.slack.installation import Installation
from bot.demo.slack.journal import Route
from bot.demo.slack.transport import FAILED_WORD, TIMEOUT_WORD, Kind, Retry
from bot.demo.slack.values import Ack, Json

MAX_CONNECTIONS = 10
CLOSE_SECONDS = 1.0
# The SDK's client can close only between two frames, so that rare pings would make every end of it slow.
PING_SECONDS = 0.25


@dataclass(slots=True)
class _Waiting:
    acknowledged: threading.Event = field(default_factory=threading.Event)
    payload: Json | None = None


class SocketMode:
    """Up to ten connections; each envelope goes to one of them, drawn at random.

    ``ack_seconds`` is the time limit, real seconds whatever the workspace's clock says. ``envelopes`` and
    ``acknowledgements`` keep everything that went either way.
    ``on_connection`` is called whenever one came or went.
    """

    route: Route = "Socket Mode"

    def __init__(self, installation: Installation, *, ack_seconds: float = 3.0, seed: int = 0) -> None:
        self.ack_seconds = ack_seconds
        self.envelopes: list[Json] = []
        self.acknowledgements: list[Json] = []
        self.on_connection: Callable[[], None] = _nobody_listens
        self._installation = installation
        self._draw = random.Random(seed)
        self._changed = threading.Condition()
        self._tickets: set[str] = set()
        self._open: list[ServerConnection] = []
        self._waiting: dict[str, _Waiting] = {}
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listens on a port of its own."""
        self._server = serve(
            self._converse,
            "127.0.0.1",
            0,
            process_request=self._check_ticket,
            ping_interval=PING_SECONDS,
            close_timeout=CLOSE_SECONDS,
            compression=None,
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="slack-socket-mode")
        self._thread.start()

    def stop(self) -> None:
        """Closes every connection and the port."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()

    def new_url(self) -> str:
        """An address for one connection, as apps.connections.open gives it."""
        if self._server is None:
            raise RuntimeError("not started")
        ticket = uuid.uuid4().hex
        with self._changed:
            self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={self._installation.app_id}"

    @property
    def connections(self) -> int:
        """How many connections get envelopes now."""
        with self._changed:
            return len(self._open)

    def wait_for_connection(self, count: int = 1, timeout: float = 5.0) -> None:
        """Waits until so many connections are open. Raises `TimeoutError`."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._open) >= count, timeout):
                raise TimeoutError(f"{len(self._open)} of {count} connections after {timeout:g} seconds")

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Asks every connection to leave; only one that was merely warned still gets envelopes."""
        with self._changed:
            leaving = list(self._open)
            if reason != "warning":
                self._open.clear()
        for connection in leaving:
            _send(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}})

    def drop(self) -> None:
        """Closes every connection without a word."""
        with self._changed:
            leaving, self._open = self._open, []
        for connection in leaving:
            connection.close()

    def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Ack:
        """One envelope, and what acknowledged it within the time limit."""
        envelope = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            attempt, reason = (retry.attempt, retry.reason) if retry else (0, "")
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return self._exchange(envelope)

    def _exchange(self, envelope: Json) -> Ack:
        waiting = _Waiting()
        started = time.perf_counter()
        with self._changed:
            self._waiting[envelope["envelope_id"]] = waiting
            self.envelopes.append(envelope)
        sent = self._send_to_one(envelope)
        acknowledged = sent and waiting.acknowledged.wait(self.ack_seconds)
        milliseconds = (time.perf_counter() - started) * 1000
        with self._changed:
            del self._waiting[envelope["envelope_id"]]
        if not acknowledged:
            return Ack(None, "", None, milliseconds, TIMEOUT_WORD if sent else FAILED_WORD)
        body = "" if waiting.payload is None else json.dumps(waiting.payload)
        return Ack(200, body, waiting.payload, milliseconds)

    def _send_to_one(self, envelope: Json) -> bool:
        while True:
            with self._changed:
                if not self._open:
                    return False
                connection = self._draw.choice(self._open)
            if _send(connection, envelope):
                return True
            self._forget(connection)

    def _check_ticket(self, connection: ServerConnection, request: Handshake) -> Response | None:
        ticket = request.path.partition("ticket=")[2].partition("&")[0]
        with self._changed:
            if ticket in self._tickets:
                self._tickets.discard(ticket)
                return None
        return connection.respond(http.HTTPStatus.FORBIDDEN, "invalid ticket\n")

    def _converse(self, connection: ServerConnection) -> None:
        with self._changed:
            full = len(self._open) >= MAX_CONNECTIONS
            count = len(self._open) + 1
        if full:
            _send(connection, {"type": "disconnect", "reason": "too_many_websockets"})
            return
        _send(connection, self._hello(count))
        with self._changed:
            self._open.append(connection)
            self._changed.notify_all()
        self.on_connection()
        try:
            with contextlib.suppress(ConnectionClosed):
                for raw in connection:
                    self._on_message(raw)
        finally:
            self._forget(connection)

    def _hello(self, count: int) -> Json:
        return {
            "type": "hello",
            "num_connections": count,
            "debug_info": {"host": "loopback", "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._installation.app_id},
        }

    def _on_message(self, raw: str | bytes) -> None:
        message = json.loads(raw)
        with self._changed:
            self.acknowledgements.append(message)
            waiting = self._waiting.get(message.get("envelope_id", ""))
        if waiting is not None:
            waiting.payload = message.get("payload") or None
            waiting.acknowledged.set()

    def _forget(self, connection: ServerConnection) -> None:
        with self._changed:
            if connection in self._open:
                self._open.remove(connection)
            self._changed.notify_all()
        self.on_connection()


def _nobody_listens() -> None:
    """Until somebody wants to know."""


def _send(connection: ServerConnection, message: Json) -> bool:
    try:
        connection.send(json.dumps(message))
    except ConnectionClosed:
        return False
    return True
