"""What the message says that asks somebody before others hear of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.alerts.cards import AlertItem


@dataclass(frozen=True, slots=True)
class AskNotice:
    """The incidents of one person. ``tells_at`` is when others hear of them, whatever the person answers; None: now."""

    items: tuple[AlertItem, ...]
    tells_at: datetime | None
