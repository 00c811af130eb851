"""What the features need from the outside, as protocols; no vendor's type crosses them."""

from bot.ports.outside import Clock, Directory, Roster, UsageSource
from bot.ports.store import DayChange, Snapshot, StagedUsage, Store

__all__ = ["Clock", "DayChange", "Directory", "Roster", "Snapshot", "StagedUsage", "Store", "UsageSource"]
