"""The HTTP server: one socket, one loop, a few threads, and an end that lets requests finish."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

from bot.errors import ConfigError

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 8
PORTS = range(65_536)
BACKLOG = 1024
CONNECTION_LIMIT = 400
IN_MEMORY_BODY = 256 * 1024  # per connection; longer ones, which Slack does not send, go to a temporary file
REFUSED_UNREAD_BODY = 4 * 1024 * 1024  # below it the application itself can say that a body is too large
IDLE_SECONDS = 60
SWITCH_SECONDS = 0.001  # so that an acknowledgement waits less for threads that compute

_LOOP_SECONDS = 1.0
_THREADS_END_SECONDS = 1.0


class WebServer:
    """Serves a WSGI application from `start` to `stop`, in threads of its own."""

    def __init__(self, application: WSGIApplication, *, host: str, port: int) -> None:
        """``port`` 0 takes any free one; `port` tells which once the server has started."""
        self._application = application
        self._host = host
        self._port = port
        self._sockets: dict[int, Any] = {}  # waitress' own map of what it listens to
        self._server: Any = None
        self._thread: threading.Thread | None = None
        self._stop_at: float | None = None
        self._woken = threading.Event()

    @property
    def port(self) -> int:
        """The port that is really listened on, after `start`."""
        return self._port

    def start(self) -> None:
        """Listens and serves. Raises `ConfigError` where host and port cannot be had."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a rush is no news to anybody
        sys.setswitchinterval(SWITCH_SECONDS)
        listening = self._listen()
        self._port = listening.getsockname()[1]
        self._server = create_server(
            self._application,
            map=self._sockets,
            sockets=[listening],
            threads=THREADS,
            backlog=BACKLOG,
            connection_limit=CONNECTION_LIMIT,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=IDLE_SECONDS // 4,
            inbuf_overflow=IN_MEMORY_BODY,
            max_request_body_size=REFUSED_UNREAD_BODY,
            ident=None,
        )
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 3.0) -> None:
        """Takes no new connection, gives running requests ``timeout`` seconds to end, frees the port."""
        if self._thread is None:
            return
        self._stop_at = time.monotonic() + timeout
        self._server.pull_trigger()
        self._woken.set()
        self._thread.join()
        self._thread = None

    def _listen(self) -> socket.socket:
        if self._port not in PORTS:
            raise ConfigError([f"PORT: {self._port} is no port number"])
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            return socket.create_server((self._host, self._port), family=family, backlog=BACKLOG)
        except OSError as error:
            problem = f"HOST and PORT: cannot listen on {self._host} port {self._port}: {error}"
            raise ConfigError([problem]) from None

    def _serve(self) -> None:
        while self._stop_at is None:
            self._turn(_LOOP_SECONDS)
        wasyncore.dispatcher.close(self._server)
        while self._is_busy() and time.monotonic() < self._stop_at:
            self._turn(0.05)
        self._server.task_dispatcher.shutdown(timeout=_THREADS_END_SECONDS)
        self._woken.wait()  # the loop may have ended by itself while `stop` was about to wake it
        wasyncore.close_all(self._sockets)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)

    def _is_busy(self) -> bool:
        """True while a request is being answered or an answer is still on its way out."""
        channels = self._server.active_channels.values()
        return any(channel.requests or channel.total_outbufs_len for channel in channels)
