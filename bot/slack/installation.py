"""What Slack says about the bot's own installation: who it is, what it may do, where it can post."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core.checks import Installation
from bot.errors import DeliveryError
from bot.slack.errors import NO_ANSWER, delivery_error


class SlackInstallation:
    """Asks the Web API about this app. Methods raise `DeliveryError`."""

    def __init__(self, client: WebClient, app_token: str | None) -> None:
        self._client = client
        self._app_token = app_token

    def fetch_installation(self) -> Installation:
        """Who the bot is; ``scopes`` is None where Slack does not say."""
        try:
            answer = self._client.auth_test()
        except SlackApiError as error:
            raise delivery_error(error, "auth.test") from None
        except NO_ANSWER as error:
            raise DeliveryError(f"no answer from Slack ({type(error).__name__}, auth.test)") from None
        lowered = {name.lower(): value for name, value in answer.headers.items()}
        granted = lowered.get("x-oauth-scopes")
        scopes = None if granted is None else frozenset(scope.strip() for scope in granted.split(","))
        return Installation(
            team=str(answer.get("team", "")),
            bot=str(answer.get("user", "")),
            scopes=scopes,
            team_id=answer.get("team_id") or None,
            enterprise_id=answer.get("enterprise_id") or None,
        )

    def check_app_token(self) -> None:
        """Make sure that Socket Mode can be opened; nothing is opened."""
        try:
            self._client.apps_connections_open(app_token=self._app_token or "")
        except SlackApiError as error:
            raise delivery_error(error, "apps.connections.open", setting="SLACK_APP_TOKEN") from None
        except NO_ANSWER as error:
            raise DeliveryError(
                f"no answer from Slack ({type(error).__name__}, apps.connections.open)"
            ) from None

    def is_member_of(self, channel: str) -> bool:
        """True when the bot can post in the channel.

        Raises `DeliveryError`, with ``missing_scope`` where the bot may not look.
        """
        try:
            answer = self._client.conversations_info(channel=channel)
        except SlackApiError as error:
            raise delivery_error(error, "conversations.info") from None
        except NO_ANSWER as error:
            raise DeliveryError(
                f"no answer from Slack ({type(error).__name__}, conversations.info)"
            ) from None
        found = answer.get("channel") or {}
        return bool(found.get("is_member")) and not found.get("is_archived")
