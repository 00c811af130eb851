"""The Web API apart from the socket: who calls, whether they may, what they get."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bot.demo.slack.exchange import Answer, Request, json_answer, read_arguments
from bot.demo.slack.faults import Fault, Faults
from bot.demo.slack.methods import METHODS, NO_TOKEN, Method
from bot.demo.slack.values import Call, Json, RefusedError, TooFastError
from bot.demo.slack.workspace import Workspace

CONNECTIONS_OPEN = "apps.connections.open"
UPLOAD_URL = "files.getUploadURLExternal"


class WebApi:
    """Answers calls. ``base_url`` and ``open_connection`` are what only the server knows."""

    def __init__(
        self,
        workspace: Workspace,
        faults: Faults,
        *,
        base_url: Callable[[], str],
        open_connection: Callable[[], str],
        stopping: threading.Event,
    ) -> None:
        self._workspace = workspace
        self._faults = faults
        self._base_url = base_url
        self._stopping = stopping
        self._methods = {
            **METHODS,
            CONNECTIONS_OPEN: Method(
                lambda _workspace, _args: {"url": open_connection()}, 1, ("connections:write",), "app"
            ),
        }

    def respond(self, name: str, request: Request) -> Answer | None:
        """The answer to one call, or None where the connection is to be reset."""
        began = time.perf_counter()
        fault = self._faults.take(name)
        if fault is not None and not fault.after_accept:
            self._record(name, _readable_arguments(request), request, _struck(fault), began)
            return fault.answer
        answer = self._answer(name, request, began)
        return strike(fault, answer, self._stopping)

    def _answer(self, name: str, request: Request, began: float) -> Answer:
        args: Json = {}
        status, headers = 200, {}
        try:
            args = read_arguments(request)
            body = {"ok": True, **self._call(name, args, _token(args, request))}
        except TooFastError as refused:
            status, body = 429, refused.answer()
            headers["Retry-After"] = str(refused.retry_after)
        except RefusedError as refused:
            body = refused.answer()
        if name == UPLOAD_URL and "upload_url" in body:
            body["upload_url"] = self._base_url() + body["upload_url"]
        self._record(name, args, request, (status, body), began)
        granted = self._granted(_token(args, request))
        if granted is not None:
            headers["X-OAuth-Scopes"] = ",".join(sorted(granted))
        return json_answer(body, status, headers)

    def _call(self, name: str, args: Json, token: str) -> Json:
        method = self._methods.get(name)
        if method is None:
            raise RefusedError("unknown_method")
        self._authorise(method, token)
        if seconds := self._workspace.limits.wait_for_method(name, method.tier):
            raise TooFastError(seconds)
        with self._workspace.changed:
            try:
                return method.answer(self._workspace, args)
            finally:
                self._workspace.changed.notify_all()

    def _authorise(self, method: Method, token: str) -> None:
        if method.token == NO_TOKEN:
            return
        own = self._workspace.installation
        if not token:
            raise RefusedError("not_authed")
        granted = self._granted(token)
        if granted is None:
            raise RefusedError("invalid_auth")
        if own.token_error is not None:
            raise RefusedError(own.token_error)
        if token != (own.bot_token if method.token == "bot" else own.app_token):
            raise RefusedError("not_allowed_token_type")
        lacking = [scope for scope in method.scopes if scope not in granted]
        if lacking:
            provided = ",".join(sorted(granted))
            raise RefusedError("missing_scope", needed=",".join(lacking), provided=provided)

    def _granted(self, token: str) -> set[str] | None:
        """The scopes of a token of this app, None for any other."""
        own = self._workspace.installation
        return {own.bot_token: own.scopes, own.app_token: {"connections:write"}}.get(token)

    def _record(
        self, name: str, args: Json, request: Request, outcome: tuple[int, Json], began: float
    ) -> None:
        kind = _token(args, request).partition("-")[0] or "none"
        kept = {key: value for key, value in args.items() if key != "token"}
        status, body = outcome
        call = Call(name, kept, kind, status, body, self._workspace.now())
        self._workspace.record(call, (time.perf_counter() - began) * 1000)


def strike(fault: Fault | None, answer: Answer, stopping: threading.Event) -> Answer | None:
    """What a fault that comes after the work makes of the true answer."""
    if fault is None:
        return answer
    if fault.kind == "late":
        stopping.wait(fault.seconds)
        return answer
    return fault.answer


def _struck(fault: Fault) -> tuple[int, Json]:
    return (0, {}) if fault.answer is None else (fault.answer.status, {})


def _readable_arguments(request: Request) -> Json:
    try:
        return read_arguments(request)
    except RefusedError:
        return {}


def _token(args: Json, request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return str(args.get("token") or "")
