"""Files on their way into somebody's direct messages: an address from Slack, the bytes, a message, the sharing.

A message from the bot comes first, because a file can be shared with a conversation only, and what Slack
answers to a message names the one with that person. Only "too many requests" is repeated: whatever else may
have been done is not done twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import httpx

from bot.core.answers import ExportAnswer
from bot.core.deliveries import Busy
from bot.errors import DeliveryError
from bot.slack.answers.export import export_note
from bot.slack.calls import Denied, Done, Outcome, WebApi
from bot.slack.errors import explain_refusal

IN_MEMORY = 8 * 1024 * 1024  # a larger file waits on the disk, without a name
PIECE = 64 * 1024
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 60.0
UPLOAD_SECONDS = 120.0  # for each step, such as Slack's answer to the last byte

_ADDRESS = "files.getUploadURLExternal"
_MESSAGE = "chat.postMessage"
_SHARE = "files.completeUploadExternal"
_OK = 200


class SlackFiles:
    """Implements `bot.ports.Files`."""

    def __init__(
        self,
        api: WebApi,
        client: httpx.Client,
        *,
        api_url: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``client`` posts the bytes, without the token: the address is the right to do so."""
        self._api = api
        self._client = client
        self._own_origin = _origin(httpx.URL(api_url))
        self._sleep = sleep

    def keep(self, lines: Iterable[str]) -> IO[bytes]:
        file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever asked for it closes it
        for line in lines:
            file.write(line.encode())
        return file

    def send(self, file: IO[bytes], slack_id: str, name: str, answer: ExportAnswer) -> None:
        size = file.seek(0, SEEK_END)
        given = self._call(_ADDRESS, lambda: self._api.get(_ADDRESS, {"filename": name, "length": str(size)}))
        self._upload(_text(given, "upload_url", _ADDRESS), file, size)
        note = {"channel": slack_id, "text": export_note(answer), "unfurl_links": False}
        told = self._call(_MESSAGE, lambda: self._api.post(_MESSAGE, note))
        shared = {
            "files": [{"id": _text(given, "file_id", _ADDRESS), "title": name}],
            "channel_id": _text(told, "channel", _MESSAGE),
        }
        self._call(_SHARE, lambda: self._api.post(_SHARE, shared))

    def _call(self, method: str, attempt: Callable[[], Outcome]) -> Mapping[str, Any]:
        outcome = attempt()
        for _ in range(ATTEMPTS - 1):
            if not isinstance(outcome, Busy) or outcome.seconds > LONGEST_WAIT_SECONDS:
                break
            self._sleep(outcome.seconds)
            outcome = attempt()
        match outcome:
            case Done(body):
                return body
            case Denied(word, body):
                raise DeliveryError(explain_refusal(word, method, body), permanent=True)
            case Busy():
                raise DeliveryError(f"ratelimited ({method})")
            case _:
                raise DeliveryError(outcome.reason)

    def _upload(self, address: str, file: IO[bytes], size: int) -> None:
        url = self._checked(address)
        file.seek(0)
        headers = {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
        try:
            reply = self._client.post(
                url, content=_pieces(file), headers=headers, timeout=UPLOAD_SECONDS, follow_redirects=False
            )
        except httpx.HTTPError as error:
            raise DeliveryError(f"no answer from Slack ({type(error).__name__}, upload)") from None
        if reply.status_code != _OK:
            raise DeliveryError(f"http_{reply.status_code} (upload)")

    def _checked(self, address: str) -> httpx.URL:
        """People's figures go nowhere in clear, but to a server that the operator named."""
        try:
            url = httpx.URL(address)
        except (httpx.InvalidURL, ValueError):
            raise DeliveryError("the upload address is not one", permanent=True) from None
        if url.scheme != "https" and _origin(url) != self._own_origin:
            raise DeliveryError("the upload address is not encrypted", permanent=True)
        return url


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(PIECE), b"")


def _text(body: Mapping[str, Any], name: str, method: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise DeliveryError(f"an answer that cannot be read ({method})")
    return value


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
