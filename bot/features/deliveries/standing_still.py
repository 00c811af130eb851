"""When nothing can be sent: growing pauses until Slack answers well again."""

from __future__ import annotations

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_WHEN_SHUT_SECONDS = 300.0


class Standing:
    """Pauses double with each trouble, and begin anew only after a message was taken.

    Instants are of a clock that only goes on, in seconds.
    """

    def __init__(self) -> None:
        self.is_still = False
        self.is_shut = False
        self._troubles = 0
        self._until = 0.0

    def halt(self, now: float, *, is_shut: bool) -> float:
        """Stand still; returns for how long at least."""
        longest = LONGEST_PAUSE_WHEN_SHUT_SECONDS if is_shut else LONGEST_PAUSE_SECONDS
        pause = min(longest, FIRST_PAUSE_SECONDS * 2.0 ** min(self._troubles, 20))
        self._troubles += 1
        self.is_still = True
        self.is_shut = self.is_shut or is_shut
        self._until = now + pause
        return pause

    def wait(self, now: float) -> float:
        """Seconds until it may be tried whether Slack answers well; 0 when it may be now."""
        return max(0.0, self._until - now) if self.is_still else 0.0

    def wait_for(self, seconds: float, now: float) -> None:
        """Slack said when to ask again."""
        self._until = now + seconds

    def resume(self) -> None:
        """Go on, still wary."""
        self.is_still = self.is_shut = False

    def forget_troubles(self) -> None:
        """A message was taken."""
        self._troubles = 0
