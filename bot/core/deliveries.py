"""One message that is to be sent once: its states, what may become of an attempt, and how it is recognised."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

DoubtRule = Literal["skip", "resend", "check"]
"""What to do where it is unknown whether Slack took a message: never twice, never missing, or look first."""

ALERT, DIGEST = 0, 1
"""Priorities: whatever is smaller goes first."""


class DeliveryState(StrEnum):
    """Where a message stands.

    ``claimed`` is being written and can be begun anew; ``sending`` is written down durably just before the call,
    so whoever finds it later does not know its fate, which is ``doubtful``: it rests, and is settled then.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    PARKED = "parked"  # Slack refuses it for good
    DROPPED = "dropped"  # there is nothing to send any more
    UNKNOWN = "unknown"  # perhaps sent, and never tried again

    @property
    def is_final(self) -> bool:
        """True when nothing happens to it by itself any more."""
        return self in _FINAL


_FINAL = {DeliveryState.SENT, DeliveryState.PARKED, DeliveryState.DROPPED, DeliveryState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Order:
    """A message to be sent to somebody about a period, once.

    ``recipient`` is an employee's normalised address or a channel's id; ``traces_since`` an instant from before
    which the message cannot stand in the conversation, whatever our own clock showed. ``not_before`` is when it
    may go out, None for at once when it is due.
    """

    kind: str
    recipient: str
    period: str
    due_at: datetime
    expires_at: datetime
    traces_since: datetime
    priority: int = DIGEST
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An order as the outbox keeps it.

    ``attempts`` counts how often it was sent without a certain refusal; ``destination`` is the Slack id to which
    it went or may have gone.
    """

    number: int
    order: Order
    state: DeliveryState
    attempts: int = 0
    reason: str | None = None
    destination: str | None = None

    @property
    def is_to_a_person(self) -> bool:
        """False for a channel."""
        return "@" in self.order.recipient


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said now: in forms that only the postman looks into, the fullest first, the plainest last.

    ``said`` is JSON of what the next message of this kind compares itself with.
    """

    forms: Sequence[object]
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """The message stands in this conversation."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Nothing was done; ask again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unreached:
    """Nothing was done, for certain: the request never left, or only asked for something."""

    reason: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Nobody knows whether the message was taken."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """This form of the message was refused; a plainer one may be taken."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This recipient's message was refused for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class Shut:
    """Every message is refused until somebody mends it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The conversation was looked through, and the message is not there."""


@dataclass(frozen=True, slots=True)
class CannotLook:
    """The conversation cannot be looked through."""

    reason: str


PostOutcome = Posted | Busy | Unreached | InDoubt | Unfit | Refused | Shut
FindOutcome = Posted | Absent | CannotLook | Busy | Unreached | Shut
ProbeOutcome = Busy | Unreached | Shut | None


@dataclass(frozen=True, slots=True)
class Standstill:
    """Slack refuses everything, for this reason."""

    since: datetime
    reason: str


def delivery_key(secret: str, order: Order) -> str:
    """What a message carries, invisibly, to be recognised by: opaque, and the same after any restart or restore."""
    about = f"{order.kind}\0{order.recipient}\0{order.period}"
    return hmac.new(secret.encode(), about.encode(), hashlib.sha256).hexdigest()[:32]
