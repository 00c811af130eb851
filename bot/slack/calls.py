"""One call of the Web API, made once, and what its outcome means: done, refused, or nobody knows.

Only two things are certain: an answer in which Slack says so, and a connection that never came about. All
else may have been done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.core.deliveries import Busy, InDoubt, Unreached
from bot.slack.errors import seconds_to_wait

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_OK = 200
_REQUEST_TIMEOUT = 408
_TOO_MANY_REQUESTS = 429
_REFUSALS = range(400, 500)
_TOO_FAST = {"ratelimited", "rate_limited", "message_limit_exceeded"}


@dataclass(frozen=True, slots=True)
class Done:
    """Slack did it; ``headers`` are as httpx gives them, without regard to case."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Denied:
    """Slack says that it did not do it, with its word; ``http_403`` and the like where somebody else says so."""

    word: str
    body: Mapping[str, Any]


Outcome = Done | Denied | Busy | Unreached | InDoubt


class WebApi:
    """Slack's Web API with one token; follows no redirect and repeats nothing."""

    def __init__(self, client: httpx.Client, *, api_url: str, token: str) -> None:
        self._client = client
        self._api_url = api_url
        self._headers = {"Authorization": f"Bearer {token}"}

    def post(self, method: str, arguments: Mapping[str, Any]) -> Outcome:
        """A call with a JSON body, for methods that take one."""
        return self._send("POST", method, json=arguments)

    def get(self, method: str, arguments: Mapping[str, str]) -> Outcome:
        """A call that only asks."""
        return self._send("GET", method, params=arguments)

    def _send(self, verb: str, method: str, **content: Any) -> Outcome:
        url = f"{self._api_url}{method}"
        try:
            reply = self._client.request(verb, url, headers=self._headers, follow_redirects=False, **content)
        except _NEVER_LEFT as error:
            return Unreached(f"no connection to Slack ({type(error).__name__})")
        except httpx.HTTPError as error:
            return InDoubt(f"no answer from Slack ({type(error).__name__}, {method})")
        return _read(reply, method)


def _read(reply: httpx.Response, method: str) -> Outcome:
    if reply.status_code == _TOO_MANY_REQUESTS:
        return Busy(seconds_to_wait(reply.headers))
    body = _body(reply)
    word = body.get("error")
    if reply.status_code in _REFUSALS and reply.status_code != _REQUEST_TIMEOUT:
        return Denied(str(word or f"http_{reply.status_code}"), body)
    if reply.status_code != _OK:
        return InDoubt(f"http_{reply.status_code} ({method})")
    if body.get("ok") is True:
        return Done(body, reply.headers)
    if body.get("ok") is not False or not isinstance(word, str) or not word:
        return InDoubt(f"an answer that cannot be read ({method})")
    return Busy(seconds_to_wait(reply.headers)) if word in _TOO_FAST else Denied(word, body)


def _body(reply: httpx.Response) -> Mapping[str, Any]:
    try:
        body = reply.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
