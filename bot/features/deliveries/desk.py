"""What delivering is done with and written down on: settings, clocks, the outbox, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.deliveries import Delivery, DeliveryState, DoubtRule, Posted, delivery_key
from bot.core.pacing import Pace
from bot.errors import DeliveryRunningError, StoreError
from bot.features.deliveries.standing_still import Standing
from bot.ports import DeliveryWatch, Outbox, Postman, Store

RECORD_ATTEMPTS = 5
RECORD_PAUSE_SECONDS = 0.5
NO_ACCOUNT = "has no Slack account"


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How messages are sent; ``secret`` makes the keys by which they are recognised."""

    doubt: DoubtRule
    quarantine_seconds: float
    rate_per_second: float
    secret: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day, a clock that only goes on, and a way to wait that a stop cuts short."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Bureau:
    """What outlives one holder's time at the outbox."""

    store: Store
    postman: Postman
    settings: DeliverySettings
    clocks: Clocks
    watch: DeliveryWatch
    pace: Pace
    standing: Standing


class Desk:
    """Every step of a message is written down here, and told to whoever watches."""

    def __init__(self, bureau: Bureau, outbox: Outbox) -> None:
        self.outbox = outbox
        self._bureau = bureau
        self._clocks = bureau.clocks
        self._watch = bureau.watch

    def record(self, delivery: Delivery, posted: Posted, *, attempts: int = RECORD_ATTEMPTS) -> None:
        """It is known to have been sent: a database that is busy or full for a moment must not make it doubtful."""
        try:
            self.outbox.end(delivery, posted, self._clocks.now())
        except DeliveryRunningError:
            raise
        except StoreError:
            if attempts == 1:
                raise
            self._clocks.sleep(RECORD_PAUSE_SECONDS)
            self.record(delivery, posted, attempts=attempts - 1)
        else:
            self._watch.on_change(delivery, DeliveryState.SENT, None)

    def put_back(self, delivery: Delivery, reason: str, pause: timedelta = timedelta()) -> None:
        """It was not sent, and is tried again after the pause."""
        now = self._clocks.now()
        self.outbox.put_back(delivery, now + pause, reason, now)
        self._watch.on_change(delivery, DeliveryState.PENDING, reason)

    def set_aside(self, delivery: Delivery, state: DeliveryState, reason: str) -> None:
        """It is doubtful, parked, dropped or unknown."""
        self.outbox.set_aside(delivery, state, reason, self._clocks.now())
        self._watch.on_change(delivery, state, reason)

    def halt(self, reason: str, *, is_shut: bool = False) -> None:
        """Send nothing until Slack answers well; ``is_shut`` where somebody has to mend something first."""
        pause = self._bureau.standing.halt(self._clocks.monotonic(), is_shut=is_shut)
        if is_shut:
            self.outbox.save_standstill(reason, self._clocks.now())
        self._watch.on_halt(reason, pause)

    def resume(self) -> None:
        """Send again."""
        if self._bureau.standing.is_shut:
            self.outbox.save_standstill(None, self._clocks.now())
        self._bureau.standing.resume()
        self._watch.on_resume()

    def find_destination(self, delivery: Delivery) -> str | None:
        """The Slack id of the recipient as things are now."""
        if not delivery.is_to_a_person:
            return delivery.order.recipient
        with self._bureau.store.snapshot() as seen:
            person = seen.find_person(email=delivery.order.recipient)
        return None if person is None else person.slack_id

    def key(self, delivery: Delivery) -> str:
        """What the message is recognised by."""
        return delivery_key(self._bureau.settings.secret, delivery.order)
