"""Who looks at what is drawn: for names, dates in the right zone, and the lists that menus offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Reader:
    """``timezone`` is an IANA name, ``now`` is in UTC; ``people`` and ``places`` are pairs of id and name."""

    slack_id: str
    timezone: str
    now: datetime
    names: Callable[[str], str | None]
    channels: Callable[[str], str | None]
    people: Sequence[tuple[str, str]] = ()
    places: Sequence[tuple[str, str]] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Where this person's clock is."""
        return ZoneInfo(self.timezone)
