"""Faults that a test sets on a method: answers that never come, come late, lie, or come as something else.

A fault set ``after_accept`` strikes when Slack has already done what it was asked: the message is there, the
caller does not know.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from bot.demo.slack.exchange import Answer, json_answer

EVERY = "*"
RESPONSE_URL = "response_url"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens in place of the true answer: another ``answer``, a reset, or the true one too late."""

    kind: Literal["replace", "reset", "late"]
    after_accept: bool
    answer: Answer | None = None
    seconds: float = 0.0


class Faults:
    """Faults in the order in which they were set: by method, ``response_url``, or ``*`` for any method."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: defaultdict[str, list[Fault]] = defaultdict(list)

    def status(self, method: str, status: int = 500, *, after_accept: bool = False, times: int = 1) -> None:
        """An HTTP status with an empty JSON object."""
        self._add(method, Fault("replace", after_accept, json_answer({}, status)), times)

    def reset(self, method: str, *, after_accept: bool = False, times: int = 1) -> None:
        """The connection is reset before any answer."""
        self._add(method, Fault("reset", after_accept), times)

    def late(self, method: str, seconds: float, *, times: int = 1) -> None:
        """The true answer, so many seconds after the work was done."""
        self._add(method, Fault("late", after_accept=True, seconds=seconds), times)

    def error(self, method: str, word: str, *, after_accept: bool = False, times: int = 1) -> None:
        """``ok: false`` with a word such as ``fatal_error``."""
        self._add(method, Fault("replace", after_accept, json_answer({"ok": False, "error": word})), times)

    def rate_limited(self, method: str, retry_after: int = 1, *, times: int = 1) -> None:
        """A burst of 429."""
        self._add(method, Fault("replace", after_accept=False, answer=too_fast(retry_after)), times)

    def html(self, method: str, status: int = 200, *, after_accept: bool = False, times: int = 1) -> None:
        """A page for people where JSON was due, as proxies answer."""
        page = Answer(status, b"<!DOCTYPE html><title>Down</title>", "text/html; charset=utf-8")
        self._add(method, Fault("replace", after_accept, page), times)

    def truncated(self, method: str, *, after_accept: bool = True, times: int = 1) -> None:
        """JSON that breaks off."""
        body = json.dumps({"ok": True, "ts": "1"}).encode()[:-3]
        self._add(method, Fault("replace", after_accept, Answer(200, body)), times)

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The next fault that strikes this call, used up."""
        with self._lock:
            for key in (method, EVERY) if method != RESPONSE_URL else (method,):
                if self._waiting[key]:
                    return self._waiting[key].pop(0)
        return None

    def _add(self, method: str, fault: Fault, times: int) -> None:
        with self._lock:
            self._waiting[method].extend([fault] * times)


def too_fast(retry_after: int) -> Answer:
    """Slack's 429."""
    return json_answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(retry_after)})
