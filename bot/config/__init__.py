"""What the operator configured, read once at start as one value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from bot.config import settings
from bot.config.environ import Environment, load_dotenv
from bot.config.parsing import DigestSchedule, UnfitError
from bot.config.settings import SETTINGS, DeliveryDoubt, LogFormat, LogLevel, Setting, SlackMode
from bot.core.spikes.findings import SpikeSettings
from bot.errors import ConfigError

__all__ = [
    "SETTINGS",
    "CodexConfig",
    "Config",
    "DeliveryConfig",
    "DigestSchedule",
    "Setting",
    "SlackConfig",
    "from_environ",
    "load_config",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """How Slack is reached. ``app_token`` is set in Socket Mode, ``signing_secret`` in HTTP mode."""

    bot_token: str = field(repr=False)
    app_token: str | None = field(repr=False)
    signing_secret: str | None = field(repr=False)
    mode: SlackMode
    api_url: str


@dataclass(frozen=True, slots=True)
class CodexConfig:
    """How the Codex analytics API is reached; ``api_url`` has no slash at the end."""

    api_key: str = field(repr=False)
    workspace_id: str
    api_url: str


@dataclass(frozen=True, slots=True)
class DeliveryConfig:
    """How messages are sent and what happens to those in doubt."""

    doubt: DeliveryDoubt
    quarantine_seconds: float
    rate_per_second: float


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration. E-mail addresses are normalised; printing it shows no secret."""

    slack: SlackConfig
    codex: CodexConfig
    delivery: DeliveryConfig
    host: str
    port: int
    database_file: Path
    roster_file: Path | None
    admin_emails: frozenset[str]
    finance_emails: frozenset[str]
    finance_channel: str | None
    digest_schedule: DigestSchedule
    timezone: ZoneInfo
    credit_price_usd: Decimal | None
    spikes: SpikeSettings
    sync_interval_minutes: int
    alert_ask_first: bool
    alert_grace: timedelta
    log_level: LogLevel
    log_format: LogFormat

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never be printed."""
        every = (self.slack.bot_token, self.slack.app_token, self.slack.signing_secret, self.codex.api_key)
        return tuple(secret for secret in every if secret)


def load_config() -> Config:
    """The configuration of this process. Raises `ConfigError` with every problem at once."""
    return from_environ(
        os.environ,  # noqa: TID251 -- the one place that reads the environment of the process
        dotenv=Path(".env"),
    )


def from_environ(environ: Mapping[str, str], *, dotenv: Path | None = None) -> Config:
    """The configuration in ``environ``, filled up from the file ``dotenv`` where there is one.

    Raises `ConfigError` with every problem at once; none of them holds a value.
    """
    return _build(_read_all(Environment((environ, load_dotenv(dotenv)))))


class _Values:
    """What was read, by setting and with that setting's type."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    def keep(self, setting: Setting[object], value: object) -> None:
        self._values[setting.name] = value

    def has(self, *wanted: Setting[object]) -> bool:
        return all(setting.name in self._values for setting in wanted)

    def __getitem__(self, setting: Setting[T]) -> T:
        return cast("T", self._values[setting.name])


def _read_all(environment: Environment) -> _Values:
    values = _Values()
    problems: list[str] = []
    for setting in SETTINGS:
        try:
            values.keep(setting, _read(setting, environment))
        except ConfigError as error:
            problems.extend(error.problems)
    problems.extend(_slack_mode_problems(values))
    if problems:
        raise ConfigError(problems)
    return values


def _read(setting: Setting[object], environment: Environment) -> object:
    text = environment.find(setting.name) or setting.default
    if text is None and setting.required:
        raise ConfigError([_missing(setting.name, environment)])
    try:
        return None if text is None else setting.parse(text)
    except UnfitError as error:
        raise ConfigError([f"{setting.name} {error}"]) from None  # what lies below may show the text


def _missing(name: str, environment: Environment) -> str:
    nearly = environment.find_nearly(name)
    hint = f" ({nearly} is set: is that a misspelling?)" if nearly else ""
    return f"{name} is required: set it, or {name}_FILE to a file that holds it{hint}"


def _slack_mode_problems(values: _Values) -> list[str]:
    if not values.has(settings.SLACK_MODE, settings.SLACK_APP_TOKEN, settings.SLACK_SIGNING_SECRET):
        return []  # one of them is wrong in itself, and what follows from it is unknown
    needed = {"socket": settings.SLACK_APP_TOKEN, "http": settings.SLACK_SIGNING_SECRET}[_slack_mode(values)]
    if values[needed]:
        return []
    if values[settings.SLACK_MODE]:
        return [f"{needed.name} is required when SLACK_MODE is {values[settings.SLACK_MODE]}"]
    return [
        "SLACK_APP_TOKEN is required for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode: set one of them"
    ]


def _slack_mode(values: _Values) -> SlackMode:
    return values[settings.SLACK_MODE] or ("socket" if values[settings.SLACK_APP_TOKEN] else "http")


def _build(values: _Values) -> Config:
    return Config(
        slack=SlackConfig(
            bot_token=values[settings.SLACK_BOT_TOKEN],
            app_token=values[settings.SLACK_APP_TOKEN],
            signing_secret=values[settings.SLACK_SIGNING_SECRET],
            mode=_slack_mode(values),
            api_url=values[settings.SLACK_API_URL],
        ),
        codex=CodexConfig(
            api_key=values[settings.CODEX_API_KEY],
            workspace_id=values[settings.CODEX_WORKSPACE_ID],
            api_url=values[settings.CODEX_API_URL],
        ),
        delivery=DeliveryConfig(
            doubt=values[settings.DELIVERY_DOUBT],
            quarantine_seconds=values[settings.DELIVERY_QUARANTINE_SECONDS],
            rate_per_second=values[settings.DELIVERY_RATE_PER_SECOND],
        ),
        host=values[settings.HOST],
        port=values[settings.PORT],
        database_file=values[settings.DATABASE_URL],
        roster_file=values[settings.ROSTER_FILE],
        admin_emails=values[settings.ADMIN_EMAILS],
        finance_emails=values[settings.FINANCE_EMAILS],
        finance_channel=values[settings.FINANCE_CHANNEL],
        digest_schedule=values[settings.DIGEST_SCHEDULE],
        timezone=values[settings.TIMEZONE],
        credit_price_usd=values[settings.CREDIT_PRICE_USD],
        spikes=SpikeSettings(
            sensitivity=values[settings.ALERT_SENSITIVITY],
            floor_micro=values[settings.ALERT_FLOOR_CREDITS],
            hard_cap_micro=values[settings.ALERT_HARD_CAP_CREDITS],
        ),
        sync_interval_minutes=values[settings.SYNC_INTERVAL_MINUTES],
        alert_ask_first=values[settings.ALERT_ASK_FIRST] == "yes",
        alert_grace=timedelta(minutes=values[settings.ALERT_GRACE_MINUTES]),
        log_level=values[settings.LOG_LEVEL],
        log_format=values[settings.LOG_FORMAT],
    )
