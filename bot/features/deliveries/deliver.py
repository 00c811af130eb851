"""Delivering: each message is claimed, written as of now, announced durably, sent, and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import assert_never

from bot.core.deliveries import (
    Busy,
    Delivery,
    DeliveryState,
    InDoubt,
    Letter,
    Posted,
    PostOutcome,
    Refused,
    Shut,
    Unfit,
    Unreached,
)
from bot.core.pacing import Pace
from bot.errors import BotError
from bot.features.deliveries.desk import NO_ACCOUNT, Bureau, Clocks, DeliverySettings, Desk
from bot.features.deliveries.doubts import Doubts
from bot.features.deliveries.standing_still import Standing
from bot.ports import Composer, DeliveryWatch, Outbox, Postman, Store

IDLE_SECONDS = 1.0
"""Until the outbox is looked into again when nothing is due."""


class Deliver:
    """Works the outbox off, whoever put things into it."""

    def __init__(
        self,
        store: Store,
        composer: Composer,
        postman: Postman,
        settings: DeliverySettings,
        clocks: Clocks,
        watch: DeliveryWatch,
    ) -> None:
        pace = Pace(settings.rate_per_second)
        self._bureau = Bureau(store, postman, settings, clocks, watch, pace, Standing())
        self._composer = composer

    @property
    def per_second(self) -> float:
        """How many messages may go out in a second now."""
        return self._bureau.pace.per_second

    @contextmanager
    def shift(self) -> Iterator[Shift]:
        """The right to deliver. Raises `DeliveryRunningError` where another process has it."""
        bureau = self._bureau
        with bureau.store.only_delivery(bureau.clocks.now()) as outbox:
            if bureau.store.load_standstill() is not None:
                bureau.standing.halt(bureau.clocks.monotonic(), is_shut=True)
            yield Shift(bureau, outbox, self._composer)


class Shift:
    """One holder's time at the outbox. A `StoreError` ends it; the next one finds everything as it should be."""

    def __init__(self, bureau: Bureau, outbox: Outbox, composer: Composer) -> None:
        self._bureau = bureau
        self._clocks = bureau.clocks
        self._outbox = outbox
        self._composer = composer
        self._desk = Desk(bureau, outbox)
        self._doubts = Doubts(bureau, self._desk)

    def step(self) -> float:
        """Do one thing at most; returns the seconds until the next is worth while."""
        if self._bureau.standing.is_still:
            return self._try_to_resume()
        if self._doubts.settle_one():
            return 0.0
        if wait := self._bureau.pace.wait(self._clocks.monotonic()):
            return wait
        delivery = self._outbox.claim(self._clocks.now())
        if delivery is None:
            return IDLE_SECONDS
        self._deliver(delivery)
        return 0.0

    def _deliver(self, delivery: Delivery) -> None:
        letter = self._compose(delivery)
        destination = self._desk.find_destination(delivery)
        if letter is None:
            return
        if isinstance(letter, str) or destination is None:
            reason = letter if isinstance(letter, str) else NO_ACCOUNT
            self._desk.set_aside(delivery, DeliveryState.DROPPED, reason)
            return
        if self._outbox.begin(delivery, destination, letter.said, self._clocks.now()):
            self._take(delivery, self._post(delivery, letter, destination))
        else:
            self._bureau.watch.on_change(delivery, DeliveryState.DROPPED, None)

    def _compose(self, delivery: Delivery) -> Letter | str | None:
        """None where a fault of our own has parked the message."""
        try:
            return self._composer.compose(delivery.order, self._clocks.now())
        except BotError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault in writing one message must not hold up all others
            fault = self._bureau.watch.on_fault(error)
            self._desk.set_aside(delivery, DeliveryState.PARKED, f"It could not be written: fault {fault}.")
            return None

    def _post(self, delivery: Delivery, letter: Letter, destination: str) -> PostOutcome:
        """In the fullest form that Slack takes."""
        pace, key = self._bureau.pace, self._desk.key(delivery)
        outcome: PostOutcome = Unfit("It has no form.")
        for form in letter.forms:
            self._clocks.sleep(pace.wait_for_channel(destination, self._clocks.monotonic()))
            pace.take(destination, self._clocks.monotonic())
            outcome = self._bureau.postman.post(form, destination, key)
            if not isinstance(outcome, Unfit):
                break
        return outcome

    def _take(self, delivery: Delivery, outcome: PostOutcome) -> None:
        match outcome:
            case Posted():
                self._bureau.standing.forget_troubles()
                self._desk.record(delivery, outcome)
            case Busy(seconds):
                self._slow_down(seconds)
                self._desk.put_back(delivery, "Slack was busy.")
            case Unreached(reason):
                self._desk.put_back(delivery, reason)
                self._desk.halt(reason)
            case Shut(reason):
                self._desk.put_back(delivery, reason)
                self._desk.halt(reason, is_shut=True)
            case InDoubt(reason):
                self._doubts.add(delivery, reason)
                self._desk.halt(reason)
            case Unfit(reason) | Refused(reason):
                self._desk.set_aside(delivery, DeliveryState.PARKED, reason)
            case _:
                assert_never(outcome)

    def _slow_down(self, seconds: float) -> None:
        self._bureau.pace.slow_down(seconds, self._clocks.monotonic())
        self._bureau.watch.on_busy(seconds, self._bureau.pace.per_second)

    def _try_to_resume(self) -> float:
        standing = self._bureau.standing
        if wait := standing.wait(self._clocks.monotonic()):
            return wait
        match self._bureau.postman.probe():
            case None:
                self._desk.resume()
            case Busy(seconds):
                standing.wait_for(seconds, self._clocks.monotonic())
            case Unreached(reason):
                self._desk.halt(reason)
            case Shut(reason):
                self._desk.halt(reason, is_shut=True)
            case other:
                assert_never(other)
        return standing.wait(self._clocks.monotonic())
