"""One POST of Slack's, from raw bytes to the answer: judged, read, taken once, handed to Bolt."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from slack_bolt import App
from slack_bolt.request import BoltRequest

from bot.listeners.metrics import Metrics
from bot.listeners.signatures import Signatures, Verdict
from bot.ports import Clock

JSON_TYPE = "application/json"
_SSL_CHECK_LIMIT = 1_000

_SHAPES = {"event": dict, "command": str, "type": str, "actions": list, "view": dict}

# What Bolt and the decoders raise for a body that is no form, no JSON, or JSON of another shape.
_MALFORMED = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    allow: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What Slack signs and says: the two headers ("" where missing), the content type, the raw body."""

    timestamp: str
    signature: str
    content_type: str
    body: bytes


def json_reply(status: int, content: Mapping[str, object]) -> Reply:
    """An answer in JSON."""
    return Reply(status, json.dumps(content).encode())


class SlackInbound:
    """Takes what arrives at ``/slack/events``."""

    def __init__(self, app: App, signatures: Signatures, metrics: Metrics, clock: Clock) -> None:
        self._app = app
        self._signatures = signatures
        self._metrics = metrics
        self._clock = clock

    def take(self, posted: Posted) -> Reply:
        """401 for whatever is not from Slack, 400 for what makes no sense, an idle 200 for a replay."""
        started = time.perf_counter()
        if _is_ssl_check(posted):
            return Reply(200)
        verdict = self._signatures.judge(posted.timestamp, posted.signature, posted.body, self._clock())
        if verdict is Verdict.INVALID:
            self._metrics.invalid.labels("signature").inc()
            return json_reply(401, {"error": "invalid request"})
        if verdict is Verdict.REPLAYED:
            self._metrics.replays.inc()
            return Reply(200)
        reply = self._dispatch(posted)
        self._metrics.ack_seconds.observe(time.perf_counter() - started)
        return reply

    def _dispatch(self, posted: Posted) -> Reply:
        request = _read(posted)
        if request is None:
            self._metrics.invalid.labels("malformed").inc()
            return json_reply(400, {"error": "malformed request"})
        response = self._app.dispatch(request)
        content_type = response.headers.get("content-type", [JSON_TYPE])[0]
        return Reply(response.status, (response.body or "").encode(), content_type)


def _read(posted: Posted) -> BoltRequest | None:
    """Bolt's view of the request; None where it has no form that Bolt could look into."""
    try:
        request = BoltRequest(body=posted.body.decode(), headers={"content-type": posted.content_type})
    except _MALFORMED:
        return None
    return request if _is_sound(request.body) else None


def _is_sound(body: Mapping[str, Any]) -> bool:
    """True where everything has the shape that Bolt takes for granted."""
    if any(not isinstance(body[name], kind) for name, kind in _SHAPES.items() if name in body):
        return False
    pressed, view = body.get("actions", [{"action_id": ""}]), body.get("view", {"type": ""})
    names = [action.get("action_id") if isinstance(action, dict) else None for action in pressed]
    words = (*names, view.get("type"), view.get("callback_id", ""))
    return bool(names) and all(isinstance(word, str) for word in words)


def _is_ssl_check(posted: Posted) -> bool:
    """Slack's occasional look at the certificate, which carries no signature and asks for nothing."""
    if posted.timestamp or posted.signature or len(posted.body) > _SSL_CHECK_LIMIT:
        return False
    return parse_qs(posted.body.decode("latin-1")).get("ssl_check") == ["1"]
