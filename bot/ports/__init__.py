"""What the features need from the outside, as protocols; no vendor's type crosses them."""

from bot.ports.files import Files
from bot.ports.outbox import Composer, DeliveryStore, DeliveryWatch, Outbox, Postman
from bot.ports.outside import Clock, Directory, Roster, UsageSource
from bot.ports.store import DayChange, Snapshot, StagedUsage, Store

__all__ = [
    "Clock",
    "Composer",
    "DayChange",
    "DeliveryStore",
    "DeliveryWatch",
    "Directory",
    "Files",
    "Outbox",
    "Postman",
    "Roster",
    "Snapshot",
    "StagedUsage",
    "Store",
    "UsageSource",
]
