"""Messages on their way out: what keeps them, what writes them, and what carries them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.core.deliveries import (
    Delivery,
    DeliveryState,
    FindOutcome,
    Letter,
    Order,
    Posted,
    PostOutcome,
    ProbeOutcome,
    Standstill,
)
from bot.core.digests.contents import DigestKind
from bot.core.digests.times import DigestClock


class Outbox(Protocol):
    """The right to deliver, which one process at a time holds. Every method is one transaction.

    A change to what is not as it was, or by a process that lost the right, raises `StoreError`.
    """

    def claim(self, now: datetime) -> Delivery | None:
        """The most urgent message that is due; those that have expired are dropped on the way."""
        ...

    def begin(self, delivery: Delivery, destination: str, said: str | None, now: datetime) -> bool:
        """Write down durably that a claimed message is about to be sent there.

        False, and the message dropped, where the same destination has that message under another name.
        """
        ...

    def end(self, delivery: Delivery, posted: Posted, now: datetime) -> None:
        """The message stands in Slack."""
        ...

    def put_back(self, delivery: Delivery, not_before: datetime, reason: str, now: datetime) -> None:
        """It waits for another attempt; one that was just refused for certain does not count."""
        ...

    def set_aside(self, delivery: Delivery, state: DeliveryState, reason: str, now: datetime) -> None:
        """It is doubtful, parked, dropped or unknown from now on."""
        ...

    def find_doubtful(self, resting: Collection[int]) -> Delivery | None:
        """The oldest message in doubt whose number is not among these."""
        ...

    def find_conversation(self, destination: str) -> str | None:
        """The conversation in which an earlier message to that Slack id stands."""
        ...

    def save_standstill(self, reason: str | None, now: datetime) -> None:
        """Slack refuses everything, or None: it does not any more."""
        ...


class DeliveryStore(Protocol):
    """The part of a store that keeps messages. Every method is one transaction and raises `StoreError`."""

    def only_delivery(self, now: datetime) -> AbstractContextManager[Outbox]:
        """The right to deliver. Whatever was being sent by the one before is in doubt from now on.

        Raises `DeliveryRunningError` at once where another process has it.
        """
        ...

    def save_orders(self, orders: Sequence[Order], now: datetime) -> int:
        """Keep what is not kept yet; returns how many were new."""
        ...

    def renew_deliveries(self, numbers: Sequence[int], now: datetime, expires_at: datetime) -> int:
        """Have parked and dropped messages tried again until then at least; returns how many were."""
        ...

    def load_deliveries(self, period: str) -> list[Delivery]:
        """Every message about a period."""
        ...

    def load_said(self, kind: str, recipient: str, period: str) -> str | None:
        """What a message that was sent, or may have been, has said."""
        ...

    def count_open_deliveries(self, since: datetime) -> Mapping[DeliveryState, int]:
        """How many wait, are under way or in doubt, and how many were parked or became unknown since then."""
        ...

    def load_troubles(self, since: datetime, most: int) -> list[Delivery]:
        """What was parked or became unknown since then, newest first."""
        ...

    def load_standstill(self) -> Standstill | None:
        """Since when and why Slack refuses everything, if it does."""
        ...

    def load_digest_clocks(self, kind: DigestKind) -> list[DigestClock]:
        """Every clock of somebody who is to get digests of the kind: not paused, in Slack, and employed today."""
        ...

    def load_digest_recipients(self, kind: DigestKind, period: str) -> list[tuple[str, DigestClock]]:
        """The addresses of whoever is to get the digest of the period and is not in the outbox yet."""
        ...

    def prune_deliveries(self, before: datetime) -> int:
        """Forget messages that are final since before then, some hundred at a time; returns how many."""
        ...


class Composer(Protocol):
    """Writes a message at the moment at which it is sent."""

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """What is to be said now, or the reason why there is nothing to say any more."""
        ...


class Rewriter(Protocol):
    """Writes a message that stands in Slack as things are now."""

    def rewrite(self, order: Order, now: datetime) -> Letter | str:
        """What it is to say, or why it stays as it is."""
        ...


class Postman(Protocol):
    """Carries messages. No method raises for what Slack or the network does."""

    def post(self, form: object, destination: str, key: str) -> PostOutcome:
        """Send one form of a message, once."""
        ...

    def find(
        self, destination: str, conversation: str | None, key: str, since: datetime, thread: str | None = None
    ) -> FindOutcome:
        """Look for a message that carries the key, in the conversation itself or in one of its threads."""
        ...

    def probe(self) -> ProbeOutcome:
        """Find out whether Slack would take messages, without sending one."""
        ...


class Editor(Protocol):
    """Changes messages that stand. Doing it once more does no harm, so nothing about it is ever in doubt."""

    def edit(self, form: object, channel: str, ts: str, key: str) -> PostOutcome:
        """Put a form in the place of a message; it goes on carrying the key."""
        ...


class Channels(Protocol):
    """The channels that messages go to."""

    def is_private(self, channel: str) -> bool | None:
        """True where only its members can read it, None where that is not known."""
        ...


class DeliveryWatch(Protocol):
    """Is told what happens: for the log, for metrics, for somebody who waits."""

    def on_change(self, delivery: Delivery, state: DeliveryState, reason: str | None) -> None:
        """A message has come into this state."""
        ...

    def on_busy(self, seconds: float, per_second: float) -> None:
        """Slack wants to be left alone for so long; the rate is now this."""
        ...

    def on_halt(self, reason: str, pause_seconds: float) -> None:
        """Nothing is sent until Slack answers well again, which is tried after so long."""
        ...

    def on_resume(self) -> None:
        """Slack answers well again."""
        ...

    def on_fault(self, error: Exception) -> str:
        """A message could not be written, by a fault of our own; returns the fault's id."""
        ...
