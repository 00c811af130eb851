"""What went over the wire, both ways, for people to look at: the newest exchanges, without any token."""

from __future__ import annotations

import itertools
import json
from collections import deque
from dataclasses import dataclass, replace
from typing import Any, Literal

LONGEST = 500
HIDDEN = "(hidden)"
_SECRET = frozenset({"token", "ticket", "bot_access_token", "client_secret", "signing_secret"})

Route = Literal["Web API", "Socket Mode", "HTTP", "response_url", "upload"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. ``status`` is None where no answer came; ``at`` is in Unix seconds.

    ``problem`` is Slack's word for what went wrong; ``size`` is in bytes of JSON, both ways.
    """

    route: Route
    name: str
    at: float
    request: Any
    answer: Any
    milliseconds: float
    status: int | None = 200
    problem: str | None = None
    number: int = 0
    size: int = 0

    @property
    def from_app(self) -> bool:
        """The app spoke first."""
        return self.route in {"Web API", "response_url", "upload"}


class Journal:
    """The newest `LONGEST` exchanges. The caller holds the workspace's lock."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=LONGEST)
        self._numbers = itertools.count(1)

    def note(self, exchange: Exchange) -> None:
        """Keeps it, numbered and measured; what could open a door is hidden first."""
        request, answer = _hide(exchange.request), _hide(exchange.answer)
        size = len(json.dumps(request)) + len(json.dumps(answer))
        number = next(self._numbers)
        self._kept.append(replace(exchange, request=request, answer=answer, size=size, number=number))

    def newest(self, count: int = LONGEST) -> list[Exchange]:
        """The newest so many, the oldest of them first."""
        return list(self._kept)[-count:]

    def find(self, number: int) -> Exchange | None:
        """One of them, unless it was too long ago."""
        return next((one for one in self._kept if one.number == number), None)


def _hide(value: Any) -> Any:
    """A copy in which nobody finds a token, however deep it lies, nor the ticket in a WebSocket's address."""
    if isinstance(value, dict):
        return {name: HIDDEN if name in _SECRET and inner else _hide(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_hide(inner) for inner in value]
    if isinstance(value, str) and value.startswith(("ws://", "wss://")):
        return value.partition("?")[0] + f"?{HIDDEN}"
    return value


def parsed(value: Any) -> Any:
    """An argument that is an object or a list as JSON text as what it means, anything else as it came."""
    if not isinstance(value, str) or value[:1] not in {"[", "{"}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
