"""The things of a workspace: messages, conversations, files, calls and acknowledgements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.errors import BotError

Json = dict[str, Any]


class RefusedError(BotError):
    """Slack's own error word for a call, with the further fields of its answer."""

    def __init__(self, word: str, **fields: Any) -> None:
        self.word = word
        self.fields = fields
        super().__init__(word)

    def answer(self) -> Json:
        """The body that says no."""
        return {"ok": False, "error": self.word, **self.fields}


class TooFastError(RefusedError):
    """A rate limit; ``retry_after`` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("ratelimited")


def refuse_fields(word: str, complaints: list[str]) -> RefusedError:
    """A refusal with its reasons in the two places where Slack puts them."""
    messages = [f"[ERROR] {line}" for line in complaints]
    return RefusedError(word, errors=complaints, response_metadata={"messages": messages})


@dataclass(slots=True)
class Message:
    """A message as Slack keeps it; ``only_for`` is the one person who sees an ephemeral one."""

    channel_id: str
    body: Json
    only_for: str | None = None

    @property
    def ts(self) -> str:
        """Its time, which is its name within the workspace here."""
        return str(self.body["ts"])


@dataclass(slots=True)
class Conversation:
    """A channel or a direct message; ``with_user`` is the person of a direct message with the app.

    ``people`` are a channel's members, None for everybody.
    """

    id: str
    name: str
    private: bool = False
    archived: bool = False
    has_bot: bool = False
    with_user: str | None = None
    people: set[str] | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The word that scopes are named with: ``channels``, ``groups`` or ``im``."""
        if self.with_user is not None:
            return "im"
        return "groups" if self.private else "channels"

    def is_open_to(self, user_id: str) -> bool:
        """The person is in it."""
        if self.with_user is not None:
            return self.with_user == user_id
        return self.people is None or user_id in self.people


@dataclass(slots=True)
class StoredFile:
    """An upload: announced with a length, then filled, then shared."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    shared_in: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Web API as it came and was answered; the token is left out, its kind is kept."""

    method: str
    args: Json
    token_kind: str
    status: int
    answer: Json
    at: float


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app answered to one delivery. ``error`` is the word that the person would read."""

    status: int | None
    body: str
    payload: Json | None
    milliseconds: float
    error: str | None = None
    attempts: int = 1
    may_retry: bool = True
    shown_before: int = 0

    @property
    def ok(self) -> bool:
        """Acknowledged in time and understood."""
        return self.error is None
