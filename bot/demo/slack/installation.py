"""How the app is installed in the workspace: its ids, tokens, scopes, commands, switches."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_SCOPES = (
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:read",
    "im:write",
    "users:read",
    "users:read.email",
)
DEFAULT_EVENTS = ("app_home_opened", "app_uninstalled", "team_join", "tokens_revoked", "user_change")


@dataclass(slots=True)
class Installation:
    """The app as the workspace knows it. Every field may be changed while the workspace runs.

    ``token_error`` is the word that every call with a token gets, such as ``token_revoked``.
    """

    team_id: str = "T0DEMO0001"
    team_domain: str = "example"
    team_name: str = "Example"
    app_id: str = "A0DEMO0001"
    app_name: str = "Codex Usage"
    bot_user_id: str = "U0CODEXBOT"
    bot_id: str = "B0DEMO0001"
    bot_token: str = "xoxb-demo-1-bot"
    app_token: str = "xapp-1-A0DEMO0001-demo"
    signing_secret: str = "demo-signing-secret-0123456789ab"
    scopes: set[str] = field(default_factory=lambda: set(DEFAULT_SCOPES))
    events: set[str] = field(default_factory=lambda: set(DEFAULT_EVENTS))
    commands: set[str] = field(default_factory=lambda: {"/codex-usage"})
    should_escape: bool = True
    messages_tab_enabled: bool = True
    home_tab_enabled: bool = True
    native_blocks: bool = True
    token_error: str | None = None

    def grant(self, *scopes: str) -> None:
        """Adds scopes, as a reinstallation would."""
        self.scopes.update(scopes)

    def withdraw(self, *scopes: str) -> None:
        """Takes scopes away."""
        self.scopes.difference_update(scopes)
