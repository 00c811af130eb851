"""Everything that can go wrong, as the reader of a message meets it.

BotError
├── UserError       shown to the person exactly as written
├── ConfigError     raised once at start; carries every problem found
├── SourceError     a usage API or a roster failed        (permanent: bool)
├── DeliveryError   Slack refused or could not be reached (permanent: bool)
└── StoreError      the database failed or is in the way
    ├── SyncRunningError       another process is syncing
    └── DeliveryRunningError   another process is delivering

``permanent`` decides between trying again and stopping to tell somebody.
"""

from __future__ import annotations

from collections.abc import Sequence


class BotError(Exception):
    """Base of every error that this program raises on purpose."""


class UserError(BotError):
    """Something the person asking can mend; the message is shown to them as written."""


class ConfigError(BotError):
    """The configuration cannot be used. ``problems`` are sentences that name the variable, never its value."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class SourceError(BotError):
    """A usage API or a roster could not be read. The message says what to do, and never holds a secret."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        self.permanent = permanent
        super().__init__(message)


class DeliveryError(BotError):
    """Slack refused a call or could not be reached. ``reason`` is Slack's own error word where it gave one."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        self.reason = reason
        self.permanent = permanent
        super().__init__(reason)

    @property
    def word(self) -> str:
        """The first word of the reason: Slack's own error word, where it gave one."""
        return self.reason.split(maxsplit=1)[0].rstrip(":") if self.reason else ""


class StoreError(BotError):
    """The database failed, is full, is locked, or is of a newer version than this program."""


class SyncRunningError(StoreError):
    """Another process is syncing; there is only ever one."""


class DeliveryRunningError(StoreError):
    """Another process is delivering, or has taken over; there is only ever one."""
