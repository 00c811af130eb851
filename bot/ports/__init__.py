"""What the features need from the outside, as protocols; no vendor's type crosses them."""

from bot.ports.budgets import BudgetLedger
from bot.ports.files import Files
from bot.ports.incidents import (
    Authorship,
    IncidentEvent,
    IncidentLedger,
    IncidentStore,
    KeptIncident,
    StaleCard,
)
from bot.ports.learning import LearningReads, LearningStore, Lesson, Outdated
from bot.ports.outbox import (
    Channels,
    Composer,
    DeliveryStore,
    DeliveryWatch,
    Editor,
    Outbox,
    Postman,
    Rewriter,
)
from bot.ports.outside import Clock, Directory, Roster, UsageSource
from bot.ports.snapshot import Snapshot
from bot.ports.store import DayChange, StagedUsage, Store

__all__ = [
    "Authorship",
    "BudgetLedger",
    "Channels",
    "Clock",
    "Composer",
    "DayChange",
    "DeliveryStore",
    "DeliveryWatch",
    "Directory",
    "Editor",
    "Files",
    "IncidentEvent",
    "IncidentLedger",
    "IncidentStore",
    "KeptIncident",
    "LearningReads",
    "LearningStore",
    "Lesson",
    "Outbox",
    "Outdated",
    "Postman",
    "Rewriter",
    "Roster",
    "Snapshot",
    "StagedUsage",
    "StaleCard",
    "Store",
    "UsageSource",
]
