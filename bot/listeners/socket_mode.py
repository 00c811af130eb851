"""Socket Mode: a connection that we open and Slack talks back on."""

from __future__ import annotations

import logging
import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0  # opening connections is allowed about once a minute

log = logging.getLogger(__name__)


class SocketListener:
    """Listens from `start` to `stop`. Slack may be away at the start, and may go away and come back.

    The first connection is tried again here, with growing pauses; a lost one slack_sdk opens again by itself.
    """

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        """``client`` knows where the Web API is and how long to wait for it; its token is not used."""
        self._app = app
        self._app_token = app_token
        self._client = client
        self._stopping = threading.Event()
        self._closing = threading.Lock()  # slack_sdk's client may be closed twice, but not twice at once
        self._handler: SocketModeHandler | None = None
        self._connecting: threading.Thread | None = None

    @property
    def is_connected(self) -> bool:
        """True while Slack can reach us."""
        return self._handler is not None and self._handler.client.is_connected()

    def start(self) -> None:
        """Begins to connect, and returns at once."""
        quiet = logging.getLogger(f"{__name__}.client")
        quiet.setLevel(logging.INFO)  # at debug it would log what people type
        self._handler = SocketModeHandler(
            self._app, app_token=self._app_token, logger=quiet, web_client=self._client
        )
        connecting = threading.Thread(
            target=self._connect, args=(self._handler,), name="socket-mode", daemon=True
        )
        self._connecting = connecting
        connecting.start()

    def stop(self, timeout: float = 4.0) -> None:
        """Closes the connection; what does not end in ``timeout`` seconds is left to the process's end."""
        self._stopping.set()
        if self._handler is None or self._connecting is None:
            return
        closing = threading.Thread(
            target=self._close, args=(self._handler,), name="socket-mode-closing", daemon=True
        )
        closing.start()
        closing.join(timeout)

    def _connect(self, handler: SocketModeHandler) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                handler.client.connect()
            except Exception as error:  # noqa: BLE001 - the listener border: whatever it is, Slack may be back soon
                log.warning("No Socket Mode connection yet (%s), next try in %.0f s", _reason(error), pause)
                self._stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            else:
                break
        if self._stopping.is_set():
            self._close(handler)  # it may have come about just after `stop` closed what there was

    def _close(self, handler: SocketModeHandler) -> None:
        with self._closing:
            handler.client.close()


def _reason(error: Exception) -> str:
    """Slack's own word for it where there is one."""
    response = getattr(error, "response", None)
    word = response.get("error") if response is not None else None
    return str(word or error)
