"""Answers on their way out to the ``response_url`` that came with a command.

An answer whose fate is unknown is not repeated: the person might read it twice, and can ask again. Only
Slack's "too many requests" is waited out, since then nothing was taken.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import httpx

from bot.errors import DeliveryError
from bot.slack.errors import seconds_to_wait
from bot.slack.fallback import forms_of
from bot.slack.messages import Message
from bot.slack.text import plain

SLACK_HOOKS = httpx.URL("https://hooks.slack.com/")
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 60.0
_REASON_LIMIT = 120
_OK = 200
_TOO_MANY_REQUESTS = 429
_SERVER_FAULT = 500
_BLOCKS_REFUSED = frozenset(
    {"invalid_blocks", "invalid_attachments", "msg_blocks_too_long", "only_one_table_allowed"}
)
_ERROR_WORD = re.compile("[a-z_]+")


class Responder:
    """Answers commands and actions, at Slack's own address or at the origin of ``api_url`` (the Web API)."""

    def __init__(
        self, client: httpx.Client, *, api_url: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._origins = {_origin(SLACK_HOOKS), _origin(httpx.URL(api_url))}
        self._sleep = sleep

    def respond(self, response_url: str, message: Message, *, replace_original: bool = False) -> None:
        """Sends an answer; where Slack refuses its blocks, without charts and tables, and then as text alone.

        Raises `DeliveryError`; it never shows the address, which is a secret of half an hour.
        """
        url = self._checked(response_url)
        reply = self._post(url, message, replace_original=replace_original)
        for simpler in forms_of(message)[1:]:
            if not _are_blocks_refused(reply):
                break
            reply = self._post(url, simpler, replace_original=replace_original)
        _raise_unless_taken(reply)

    def _checked(self, response_url: str) -> httpx.URL:
        try:
            url = httpx.URL(response_url)
        except (httpx.InvalidURL, TypeError, ValueError):
            raise DeliveryError("the response address is not one", permanent=True) from None
        if _origin(url) not in self._origins or url.userinfo:
            raise DeliveryError("the response address is not Slack's", permanent=True)
        return url

    def _post(self, url: httpx.URL, message: Message, *, replace_original: bool) -> httpx.Response:
        body = {
            **message.as_dict(),
            "replace_original": replace_original,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        reply = self._post_once(url, body)
        for _ in range(ATTEMPTS - 1):
            if (
                reply.status_code != _TOO_MANY_REQUESTS
                or seconds_to_wait(reply.headers) > LONGEST_WAIT_SECONDS
            ):
                break
            self._sleep(seconds_to_wait(reply.headers))
            reply = self._post_once(url, body)
        return reply

    def _post_once(self, url: httpx.URL, body: dict[str, Any]) -> httpx.Response:
        try:
            return self._client.post(url, json=body, follow_redirects=False)
        except httpx.HTTPError as error:
            raise DeliveryError(f"no answer from Slack ({type(error).__name__}, response_url)") from None


def _are_blocks_refused(reply: httpx.Response) -> bool:
    """A refusal names its error in JSON or as bare text; more words may follow it."""
    return any(word in reply.text for word in _BLOCKS_REFUSED)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port  # httpx leaves out the usual port of a scheme


def _raise_unless_taken(reply: httpx.Response) -> None:
    status, refusal = reply.status_code, _refusal(reply)
    if status == _OK and not refusal:
        return
    if status == _TOO_MANY_REQUESTS:
        raise DeliveryError("ratelimited (response_url)")
    reason = f"{refusal or f'http_{status}'} (response_url)"
    raise DeliveryError(plain(reason, _REASON_LIMIT), permanent=status < _SERVER_FAULT)


def _refusal(reply: httpx.Response) -> str:
    """Slack's error word, from a JSON body or as the whole body; empty where there is none."""
    try:
        body = reply.json()
    except ValueError:
        text = reply.text.strip()
        return text if _ERROR_WORD.fullmatch(text) and text != "ok" else ""
    if isinstance(body, dict) and body.get("ok") is False:
        return str(body.get("error") or "refused")
    return ""
