"""The whole workspace as one thing to start: HTTP, Socket Mode, the people in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from bot.demo.slack import file_methods
from bot.demo.slack.delivery import Delivery
from bot.demo.slack.exchange import Answer, Request, json_answer
from bot.demo.slack.faults import Faults
from bot.demo.slack.http_server import LoopbackHttp
from bot.demo.slack.installation import Installation
from bot.demo.slack.journal import Exchange
from bot.demo.slack.rate_limits import RateLimits
from bot.demo.slack.response_urls import ResponseUrls
from bot.demo.slack.signed_http import SignedHttp
from bot.demo.slack.socket_mode import SocketMode
from bot.demo.slack.values import Ack, Json
from bot.demo.slack.web_api import WebApi
from bot.demo.slack.workspace import Workspace

API_PATH = "/api/"


class SlackServer:
    """A Slack workspace on loopback with one app installed; a context manager.

    ``members`` are people as users.list gives them. ``now`` is the workspace's clock: times of messages, rate
    limits, trigger ids, response_urls. Deliveries go over Socket Mode until `deliver_to` names a request URL.
    """

    def __init__(
        self,
        members: Iterable[Json],
        *,
        now: Callable[[], float] = time.time,
        port: int = 0,
        installation: Installation | None = None,
        limits: RateLimits | None = None,
    ) -> None:
        self.installation = installation or Installation()
        self.workspace = Workspace(members, now=now, installation=self.installation, limits=limits)
        self.limits = self.workspace.limits
        self.faults = Faults()
        self.socket_mode = SocketMode(self.installation)
        self.signed_http: SignedHttp | None = None
        self._stopping = threading.Event()
        self._http = LoopbackHttp(self._route, port)
        self.response_urls = ResponseUrls(self.workspace, self.faults, self._stopping)
        self._api = WebApi(
            self.workspace,
            self.faults,
            base_url=lambda: self.base_url,
            open_connection=self.socket_mode.new_url,
            stopping=self._stopping,
        )
        self.delivery = Delivery(
            self.workspace, self.response_urls, base_url=lambda: self.base_url, transport=self.socket_mode
        )
        self.workspace.emit = self.delivery.emit
        self.socket_mode.on_connection = self.workspace.changed.ring

    @property
    def base_url(self) -> str:
        """Scheme, host and port of everything that is served over HTTP."""
        return self._http.base_url

    @property
    def api_url(self) -> str:
        """The base of the Web API, with a slash at the end."""
        return f"{self.base_url}{API_PATH}"

    @property
    def bot_token(self) -> str:
        """The app's ``xoxb-`` token."""
        return self.installation.bot_token

    @property
    def app_token(self) -> str:
        """The app's ``xapp-`` token."""
        return self.installation.app_token

    @property
    def signing_secret(self) -> str:
        """What deliveries over HTTP are signed with."""
        return self.installation.signing_secret

    def start(self) -> Self:
        """Serves from now on."""
        self.socket_mode.start()
        self._http.start()
        return self

    def stop(self) -> None:
        """Closes every socket and ends every thread; answers that were to come late come now."""
        self._stopping.set()
        self.socket_mode.stop()
        self._http.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def deliver_to(self, url: str, *, clock: Callable[[], float] = time.time) -> SignedHttp:
        """Delivers over HTTP to a request URL from now on, signed with the time of ``clock``."""
        self.signed_http = SignedHttp(
            url, self.installation, ack_seconds=self.socket_mode.ack_seconds, clock=clock
        )
        self.delivery.transport = self.signed_http
        return self.signed_http

    def slash(
        self, user_id: str, text: str, *, command: str = "/codex-usage", channel_id: str | None = None
    ) -> Ack:
        """See `Delivery.slash`."""
        return self.delivery.slash(user_id, text, command=command, channel_id=channel_id)

    def ask(self, user_id: str, text: str, *, timeout: float = 5.0) -> Json:
        """Types the command and waits for the first reply to it. Raises `TimeoutError`."""
        ack = self.slash(user_id, text)
        return self.wait_for_reply(user_id, after=ack.shown_before, timeout=timeout)

    def press(self, user_id: str, shown: Json, action_id: str, choice: Any = None) -> Ack:
        """See `Delivery.press`."""
        return self.delivery.press(user_id, shown, action_id, choice)

    def submit(self, user_id: str, values: Mapping[str, Any] | None = None) -> Ack:
        """See `Delivery.submit`."""
        return self.delivery.submit(user_id, values)

    def open_home(self, user_id: str, tab: str = "home") -> Ack:
        """See `Delivery.open_home`."""
        return self.delivery.open_home(user_id, tab)

    def event(self, event: Json, *, event_id: str | None = None) -> Ack:
        """See `Delivery.event`."""
        return self.delivery.event(event, event_id=event_id)

    def wait_for_reply(self, user_id: str, count: int = 1, *, after: int = 0, timeout: float = 5.0) -> Json:
        """See `Workspace.wait_for_reply`."""
        return self.workspace.wait_for_reply(user_id, count, after=after, timeout=timeout)

    def replies_to(self, user_id: str) -> list[Json]:
        """See `Workspace.replies_to`."""
        return self.workspace.replies_to(user_id)

    def messages_in(self, channel: str) -> list[Json]:
        """See `Workspace.messages_in`."""
        return self.workspace.messages_in(channel)

    def dms_to(self, user_id: str) -> list[Json]:
        """See `Workspace.dms_to`."""
        return self.workspace.dms_to(user_id)

    def home_of(self, user_id: str) -> Json | None:
        """See `Workspace.home_of`."""
        return self.workspace.home_of(user_id)

    def _route(self, request: Request) -> Answer | None:
        path = request.path
        if path.startswith(API_PATH):
            return self._api.respond(path.removeprefix(API_PATH), request)
        if path.startswith(("/commands/", "/actions/")):
            return self.response_urls.respond(request)
        if path.startswith(file_methods.UPLOAD_PATH):
            taken = file_methods.receive(self.workspace, path, request.body)
            self._note_upload(request, taken=taken)
            return Answer(200, b"OK", "text/plain") if taken else Answer(404, b"not found", "text/plain")
        return json_answer({"ok": False, "error": "not_found"}, 404)

    def _note_upload(self, request: Request, *, taken: bool) -> None:
        said = {"bytes": len(request.body), "content_type": request.headers.get("content-type", "")}
        status, problem = (200, None) if taken else (404, "not found")
        at = self.workspace.now()
        with self.workspace.changed:
            self.workspace.journal.note(Exchange("upload", request.path, at, said, "", 0.0, status, problem))
