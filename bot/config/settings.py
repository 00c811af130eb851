"""Every setting there is: its name, its default, how it is read and what it means.

The configuration, `.env.example` and docs/configuration.md are held to this one table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from bot.config import parsing
from bot.config.parsing import DigestSchedule
from bot.core.spikes.findings import Sensitivity

T_co = TypeVar("T_co", covariant=True)

SlackMode = Literal["socket", "http"]
DeliveryDoubt = Literal["skip", "resend", "check"]
Switch = Literal["no", "yes"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One environment variable.

    ``default`` is the text that is parsed where nothing is set; without one the value is None, or its lack
    a problem where ``required``. ``default_note`` tells readers of a default that is a rule. ``help`` is
    Markdown.
    """

    name: str
    parse: Callable[[str], T_co]
    help: str
    default: str | None = None
    required: bool = False
    secret: bool = False
    default_note: str = ""


SLACK_BOT_TOKEN: Setting[str] = Setting(
    "SLACK_BOT_TOKEN",
    parsing.parse_bot_token,
    "Bot User OAuth Token of the Slack app, `xoxb-…`.",
    required=True,
    secret=True,
)
SLACK_APP_TOKEN: Setting[str | None] = Setting(
    "SLACK_APP_TOKEN",
    parsing.parse_app_token,
    "App-level token with the scope `connections:write`, `xapp-…`; when set, Socket Mode is used.",
    secret=True,
    default_note="required in Socket Mode",
)
SLACK_SIGNING_SECRET: Setting[str | None] = Setting(
    "SLACK_SIGNING_SECRET",
    parsing.parse_secret,
    "Signing secret of the Slack app; proves that a request came from Slack.",
    secret=True,
    default_note="required in HTTP mode",
)
_parse_mode: Callable[[str], SlackMode] = parsing.parse_word("socket", "http")
SLACK_MODE: Setting[SlackMode | None] = Setting(
    "SLACK_MODE",
    _parse_mode,
    "`socket`: the bot connects to Slack, no public address is needed. `http`: Slack calls `/slack/events`.",
    default_note="`socket` with an app token, else `http`",
)
SLACK_API_URL: Setting[str] = Setting(
    "SLACK_API_URL",
    parsing.parse_url_with_slash,
    "Base of Slack's Web API; another one for a test server or a proxy.",
    default="https://slack.com/api/",
)
HOST: Setting[str] = Setting(
    "HOST",
    parsing.parse_host,
    "Address to listen on, for Slack in HTTP mode and for health and metrics in both modes.",
    default="0.0.0.0",  # noqa: S104 -- a container is reached from outside itself; the document says how to narrow it
)
PORT: Setting[int] = Setting(
    "PORT",
    parsing.parse_whole_number(0, 65535),
    "Port to listen on; 0 takes a free one.",
    default="3000",
)
CODEX_API_KEY: Setting[str] = Setting(
    "CODEX_API_KEY",
    parsing.parse_secret,
    'Key for the Codex analytics API: an Admin key with "Codex analytics API: Read", or a Platform key '
    "with the scope `codex.enterprise.analytics.read`.",
    required=True,
    secret=True,
)
CODEX_WORKSPACE_ID: Setting[str] = Setting(
    "CODEX_WORKSPACE_ID",
    parsing.parse_uuid,
    "Id of the ChatGPT workspace, a UUID (not the `org-…` id of the API platform).",
    required=True,
)
CODEX_API_URL: Setting[str] = Setting(
    "CODEX_API_URL",
    parsing.parse_url,
    "Base of the Codex analytics API.",
    default="https://api.chatgpt.com/v1/analytics/codex",
)
DATABASE_URL: Setting[Path] = Setting(
    "DATABASE_URL",
    parsing.parse_database,
    "Where everything is stored: `sqlite:///` and a path, relative to the working folder or absolute "
    "(then with four slashes in a row).",
    default="sqlite:///data/codex-usage.db",
)
ROSTER_FILE: Setting[Path | None] = Setting(
    "ROSTER_FILE",
    parsing.parse_readable_file,
    "CSV file of employees and their managers. Without it everyone in Slack with an e-mail address is an "
    "employee without a manager.",
)
ADMIN_EMAILS: Setting[frozenset[str]] = Setting(
    "ADMIN_EMAILS",
    parsing.parse_emails,
    "Addresses, separated by commas, of those who may see everyone and administer.",
    default="",
)
FINANCE_EMAILS: Setting[frozenset[str]] = Setting(
    "FINANCE_EMAILS",
    parsing.parse_emails,
    "Addresses, separated by commas, of those who may see organisation totals, spend and budgets, "
    "but no other activity of a named person.",
    default="",
)
FINANCE_CHANNEL: Setting[str | None] = Setting(
    "FINANCE_CHANNEL",
    parsing.parse_channel,
    "Id of the channel (`C…` or `G…`) for spend alerts.",
)
_parse_switch: Callable[[str], Switch] = parsing.parse_word("no", "yes")
ALERT_ASK_FIRST: Setting[Switch] = Setting(
    "ALERT_ASK_FIRST",
    _parse_switch,
    "`yes`: of spend that is not critical the person is asked in a direct message, before anybody else hears.",
    default="no",
)
ALERT_GRACE_MINUTES: Setting[int] = Setting(
    "ALERT_GRACE_MINUTES",
    parsing.parse_whole_number(1, 1440),
    "How long others wait for that person's answer, 1 to 1440.",
    default="120",
)
DIGEST_SCHEDULE: Setting[DigestSchedule] = Setting(
    "DIGEST_SCHEDULE",
    parsing.parse_schedule,
    "Weekday and 24-hour time of the weekly digest, on each recipient's own clock.",
    default="mon 09:00",
)
TIMEZONE: Setting[ZoneInfo] = Setting(
    "TIMEZONE",
    parsing.parse_timezone,
    "The organisation's IANA time zone: for people whose own is unknown, and for finance.",
    default="UTC",
)
CREDIT_PRICE_USD: Setting[Decimal | None] = Setting(
    "CREDIT_PRICE_USD",
    parsing.parse_price,
    "Contract price of one credit. When set, money is shown beside credits, marked as computed from it.",
)
SYNC_INTERVAL_MINUTES: Setting[int] = Setting(
    "SYNC_INTERVAL_MINUTES",
    parsing.parse_whole_number(1, 1440),
    "Minutes between two syncs, 1 to 1440.",
    default="60",
)
DELIVERY_DOUBT: Setting[DeliveryDoubt] = Setting(
    "DELIVERY_DOUBT",
    parsing.parse_word("skip", "resend", "check"),
    "What to do when it is unknown whether Slack took a message: `skip` (never twice), `resend` "
    "(never missing), `check` (look into the conversation first; needs the scope `im:history`, for channels "
    "`channels:history` and `groups:history`).",
    default="skip",
)
DELIVERY_QUARANTINE_SECONDS: Setting[float] = Setting(
    "DELIVERY_QUARANTINE_SECONDS",
    parsing.parse_number("0", "86400"),
    "How long a message in doubt rests before that is settled; longer than a request can be in flight.",
    default="90",
)
DELIVERY_RATE_PER_SECOND: Setting[float] = Setting(
    "DELIVERY_RATE_PER_SECOND",
    parsing.parse_number("0.1", "1000"),
    "Upper bound of messages a second to the whole workspace.",
    default="5",
)
ALERT_SENSITIVITY: Setting[Sensitivity] = Setting(
    "ALERT_SENSITIVITY",
    parsing.parse_word(*Sensitivity),
    "How much runaway spend is told: `low`, `normal` or `high`. What finance chooses in Slack wins.",
    default="normal",
)
ALERT_FLOOR_CREDITS: Setting[int] = Setting(
    "ALERT_FLOOR_CREDITS",
    parsing.parse_credits("0"),
    "An excess of fewer credits a day is never told. What finance chooses in Slack wins.",
    default="250",
)
ALERT_HARD_CAP_CREDITS: Setting[int | None] = Setting(
    "ALERT_HARD_CAP_CREDITS",
    parsing.parse_credits("0.000001"),
    "From so many credits a day on everybody's use is told, whatever is usual. "
    "What finance chooses in Slack wins.",
)
LOG_LEVEL: Setting[LogLevel] = Setting(
    "LOG_LEVEL",
    parsing.parse_word("debug", "info", "warning", "error"),
    "`debug`, `info`, `warning` or `error`.",
    default="info",
)
LOG_FORMAT: Setting[LogFormat] = Setting(
    "LOG_FORMAT",
    parsing.parse_word("text", "json"),
    "`text` for people, `json` for machines, one object a line. No token or secret is ever logged.",
    default="text",
)

SETTINGS: tuple[Setting[object], ...] = (
    SLACK_BOT_TOKEN,
    SLACK_APP_TOKEN,
    SLACK_SIGNING_SECRET,
    SLACK_MODE,
    SLACK_API_URL,
    HOST,
    PORT,
    CODEX_API_KEY,
    CODEX_WORKSPACE_ID,
    CODEX_API_URL,
    DATABASE_URL,
    ROSTER_FILE,
    ADMIN_EMAILS,
    FINANCE_EMAILS,
    FINANCE_CHANNEL,
    ALERT_ASK_FIRST,
    ALERT_GRACE_MINUTES,
    DIGEST_SCHEDULE,
    TIMEZONE,
    CREDIT_PRICE_USD,
    SYNC_INTERVAL_MINUTES,
    DELIVERY_DOUBT,
    DELIVERY_QUARANTINE_SECONDS,
    DELIVERY_RATE_PER_SECOND,
    ALERT_SENSITIVITY,
    ALERT_FLOOR_CREDITS,
    ALERT_HARD_CAP_CREDITS,
    LOG_LEVEL,
    LOG_FORMAT,
)
