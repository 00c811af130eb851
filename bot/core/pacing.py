"""How fast messages go out: never faster than allowed, slower when Slack asks for it, and slowly faster again."""

from __future__ import annotations

LEAST_PER_SECOND = 0.1
DROP = 0.8
RISE_A_SECOND = 0.01
"""Of the rate at the last drop: about half a minute until the bound is met again, which costs one refusal."""

CATCH_UP_SECONDS = 0.25
"""So much delay is made up for, so that the time that a message takes does not lower the rate."""

CHANNEL_SECONDS = 1.0


class Pace:
    """Instants are of a clock that only goes on, in seconds."""

    def __init__(self, most_per_second: float) -> None:
        self.per_second = most_per_second
        self._most = most_per_second
        self._rise = 0.0
        self._next = float("-inf")
        self._held_until = float("-inf")
        self._last = float("-inf")
        self._channels: dict[str, float] = {}

    def wait(self, now: float) -> float:
        """Seconds until a message may go out; 0 when it may now."""
        return max(0.0, self._next - now, self._held_until - now)

    def wait_for_channel(self, channel: str, now: float) -> float:
        """The same for a message into this conversation."""
        return max(self.wait(now), self._channels.get(channel, now) - now)

    def take(self, channel: str, now: float) -> None:
        """A message goes out now."""
        self.per_second = min(self._most, self.per_second + self._rise * min(1.0, now - self._last))
        self._last = now
        self._next = max(self._next, now - CATCH_UP_SECONDS) + 1 / self.per_second
        self._channels = {one: until for one, until in self._channels.items() if until > now}
        self._channels[channel] = now + CHANNEL_SECONDS

    def slow_down(self, seconds: float, now: float) -> None:
        """Slack took nothing and wants to be left alone for so long."""
        self.per_second = max(min(self._most, LEAST_PER_SECOND), self.per_second * DROP)
        self._rise = self.per_second * RISE_A_SECOND
        self._held_until = max(self._held_until, now + seconds)
