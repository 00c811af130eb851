"""The simulated outside world in one piece: a company, its Codex API, its Slack workspace, and the bot's settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.demo import company as invented
from bot.demo.codex_api import CodexApi
from bot.demo.codex_data import CompanyData
from bot.demo.levers import Levers
from bot.demo.mishaps import Mishaps
from bot.demo.moved_clock import MovedClock
from bot.demo.papers import TEAM_ID
from bot.demo.slack import Installation, SlackServer

API_KEY = "demo-admin-key"
WORKSPACE_ID = "5b1d7c1e-7c5a-4f0e-9d0e-0123456789ab"
ADMIN, FINANCE = "Erin", "Finn"
SPENDERS = ("Mira", "Ivy", "Erin", "Finn")
"""Who is in the private channel where spend is talked about."""


class World:
    """Everything around the bot, on loopback, from `start` to `stop`. Files for the bot go to ``folder``.

    All of it lives on ``clock``, which is real time until ``levers`` move it.
    """

    timezone = "Europe/Berlin"
    sync_interval = timedelta(hours=1)

    def __init__(self, folder: Path, *, size: int = 60, clock: MovedClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or MovedClock(folder / "clock")
        self.company = invented.build_company(size, today=self.clock().date())
        self.mishaps = Mishaps(self.company.accounts)
        data = CompanyData(self.company, now=self.clock, mishaps=self.mishaps)
        self.codex = CodexApi(data, now=self.clock, api_key=API_KEY, workspace_id=WORKSPACE_ID)
        home = Installation(team_id=TEAM_ID, team_domain="northwind", team_name="Northwind")
        self.slack = SlackServer(
            invented.slack_users(self.company), now=self.clock.seconds, installation=home
        )
        self.finance_channel = self.slack.workspace.add_channel(
            "codex-spend", private=True, has_bot=True, people=map(self.slack_id, SPENDERS)
        )
        self.levers = Levers(self)

    def start(self) -> Self:
        """Serve, and write the roster and the settings."""
        self.codex.start()
        self.slack.start()
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "roster.csv").write_text(invented.roster_csv(self.company), encoding="utf-8")
        lines = [f"{name}={value}" for name, value in self.settings().items()]
        (self.folder / ".env").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return self

    def stop(self) -> None:
        """Stop serving; the files stay."""
        self.slack.stop()
        self.codex.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def bot_command(self) -> tuple[str, ...]:
        """What starts the program, command to follow, on this world's clock."""
        return (sys.executable, "-m", "bot.cli.demo_bot", str(self.clock.file))

    def email(self, who: str) -> str:
        """The address of a member of the cast."""
        return self.company.worker(who).email

    def slack_id(self, who: str) -> str:
        """The Slack id of a member of the cast, or of an address."""
        return str(self._member(who)["id"])

    def name(self, who: str) -> str:
        """The name in Slack of a member of the cast, or of an address."""
        return str(self._member(who)["real_name"])

    def _member(self, who: str) -> Mapping[str, Any]:
        address = who if "@" in who else self.email(who)
        for member in self.slack.workspace.members():
            if str(member.get("profile", {}).get("email", "")).lower() == address.lower():
                return member
        raise KeyError(who)

    def settings(self) -> dict[str, str]:
        """The bot's settings in Socket Mode; paths are relative to the folder."""
        return {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "CODEX_API_KEY": API_KEY,
            "CODEX_WORKSPACE_ID": WORKSPACE_ID,
            "CODEX_API_URL": self.codex.url,
            "DATABASE_URL": "sqlite:///codex-usage.db",
            "ROSTER_FILE": "roster.csv",
            "ADMIN_EMAILS": self.email(ADMIN),
            "FINANCE_EMAILS": self.email(FINANCE),
            "TIMEZONE": self.timezone,
            "SYNC_INTERVAL_MINUTES": f"{self.sync_interval // timedelta(minutes=1)}",
            "HOST": "127.0.0.1",
            "LOG_LEVEL": "warning",
        }

    def environment(self, **settings: str) -> dict[str, str]:
        """This process's environment for a bot that lives in this world: ours in place of its own settings.

        No proxy either: all of this world is on this machine.
        """
        ours = self.settings()
        foreign = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SLACK_", "CODEX_"))
            and not name.lower().endswith("_proxy")
            and name.removesuffix("_FILE") not in ours
        }
        return foreign | ours | settings
