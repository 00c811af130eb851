"""Delivery over HTTP: a POST to the app's request URL, signed over its raw body, within three seconds."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from bot.demo.slack.installation import Installation
from bot.demo.slack.journal import Route
from bot.demo.slack.transport import FAILED_WORD, TIMEOUT_WORD, Kind, Retry
from bot.demo.slack.values import Ack, Json

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it left, so that a test can send it once more or bend it."""

    url: str
    body: bytes
    headers: Mapping[str, str]


class SignedHttp:
    """Posts to ``url``. The signature's time is real time, because the app compares it with its own clock."""

    route: Route = "HTTP"

    def __init__(
        self,
        url: str,
        installation: Installation,
        *,
        ack_seconds: float = 3.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.url = url
        self.ack_seconds = ack_seconds
        self.sent: list[Sent] = []
        self._installation = installation
        self._clock = clock

    def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Ack:
        """One delivery, and what came back within the time limit."""
        content_type, body = _encode(kind, payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **self._sign(body)}
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        return self.post(Sent(self.url, body, headers))

    def post(self, request: Sent) -> Ack:
        """Sends exactly this."""
        self.sent.append(request)
        started = time.perf_counter()
        try:
            status, body, headers = _post(request, self.ack_seconds)
        except TimeoutError:
            return Ack(None, "", None, _since(started), TIMEOUT_WORD)
        except (OSError, http.client.HTTPException):
            return Ack(None, "", None, _since(started), FAILED_WORD)
        error = None if 200 <= status < 300 else FAILED_WORD  # noqa: PLR2004 - the 2xx of HTTP
        if error is None and _since(started) > self.ack_seconds * 1000:
            error = TIMEOUT_WORD
        may_retry = headers.get("x-slack-no-retry") != "1"
        return Ack(status, body, _object(body), _since(started), error, may_retry=may_retry)

    def _sign(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._installation.signing_secret, timestamp, body),
        }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature over the raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _encode(kind: Kind, payload: Json) -> tuple[str, bytes]:
    if kind == "slash_commands":
        return FORM, urlencode(payload).encode()
    if kind == "interactive":
        return FORM, urlencode({"payload": json.dumps(payload)}).encode()
    return "application/json", json.dumps(payload).encode()


def _post(request: Sent, seconds: float) -> tuple[int, str, dict[str, str]]:
    parts = urlsplit(request.url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=seconds)
    try:
        connection.request("POST", parts.path or "/", body=request.body, headers=dict(request.headers))
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        return response.status, body, {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


def _object(body: str) -> Json | None:
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
