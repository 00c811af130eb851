"""Messages whose fate is unknown: they rest for longer than a request can be under way, and are settled then."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from bot.core.alerts.orders import LINES
from bot.core.deliveries import (
    Absent,
    Busy,
    CannotLook,
    Delivery,
    DeliveryState,
    FindOutcome,
    Posted,
    Shut,
    Unreached,
)
from bot.features.alerts.threads import find_thread
from bot.features.deliveries.desk import NO_ACCOUNT, Bureau, Desk

MOST_ATTEMPTS = 8
"""A message that Slack never takes and never refuses is given up after so many."""

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)


class Doubts:
    """The messages in doubt of one holder's time at the outbox.

    They rest on the monotonic clock, counted from when this process met them: no clock that is set cuts it short.
    """

    def __init__(self, bureau: Bureau, desk: Desk) -> None:
        self._bureau = bureau
        self._desk = desk
        self._monotonic = bureau.clocks.monotonic
        self._quarantine = bureau.settings.quarantine_seconds
        self._not_before = self._monotonic() + self._quarantine
        self._resting: dict[int, float] = {}

    def add(self, delivery: Delivery, reason: str) -> None:
        """Its fate is unknown from now on."""
        self._resting[delivery.number] = self._monotonic() + self._quarantine
        self._desk.set_aside(delivery, DeliveryState.DOUBTFUL, reason)

    def settle_one(self) -> bool:
        """Settle one message that has rested long enough; False where there is none to be settled now."""
        now = self._monotonic()
        if now < self._not_before:
            return False
        self._resting = {number: until for number, until in self._resting.items() if until > now}
        delivery = self._desk.outbox.find_doubtful(self._resting.keys())
        if delivery is None:
            return False
        match self._bureau.settings.doubt:
            case "skip":
                self._desk.set_aside(delivery, DeliveryState.UNKNOWN, delivery.reason or "")
            case "resend":
                self._send_again(delivery, DeliveryState.UNKNOWN)
            case "check":
                return self._settle_by_looking(delivery)
            case other:
                assert_never(other)
        return True

    def _settle_by_looking(self, delivery: Delivery) -> bool:
        match self._look(delivery):
            case Posted() as posted:
                self._desk.record(delivery, posted)
            case Absent():
                self._send_again(delivery, DeliveryState.PARKED)
            case CannotLook(reason):
                self._desk.set_aside(
                    delivery, DeliveryState.UNKNOWN, f"{delivery.reason or ''} {reason}".strip()
                )
            case Busy(seconds):
                self._not_before = self._monotonic() + seconds
                return False
            case Unreached(reason):
                self._desk.halt(reason)
            case Shut(reason):
                self._desk.halt(reason, is_shut=True)
            case other:
                assert_never(other)
        return True

    def _look(self, delivery: Delivery) -> FindOutcome:
        destination = delivery.destination or self._desk.find_destination(delivery)
        if destination is None:
            return CannotLook(NO_ACCOUNT)
        order, thread = delivery.order, None
        if order.kind in LINES:  # a conversation does not show what stands in its threads
            thread = find_thread(self._bureau.store, order)
            if thread is None:
                return Absent()
        conversation = self._desk.outbox.find_conversation(destination)
        return self._bureau.postman.find(
            destination, conversation, self._desk.key(delivery), order.traces_since, thread
        )

    def _send_again(self, delivery: Delivery, when_given_up: DeliveryState) -> None:
        if delivery.attempts >= MOST_ATTEMPTS:
            reason = f"Given up after {delivery.attempts} attempts. {delivery.reason or ''}".strip()
            self._desk.set_aside(delivery, when_given_up, reason)
            return
        again = delivery.attempts - 1  # the first time at once: it has rested long enough
        pause = min(FIRST_RETRY * 2 ** (again - 1), LONGEST_RETRY) if again > 0 else timedelta()
        self._desk.put_back(delivery, delivery.reason or "", pause)
