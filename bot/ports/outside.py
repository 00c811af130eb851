"""Where usage, people and the time come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.models import (
    CodeReviewDay,
    CodeReviewResponseDay,
    PoisonedRow,
    UsagePage,
    WorkspaceRow,
)
from bot.core.people import RosterFile, SlackPerson
from bot.core.periods import Period

Clock = Callable[[], datetime]
"""Gives the current instant in UTC."""


class UsageSource(Protocol):
    """A usage API. Every method raises `SourceError`; ``permanent`` where trying again cannot help.

    A period is at most 30 days long and aligned to UTC days. Pages come in order of the day.
    A method that returns has read the last page; an iterator that ends has, too.
    """

    def fetch_usage(self, period: Period) -> Iterator[UsagePage]:
        """Every account's rows of the period, page by page."""
        ...

    def fetch_workspace_usage(self, period: Period) -> tuple[Sequence[WorkspaceRow], Sequence[PoisonedRow]]:
        """The workspace's own totals, one row a day."""
        ...

    def fetch_code_reviews(self, period: Period) -> tuple[Sequence[CodeReviewDay], Sequence[PoisonedRow]]:
        """Reviews that Codex wrote, one row a day."""
        ...

    def fetch_code_review_responses(
        self, period: Period
    ) -> tuple[Sequence[CodeReviewResponseDay], Sequence[PoisonedRow]]:
        """How people answered them, one row a day."""
        ...


class Roster(Protocol):
    """Where employees and their managers come from."""

    def read(self) -> RosterFile:
        """The whole roster. Raises `SourceError` when it cannot be read at all."""
        ...


class Directory(Protocol):
    """The people of the Slack workspace."""

    def fetch_people(self) -> Iterator[SlackPerson]:
        """Everyone, bots and deleted people included. Raises `DeliveryError`."""
        ...
