"""What the command about alerts answers, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.core.alerts.choice import InForce
from bot.core.alerts.incidents import Incident
from bot.core.alerts.quality import AlertQuality
from bot.core.spikes.look_back import LookBack


class AlertsChange(Enum):
    """What the viewer has just done."""

    SAVED = "saved"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class LiveAlert:
    """An incident that is not over, and the name of whom it is about, None for the whole organisation."""

    name: str | None
    incident: Incident


@dataclass(frozen=True, slots=True)
class AlertsAnswer:
    """What is worth an alert, which alerts are not over, and how good those of the last months were.

    ``chosen_by`` is a name where the newest choice was made by an employee. ``live`` are the largest,
    ``more`` counts the others. ``quality`` is that of the last month and of this one so far.
    """

    in_force: InForce
    chosen_by: str
    live: tuple[LiveAlert, ...]
    more: int
    quality: tuple[AlertQuality, AlertQuality]
    change: AlertsChange | None = None


@dataclass(frozen=True, slots=True)
class LookingBack:
    """The past days are being looked through; ``most_a_week`` is what the sensitivity is to be found for."""

    most_a_week: int | None = None


@dataclass(frozen=True, slots=True)
class LookBackAnswer:
    """What each sensitivity would have told, beside what is in force."""

    look: LookBack
    in_force: InForce
    most_a_week: int | None = None
