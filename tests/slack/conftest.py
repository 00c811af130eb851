"""A Slack on loopback, spoken to by the real clients."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.slack.scripted import ScriptedSlack


@pytest.fixture
def slack() -> Iterator[ScriptedSlack]:
    """A real HTTP server on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server calls it so
            length = int(self.headers.get("Content-Length", 0))
            reply = scripted.take(self.path, self.rfile.read(length).decode())
            if reply.status == 0:
                self.close_connection = True  # hang up without an answer
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def do_GET(self) -> None:  # and so
            self.do_POST()

        def log_message(self, *args: object) -> None:
            """Stays silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scripted = ScriptedSlack(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    server.shutdown()
    thread.join()
    server.server_close()
