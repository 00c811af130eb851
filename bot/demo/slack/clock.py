"""A clock that stands still until it is told to go on."""

from __future__ import annotations


class Clock:
    """Unix seconds; called like ``time.time``."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self.seconds = start

    def __call__(self) -> float:
        return self.seconds

    def pass_time(self, seconds: float) -> None:
        """Goes on, or back where ``seconds`` is negative."""
        self.seconds += seconds
