"""What Slack says about a channel that messages go to."""

from __future__ import annotations

from bot.slack.calls import Done, WebApi

_INFO = "conversations.info"


class SlackChannels:
    """Implements `bot.ports.Channels`."""

    def __init__(self, api: WebApi) -> None:
        self._api = api

    def is_private(self, channel: str) -> bool | None:
        """None where Slack does not say: for want of a scope, of an answer, or of the channel.

        A channel that others outside the company read, too, is as good as public.
        """
        outcome = self._api.get(_INFO, {"channel": channel})
        found = outcome.body.get("channel") if isinstance(outcome, Done) else None
        if not isinstance(found, dict) or not isinstance(found.get("is_private"), bool):
            return None
        return bool(found["is_private"]) and not found.get("is_ext_shared")
