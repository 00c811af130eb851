"""The clock of the simulated world: real time, moved by what stands in a file that several processes share."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.app.launch import utc_now
from bot.ports import Clock


class MovedClock:
    """Called, it gives the instant in UTC. Without a file it is not moved."""

    def __init__(self, file: Path, base: Clock = utc_now) -> None:
        self.file = file.absolute()
        self._base = base

    def __call__(self) -> datetime:
        return self._base() + self.moved_by()

    def seconds(self) -> float:
        """The same instant in Unix seconds, called like ``time.time``."""
        return self().timestamp()

    def moved_by(self) -> timedelta:
        """How far it is ahead of real time."""
        try:
            return timedelta(seconds=float(self.file.read_bytes()))
        except FileNotFoundError:
            return timedelta()

    def move(self, by: timedelta) -> None:
        """Set it ahead, or back where ``by`` is negative; who reads meanwhile gets the old or the new time."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        written = self.file.with_name(f"{self.file.name}.new")
        written.write_text(repr((self.moved_by() + by).total_seconds()), encoding="ascii")
        written.replace(self.file)
