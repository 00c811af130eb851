"""The clients of Slack, of the Codex API and of the roster, as the configuration wants them."""

from __future__ import annotations

import httpx
from slack_sdk import WebClient

from bot.config import Config
from bot.rosters.csv_file import CsvRoster
from bot.slack.calls import WebApi
from bot.sources.codex import CodexSource
from bot.stopping import Stopping
from bot.store.sqlite import SqliteStore

SLACK_TIMEOUT_SECONDS = 30
POST_TIMEOUT = httpx.Timeout(30, connect=10)
"""In sum well below DELIVERY_QUARANTINE_SECONDS: a message in doubt is not under way any more when it is settled."""


def build_store(config: Config) -> SqliteStore:
    """The store, its schema up to date. Raises `StoreError`."""
    store = SqliteStore(config.database_file)
    store.migrate()
    return store


def build_slack_client(config: Config) -> WebClient:
    """A client of the Web API that repeats nothing by itself: whoever calls knows what may be repeated."""
    return WebClient(
        token=config.slack.bot_token,
        base_url=config.slack.api_url,
        timeout=SLACK_TIMEOUT_SECONDS,
        retry_handlers=[],
    )


def build_web_api(config: Config, http: httpx.Client) -> WebApi:
    """The Web API for what must be posted once; ``http`` is the caller's to close."""
    return WebApi(http, api_url=config.slack.api_url, token=config.slack.bot_token)


def build_roster(config: Config) -> CsvRoster | None:
    """The roster, where there is one."""
    return CsvRoster(config.roster_file) if config.roster_file else None


def build_source(config: Config, http: httpx.Client, stopping: Stopping) -> CodexSource:
    """The Codex API; ``stopping`` cuts waits and retries short."""
    return CodexSource(
        http,
        base_url=config.codex.api_url,
        workspace_id=config.codex.workspace_id,
        api_key=config.codex.api_key,
        sleep=stopping.wait,
        cancelled=stopping.is_set,
    )
