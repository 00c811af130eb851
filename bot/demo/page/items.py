"""One piece of the page that is swapped as a whole when it looks different."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.demo.page.templating import fill

HUES = 8


@dataclass(frozen=True, slots=True)
class Item:
    """``key`` says what it is, ``digest`` changes with its looks."""

    key: str
    html: Markup
    digest: str

    @classmethod
    def filled(cls, key: str, template: str, /, **values: object) -> Self:
        """A template's."""
        return cls.of(key, fill(template, **values))

    @classmethod
    def of(cls, key: str, html: Markup) -> Self:
        """Any HTML's."""
        return cls(key, html, hashlib.sha256(html.encode()).hexdigest()[:16])


def hue_of(name: str) -> int:
    """The same colour for the same person."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HUES


def local_time(seconds: float, timezone: str) -> datetime:
    """Unix seconds as a person's clock shows them."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(timezone))
