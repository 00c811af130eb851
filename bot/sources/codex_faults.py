"""What the Codex API's refusals mean, and what the operator can do about them.

Nothing of a refusal is quoted without being shortened to one line and cleared of keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from http import HTTPStatus
from typing import Any

import httpx

from bot.errors import SourceError
from bot.sources.codex_figures import parse_json

EXCERPT_LIMIT = 240  # characters of the API's own words that fit a line of a log or of a chat
_KEY_PATTERN = re.compile(r"\b(?:sk-|sess-|eyJ)[\w.*-]{6,}|(?i:bearer)\s+\S+")
_OF_A_CURSOR = (HTTPStatus.BAD_REQUEST, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY)
_KEYS_THAT_WORK = (
    'CODEX_API_KEY must hold a workspace Admin key with the permission "Codex analytics API: Read"'
    " (admin.openai.com > Credentials > Admin keys) or a Platform key with the scope"
    " codex.enterprise.analytics.read, and the key must belong to this workspace"
)


def refusal(reply: httpx.Response, body: bytes, sent: Mapping[str, str | int], key: str) -> SourceError:
    """The error for an answer that trying again at once cannot mend. ``sent`` are the query parameters."""
    status = reply.status_code
    said = excerpt_of(body, key)
    said = f". The API said: {said}" if said else ""
    if reply.is_redirect:
        return SourceError(
            f"The Codex API answered with a redirect ({status}), which is never followed:"
            f" check CODEX_API_URL{said}",
            permanent=True,
        )
    # A cursor can expire or be refused for its own sake; the next reading starts without one.
    permanent = reply.is_client_error and not ("page" in sent and status in _OF_A_CURSOR)
    return SourceError(f"{_explanation(reply, sent)}{said}", permanent=permanent)


def excerpt_of(body: bytes, key: str) -> str:
    """One safe line of whatever the API said: JSON of several shapes, HTML or plain text."""
    text = body[:65_536].decode("utf-8", "replace")
    try:
        text = _message_in(parse_json(body))
    except (ValueError, RecursionError):
        if text.lstrip().startswith("<"):
            text = _text_of_html(text)
    return safe_line(text, key)


def safe_line(text: str, key: str) -> str:
    """``text`` on one line without ``key`` or anything that looks like a key, shortened."""
    text = _KEY_PATTERN.sub("[key]", text.replace(key, "[key]"))
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= EXCERPT_LIMIT else text[: EXCERPT_LIMIT - 1].rstrip() + "…"


def _explanation(reply: httpx.Response, sent: Mapping[str, str | int]) -> str:
    status = reply.status_code
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"The Codex API refused the key ({status}): {_KEYS_THAT_WORK}"
    if status == HTTPStatus.NOT_FOUND:
        return (
            f"The Codex API does not know the workspace {_workspace_of(reply)} (404): check"
            " CODEX_WORKSPACE_ID (the ChatGPT workspace's UUID, not org-…) and CODEX_API_URL, and that"
            " Codex analytics is enabled for the workspace"
        )
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return f"The Codex API refused the request (422) with {_parameters(sent)}"
    return f"The Codex API answered {status} to a request with {_parameters(sent)}"


def _workspace_of(reply: httpx.Response) -> str:
    return reply.request.url.path.rstrip("/").split("/")[-2]


def _parameters(sent: Mapping[str, str | int]) -> str:
    return ", ".join(f"{name}={'…' if name == 'page' else value}" for name, value in sent.items())


def _message_in(payload: Any) -> str:
    """The words in ``{"error"|"detail"|"message"|"error_description": …}``, however they are nested."""
    if isinstance(payload, list):
        return "; ".join(filter(None, map(_message_in, payload[:5])))
    if not isinstance(payload, dict):
        return "" if payload is None else str(payload)
    if isinstance(payload.get("msg"), str):
        return _validation_in(payload)
    for name in ("error", "detail", "message", "error_description"):
        if payload.get(name):
            return _with_code(_message_in(payload[name]), payload)
    return _with_code("", payload)


def _validation_in(fault: dict[str, Any]) -> str:
    """One entry of a 422's list: where the fault is, then what it is. The input itself is not repeated."""
    where = fault.get("loc")
    place = ".".join(str(part) for part in where) if isinstance(where, list) else ""
    return f"{place}: {fault['msg']}" if place else fault["msg"]


def _with_code(message: str, payload: dict[str, Any]) -> str:
    code = payload.get("code") or payload.get("type")
    if not isinstance(code, str) or code in message:
        return message
    return f"{message} ({code})" if message else code


def _text_of_html(text: str) -> str:
    title = re.search(r"(?is)<title[^>]*>(.*?)</title>", text)
    if title:
        return unescape(title[1])
    without_code = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)
    return unescape(re.sub(r"<[^>]*>", " ", without_code))
