"""What stands out is chosen by the configuration, until finance or an admin chooses in Slack."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.core.echo import echo
from bot.core.models import MICRO
from bot.core.spikes.findings import Sensitivity, SpikeSettings

LARGEST_CREDITS = 10**9
"""A floor or a cap beyond that is a slip of the hand."""

FLOOR, CAP = "floor", "cap"
"""The fields beside which a problem is shown."""

_CREDITS = re.compile(r"(?:[0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class AlertChoice:
    """What somebody chose, and when (UTC). ``settings`` is None where they went back to the configuration.

    ``number`` goes up with each choice; ``by`` is an address, or a Slack id where there is none.
    """

    number: int
    at: datetime
    by: str
    settings: SpikeSettings | None


@dataclass(frozen=True, slots=True)
class InForce:
    """What counts now, and the newest choice, None where nobody has ever chosen."""

    settings: SpikeSettings
    newest: AlertChoice | None = None

    @property
    def number(self) -> int:
        """The number of the newest choice, 0 without any."""
        return self.newest.number if self.newest else 0

    @property
    def is_chosen(self) -> bool:
        """True where it is not as configured."""
        return self.newest is not None and self.newest.settings is not None


@dataclass(frozen=True, slots=True)
class Draft:
    """Settings as they were typed; an empty ``cap`` is none."""

    sensitivity: Sensitivity
    floor: str
    cap: str


def in_force(configured: SpikeSettings, newest: AlertChoice | None) -> InForce:
    """The newest choice, else what is configured."""
    chosen = newest.settings if newest else None
    return InForce(chosen or configured, newest)


def read_draft(draft: Draft, beside: SpikeSettings) -> SpikeSettings | dict[str, str]:
    """The settings, what nobody can type as it is beside; or a sentence for each field that is wrong."""
    problems: dict[str, str] = {}
    floor = _read_credits(draft.floor, FLOOR, problems)
    cap = _read_credits(draft.cap, CAP, problems) if draft.cap.strip() else None
    if not problems and cap is not None and cap < floor:
        problems[CAP] = "A cap below the floor would tell of what the floor keeps quiet: give a larger one."
    return problems or replace(beside, sensitivity=draft.sensitivity, floor_micro=floor, hard_cap_micro=cap)


def credits_typed(micro: int | None) -> str:
    """An amount as it could be typed, exactly; nothing for none."""
    return "" if micro is None else f"{(Decimal(micro) / MICRO).normalize():f}"


def _read_credits(text: str, name: str, problems: dict[str, str]) -> int:
    typed = text.strip()
    if not _CREDITS.fullmatch(typed):
        problems[name] = f"{echo(text)} is not an amount of credits: type a number such as 250 or 1,250.50."
        return 0
    amount = Decimal(typed.replace(",", ""))
    if amount > LARGEST_CREDITS or (name == CAP and not amount):
        least = "more than 0" if name == CAP else "0 or more"
        problems[name] = f"That is {least} and at most {LARGEST_CREDITS:,} credits."
        return 0
    return int(amount * MICRO)
