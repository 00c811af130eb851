"""Where exported files go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Protocol

from bot.core.answers import ExportAnswer


class Files(Protocol):
    """Takes files and hands them to people."""

    def keep(self, lines: Iterable[str]) -> IO[bytes]:
        """Writes a file down without holding it in memory; it is gone when it is closed."""
        ...

    def send(self, file: IO[bytes], slack_id: str, name: str, answer: ExportAnswer) -> None:
        """Puts it into the person's direct messages, with words about what it holds. Raises `DeliveryError`."""
        ...
