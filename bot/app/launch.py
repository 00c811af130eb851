"""How this program was started: on which clock it lives, and how it is started once more."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.ports import Clock


def utc_now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Launch:
    """How this program was started: on which clock all of it lives, and which command starts it once more."""

    clock: Clock = utc_now
    command: Sequence[str] = (sys.executable, "-m", "bot")
