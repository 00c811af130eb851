"""Whether a request comes from Slack, and comes for the first time.

The rule is Slack's "Verifying requests from Slack": HMAC-SHA256 of ``v0:timestamp:body`` over the raw bytes,
not older or newer than five minutes. Headers are checked for their form first, so that garbage in them is a
refusal like any other. Within the five minutes a signature is good once: a copy of it is a replay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from enum import Enum

from bot.errors import ConfigError
from bot.listeners.seen import Seen

WINDOW_SECONDS = 300
REMEMBER_SECONDS = 2 * WINDOW_SECONDS  # a timestamp may lie as far ahead of our clock as behind it
REMEMBER_AT_MOST = 200_000  # Slack sends one workspace at most 30,000 events an hour

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Verdict(Enum):
    """What a request's signature says."""

    GENUINE = "genuine"
    REPLAYED = "replayed"
    INVALID = "invalid"


class Signatures:
    """Judges requests by their two headers and raw body."""

    def __init__(self, signing_secret: str) -> None:
        if not signing_secret.strip():
            raise ConfigError(["SLACK_SIGNING_SECRET is empty, so that no request could be trusted"])
        self._secret = signing_secret.encode()
        self._seen = Seen(REMEMBER_SECONDS, REMEMBER_AT_MOST)

    def judge(self, timestamp: str, signature: str, body: bytes, now: datetime) -> Verdict:
        """The verdict; a genuine request is remembered, so that asking twice gives ``REPLAYED``."""
        if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
            return Verdict.INVALID
        if abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
            return Verdict.INVALID
        if not hmac.compare_digest(self._sign(timestamp, body), signature):
            return Verdict.INVALID
        return Verdict.GENUINE if self._seen.is_new(signature, now.timestamp()) else Verdict.REPLAYED

    def _sign(self, timestamp: str, body: bytes) -> str:
        base = b"v0:" + timestamp.encode() + b":" + body
        return "v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest()
