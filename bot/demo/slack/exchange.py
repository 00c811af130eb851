"""What one HTTP request and its answer carry, apart from the socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from bot.demo.slack.values import Json, RefusedError


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was read; header names are lower case."""

    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(body: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(body).encode(), headers=headers or {})


def read_arguments(request: Request) -> Json:
    """The arguments of a call, from its query and its form or JSON body. Raises `RefusedError`.

    A JSON body may not carry the token, so that one is dropped, as is one in the query.
    """
    args: Json = dict(parse_qsl(request.query, keep_blank_values=True))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    args.pop("token", None)
    if not request.body:
        return args
    if kind == "application/json":
        return args | {name: value for name, value in _read_object(request.body).items() if name != "token"}
    if kind == "application/x-www-form-urlencoded":
        return args | dict(parse_qsl(_read_text(request.body), keep_blank_values=True))
    raise RefusedError("invalid_post_type")


def _read_object(body: bytes) -> Json:
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise RefusedError("invalid_json") from error
    if not isinstance(parsed, dict):
        raise RefusedError("json_not_object")
    return parsed


def _read_text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError("invalid_charset") from error
