"""What happens to messages, for the log and for whoever counts; without a name or an address."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.core.deliveries import Delivery, DeliveryState

log = logging.getLogger(__name__)

_TO_THE_LOG = {DeliveryState.DOUBTFUL, DeliveryState.PARKED, DeliveryState.UNKNOWN}


class DeliveryLog:
    """Implements `bot.ports.DeliveryWatch`.

    ``count`` is told the state of a message, or ``busy``; ``report`` logs a fault of our own and gives its id.
    """

    def __init__(self, count: Callable[[str], None], report: Callable[[BaseException], str]) -> None:
        self._count = count
        self._report = report

    def on_change(self, delivery: Delivery, state: DeliveryState, reason: str | None) -> None:
        if state is DeliveryState.PENDING:
            return
        self._count(state)
        if state in _TO_THE_LOG:
            log.warning("Delivery %d is %s: %s", delivery.number, state, reason)

    def on_busy(self, seconds: float, per_second: float) -> None:
        self._count("busy")
        log.info(
            "Slack wants %.0f s of quiet; at most %.1f messages a second from then on", seconds, per_second
        )

    def on_halt(self, reason: str, pause_seconds: float) -> None:
        log.warning("Messages stand still: %s; trying again in %.0f s", reason, pause_seconds)

    def on_resume(self) -> None:
        log.info("Slack answers; messages go on")

    def on_fault(self, error: Exception) -> str:
        return self._report(error)
