"""Progress on a terminal: one line that is written over; nothing at all in a pipe."""

from __future__ import annotations

import shutil
import sys
from types import TracebackType
from typing import Self, TextIO


class Progress:
    """Shows what goes on. Silent where the stream is no terminal."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty() and not quiet

    def tell(self, text: str) -> None:
        """Show this in place of what was shown."""
        if self._shown:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r" + text[:width].ljust(width))
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave an empty line."""
        if self._shown:
            self.tell("")
            self._stream.write("\r")
            self._stream.flush()
