"""Reading the arguments of a call, which come as form text or as JSON values."""

from __future__ import annotations

import json
from typing import Any

from bot.demo.slack.values import Json, RefusedError

_TRUE = frozenset({"1", "true", "True"})


def text(args: Json, name: str) -> str:
    """An argument as text, empty when it is missing."""
    value = args.get(name)
    return "" if value is None else str(value)


def required(args: Json, name: str) -> str:
    """The same, refused with Slack's words when it is missing."""
    if value := text(args, name):
        return value
    raise missing(name)


def missing(name: str) -> RefusedError:
    """The refusal of a call that leaves an argument out."""
    messages = [f"[ERROR] missing required field: {name}"]
    return RefusedError("invalid_arguments", response_metadata={"messages": messages})


def flag(args: Json, name: str) -> bool:
    """A switch, off unless said."""
    return args.get(name) is True or text(args, name) in _TRUE


def whole(args: Json, name: str, word: str = "invalid_arguments") -> int | None:
    """A whole number of at least 0; refused with ``word`` when it is none."""
    value = text(args, name)
    if not value:
        return None
    if not value.isascii() or not value.isdigit():
        raise RefusedError(word)
    return int(value)


def parsed(args: Json, name: str, word: str) -> Any:
    """A JSON argument, given as JSON text or as the value itself; ``word`` refuses what is no JSON."""
    value = args.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError as error:
        raise RefusedError(word) from error
