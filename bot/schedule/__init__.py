"""What is due now: syncs, digests, and the messages in the outbox."""

from bot.schedule.deliveries import Deliveries
from bot.schedule.syncs import CLOCK_STEP_SECONDS, LEAST_PAUSE, Schedule

__all__ = ["CLOCK_STEP_SECONDS", "LEAST_PAUSE", "Deliveries", "Schedule"]
