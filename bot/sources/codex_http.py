"""How one page of the Codex API is asked for until it comes or there is no use in asking."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Generic, TypeVar

import httpx

from bot.errors import SourceError
from bot.sources.codex_faults import excerpt_of, refusal, safe_line

TRIES = 6
BACKOFF_BASE_SECONDS = 1.0
BACKOFF_CAP_SECONDS = 60.0
RETRY_AFTER_CAP_SECONDS = 300.0
CONNECT_TIMEOUT_SECONDS = 10
READ_TIMEOUT_SECONDS = 120  # the API was seen to need longer than 40 s
MAX_BODY_BYTES = 256 * 1024 * 1024  # 30,000 full rows are about 75 MB

_TIMEOUT = httpx.Timeout(READ_TIMEOUT_SECONDS, connect=CONNECT_TIMEOUT_SECONDS)
_TRANSIENT_4XX = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_MISCONFIGURED = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL)

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a body says; what that means is not known here."""

    payload: T


@dataclass(frozen=True, slots=True)
class Setback:
    """A try that failed in a way that another may mend. ``wait_seconds`` is what the API asked for."""

    reason: str
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CodexHttp:
    """Asks with the key, again and again within bounds. ``jitter`` draws from [0, 1)."""

    http: httpx.Client
    key: str
    sleep: Callable[[float], object]
    cancelled: Callable[[], bool]
    jitter: Callable[[], float] = random.random

    def fetch(self, url: str, params: Mapping[str, str | int], parse: Callable[[bytes], T]) -> T:
        """The body of a 2xx answer, parsed. Raises `SourceError`.

        ``parse`` raises ValueError where the body is not whole JSON, which another try may mend.
        """
        for tries in range(1, TRIES + 1):
            self._stop_if_cancelled()
            outcome = self._fetch_once(url, params, parse)
            if isinstance(outcome, SourceError):
                raise outcome
            if isinstance(outcome, Answer):
                return outcome.payload
            if tries < TRIES:
                self._rest(outcome, tries)
            reason = outcome.reason
        raise SourceError(f"The Codex API failed {TRIES} times in a row; the last time it {reason}")

    def _fetch_once(
        self, url: str, params: Mapping[str, str | int], parse: Callable[[bytes], T]
    ) -> Answer[T] | Setback | SourceError:
        """Failures are values here, so that no error has the request, and in it the key, as its context."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        try:
            with self.http.stream(
                "GET", url, params=params, headers=headers, timeout=_TIMEOUT, follow_redirects=False
            ) as reply:
                body = self._read_body(reply)
        except _MISCONFIGURED:
            return SourceError("CODEX_API_URL or CODEX_API_KEY cannot be used in a request", permanent=True)
        except httpx.TimeoutException as error:
            return Setback(_describe_timeout(error))
        except httpx.HTTPError as error:
            return Setback(f"could not be reached or broke off ({safe_line(_name(error), self.key)})")
        return self._judge(reply, body, params, parse)

    def _read_body(self, reply: httpx.Response) -> bytes | None:
        """The whole body, None when it is larger than any honest answer."""
        body = bytearray()
        for chunk in reply.iter_bytes():
            self._stop_if_cancelled()
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return None
        return bytes(body)

    def _judge(
        self,
        reply: httpx.Response,
        body: bytes | None,
        sent: Mapping[str, str | int],
        parse: Callable[[bytes], T],
    ) -> Answer[T] | Setback | SourceError:
        if body is None:
            return SourceError(f"The Codex API sent more than {MAX_BODY_BYTES} bytes for one page")
        if reply.is_success:
            return self._parse(reply, body, parse)
        if _is_transient(reply):
            said = excerpt_of(body, self.key)
            said = f" ({said})" if said else ""
            return Setback(f"answered {reply.status_code}{said}", _retry_after(reply.headers))
        return refusal(reply, body, sent, self.key)

    def _parse(self, reply: httpx.Response, body: bytes, parse: Callable[[bytes], T]) -> Answer[T] | Setback:
        try:
            return Answer(parse(body))
        except ValueError:
            kind = safe_line(reply.headers.get("Content-Type", "unnamed type"), self.key)
            return Setback(f"answered {reply.status_code} with {len(body)} bytes of {kind}, not whole JSON")

    def _rest(self, setback: Setback, tries: int) -> None:
        """Full jitter on an exponential bound; where the API said when, that long and the jitter on top."""
        seconds = self.jitter() * min(BACKOFF_CAP_SECONDS, BACKOFF_BASE_SECONDS * 2 ** (tries - 1))
        if setback.wait_seconds:
            seconds = min(RETRY_AFTER_CAP_SECONDS, setback.wait_seconds + seconds)
        log.warning(
            "The Codex API %s; try %d of %d follows in %.1f s", setback.reason, tries + 1, TRIES, seconds
        )
        self.sleep(seconds)

    def _stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise SourceError("Reading the Codex API was stopped before its end")


def _is_transient(reply: httpx.Response) -> bool:
    status = reply.status_code
    return status in _TRANSIENT_4XX or (reply.is_server_error and status != HTTPStatus.NOT_IMPLEMENTED)


def _describe_timeout(error: httpx.TimeoutException) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return f"could not be reached within {CONNECT_TIMEOUT_SECONDS} s"
    return f"was silent for {READ_TIMEOUT_SECONDS} s ({type(error).__name__})"


def _name(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}"


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; a date counts from the answer's own ``Date``."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return float(text)
    until, sent = _http_date(text), _http_date(headers.get("Date", ""))
    if until is None or sent is None:
        return None
    return max(0.0, (until - sent).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None
