"""The HTTP routes: what Slack posts, and what operators ask."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.listeners.faults import report_fault
from bot.listeners.inbound import Posted, Reply, SlackInbound, json_reply
from bot.ports import Clock

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

BODY_LIMIT = 1024 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the bot can do its work, and if not, why: sentences without secrets or names."""

    ready: bool
    reasons: tuple[str, ...] = ()


class WebApplication:
    """A WSGI application. Without ``slack`` (Socket Mode) it serves health and metrics only."""

    def __init__(
        self,
        readiness: Callable[[datetime], Readiness],
        registry: CollectorRegistry,
        slack: SlackInbound | None,
        clock: Clock,
    ) -> None:
        self._readiness = readiness
        self._registry = registry
        self._clock = clock
        self._routes: dict[str, tuple[str, Callable[[WSGIEnvironment], Reply]]] = {
            "/healthz": ("GET", lambda _: json_reply(200, {"ok": True})),
            "/readyz": ("GET", lambda _: self._ready()),
            "/metrics": ("GET", lambda _: self._metrics()),
        }
        if slack:
            self._routes["/slack/events"] = ("POST", lambda environ: _post(environ, slack))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            reply = self._reply(environ)
        except Exception as error:  # noqa: BLE001 - the listener border: it becomes an id
            fault_id = report_fault(log, "serving an HTTP request", error)
            reply = json_reply(500, {"error": "internal error", "fault": fault_id})
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", _headers(reply))
        return [reply.body]

    def _reply(self, environ: WSGIEnvironment) -> Reply:
        route = self._routes.get(environ["PATH_INFO"])
        if route is None:
            return json_reply(404, {"error": "not found"})
        method, serve = route
        if environ["REQUEST_METHOD"] != method:
            return Reply(405, b'{"error": "method not allowed"}', allow=method)
        return serve(environ)

    def _ready(self) -> Reply:
        try:
            readiness = self._readiness(self._clock())
        except Exception as error:  # noqa: BLE001 - the listener border: a failed check is a reason
            fault_id = report_fault(log, "checking readiness", error)
            readiness = Readiness(ready=False, reasons=(f"the check itself failed, fault {fault_id}",))
        return json_reply(
            200 if readiness.ready else 503, {"ready": readiness.ready, "reasons": list(readiness.reasons)}
        )

    def _metrics(self) -> Reply:
        return Reply(200, generate_latest(self._registry), CONTENT_TYPE_LATEST)


def _post(environ: WSGIEnvironment, slack: SlackInbound) -> Reply:
    if int(environ.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
        return json_reply(413, {"error": "request too large"})
    return slack.take(
        Posted(
            timestamp=environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""),
            signature=environ.get("HTTP_X_SLACK_SIGNATURE", ""),
            content_type=environ.get("CONTENT_TYPE", ""),
            body=environ["wsgi.input"].read(BODY_LIMIT),
        )
    )


def _headers(reply: Reply) -> list[tuple[str, str]]:
    headers = [
        ("Content-Type", reply.content_type),
        ("Content-Length", str(len(reply.body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return [*headers, ("Allow", reply.allow)] if reply.allow else headers
