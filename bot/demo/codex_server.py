"""The HTTP side of the simulated usage API: requests in, replies out, whole, late, cut or not at all."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.demo.listening import Listener

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. ``sent_share`` below 1 cuts the body off, ``delay_seconds`` pass first.

    ``reset`` drops the connection ``"before"`` anything was sent or ``"after"`` the headers.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    sent_share: float = 1.0
    reset: str | None = None
    delay_seconds: float = 0.0


Respond = Callable[[str, dict[str, str], str | None], Reply]
"""From path, query parameters (the last of each name) and the Authorization header to the reply."""


class CodexServer:
    """Listens on loopback from the start on, answers between `start` and `stop`."""

    def __init__(self, port: int, respond: Respond) -> None:
        self._listener = _Listener(("127.0.0.1", port), respond)
        self._thread = Thread(target=self._listener.serve_forever, args=(0.02,), name="codex-api")

    @property
    def port(self) -> int:
        """The port it listens on, also where 0 was asked for."""
        return int(self._listener.server_address[1])

    def start(self) -> None:
        """Begins to answer, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Ends every connection and thread; raises the first error that was the server's own."""
        self._listener.stopping.set()
        if self._thread.is_alive():
            self._listener.shutdown()
            self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()
        if self._listener.crashes:
            raise self._listener.crashes.pop(0)


class _Listener(Listener):
    def __init__(self, address: tuple[str, int], respond: Respond) -> None:
        self.respond = respond
        self.stopping = Event()
        self.crashes: list[BaseException] = []
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing to say: `_Handler` keeps its own errors, and a client may leave when it likes."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

    def do_GET(self) -> None:
        try:
            reply = self._find_reply()
        except BaseException as error:
            self.server.crashes.append(error)
            raise
        if reply.delay_seconds:
            self.server.stopping.wait(reply.delay_seconds)
        self._send(reply)

    def do_POST(self) -> None:
        self.close_connection = True  # its body was not read
        self._send(Reply(405, b'{"detail":"Method Not Allowed"}', {"Allow": "GET"}))

    do_PUT = do_PATCH = do_DELETE = do_HEAD = do_POST  # noqa: N815 - http.server looks for these names

    def log_message(self, *_: object) -> None:
        """Says nothing: what was asked is kept as a value."""

    def _find_reply(self) -> Reply:
        url = urlsplit(self.path)
        sent = dict(parse_qsl(url.query, keep_blank_values=True))
        return self.server.respond(unquote(url.path), sent, self.headers.get("Authorization"))

    def _send(self, reply: Reply) -> None:
        if reply.reset == "before":
            self._reset()
            return
        self.wfile.write(self._head(reply))
        if reply.reset == "after":
            self.wfile.flush()
            self._reset()
            return
        if reply.sent_share < 1:
            self.close_connection = True
        self.wfile.write(reply.body[: int(len(reply.body) * reply.sent_share)])
        self.wfile.flush()

    def _head(self, reply: Reply) -> bytes:
        lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
        headers = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body))}
        if self.close_connection:
            headers["Connection"] = "close"
        lines += [f"{name}: {value}" for name, value in (headers | dict(reply.headers)).items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _reset(self) -> None:
        """Ends the connection with a TCP reset, where an ordinary close would send an end of file."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
