"""The page's HTTP server: on loopback only, for its own pages only, with streams that stay open."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from bot.demo.listening import Listener
from bot.demo.slack.exchange import Answer, Request

HOST = "127.0.0.1"
MAX_BODY = 1_000_000
IDLE_SECONDS = 30
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'; object-src 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer without an end: pieces of server-sent events, until the reader goes or we stop."""

    pieces: Iterator[bytes]


Respond = Callable[[Request], Answer | Stream]


class PageServer:
    """Takes the port at once, and serves from `start` to `stop`; port 0 is any free one.

    Raises `OSError` when the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._server = _Server((HOST, port), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="page")

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def start(self, respond: Respond) -> None:
        """Answers with ``respond`` from now on."""
        self._server.respond = respond
        self._thread.start()

    def stop(self) -> None:
        """Gives the port back and ends every connection; streams must have been ended before."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(Listener):
    # A second demo must hear that the port is taken, and not share it.
    allow_reuse_port = False
    respond: Respond

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers leave in the middle of an answer; anything else is a fault of ours and shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(path, query, headers, b"", self.command)
        refused = refusal(request, str(self.connection.getsockname()[1]))
        if refused is not None:
            self.close_connection = True  # its body was not read
            self._send(refused)
            return
        body = self.rfile.read(int(headers.get("content-length") or 0))
        answer = self.server.respond(Request(path, query, headers, body, self.command))
        if isinstance(answer, Stream):
            self._send_stream(answer)
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self._send_head(answer.status, answer.content_type, {"Cache-Control": "no-store", **answer.headers})
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _send_stream(self, stream: Stream) -> None:
        self.close_connection = True
        self._send_head(200, "text/event-stream", {"Cache-Control": "no-store", "Connection": "close"})
        self.end_headers()
        for piece in stream.pieces:
            self.wfile.write(piece)
            self.wfile.flush()

    def _send_head(self, status: int, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in (HEADERS | headers).items():
            self.send_header(name, value)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """The terminal belongs to the tour."""


def refusal(request: Request, port: str) -> Answer | None:
    """What a request gets that another site, or another name for this machine, may have sent; None if it is ours.

    The Host header defeats a name that was made to point here (DNS rebinding), the Origin header a form or
    script of another site: browsers send it with every POST.
    """
    hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
    host = request.headers.get("host", "")
    if host not in hosts and f"{host}:80" not in hosts:
        return _refuse(421, f"This page is at http://{HOST}:{port} only.")
    if request.method == "POST" and request.headers.get("origin") != f"http://{host}":
        return _refuse(403, "Only this page itself may do that.")
    length = request.headers.get("content-length") or "0"
    if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY:
        return _refuse(413, "That is too much at once.")
    return None


def _refuse(status: int, sentence: str) -> Answer:
    return Answer(status, sentence.encode(), "text/plain; charset=utf-8")
