"""How a person looks in users.list."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.installation import Installation
from bot.demo.slack.values import Json

SLACKBOT = "USLACKBOT"


def build_member(name: str, *, slack_id: str | None = None, email: str | None = None, **fields: Any) -> Json:
    """A member with an id like ``UALICE`` and an address at example.com unless said, under ``fields``."""
    handle = name.lower().replace(" ", ".")
    return {
        "id": slack_id or f"U{''.join(letter for letter in name.upper() if letter.isalnum())}",
        "team_id": "T0DEMO0001",
        "name": handle,
        "deleted": False,
        "real_name": name,
        "tz": "Europe/Berlin",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "is_admin": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "profile": {"email": email or f"{handle}@example.com", "display_name": name, "real_name": name},
        **fields,
    }


def slackbot(installation: Installation) -> Json:
    """Slack's own, which says that it is no bot: a trap worth keeping."""
    return _automaton(installation, SLACKBOT, "slackbot", is_bot=False)


def bot_user(installation: Installation) -> Json:
    """The app itself."""
    return _automaton(installation, installation.bot_user_id, "codex-usage", is_bot=True)


def _automaton(installation: Installation, user_id: str, name: str, *, is_bot: bool) -> Json:
    return {
        "id": user_id,
        "team_id": installation.team_id,
        "name": name,
        "deleted": False,
        "real_name": name,
        "tz": "America/Los_Angeles",
        "tz_offset": -28800,
        "is_bot": is_bot,
        "is_restricted": False,
        "profile": {"display_name": name, "real_name": name},
    }
