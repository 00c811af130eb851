"""What reads: a sync with its people, and the checks of the installation."""

from __future__ import annotations

import gc
import subprocess
from collections.abc import Callable, Sequence
from datetime import timedelta

import httpx

from bot.app.clients import build_roster, build_slack_client, build_source
from bot.config import Config
from bot.features.checks.check import Checks, CheckSettings
from bot.features.link import People
from bot.features.sync import Sync
from bot.ports import Clock
from bot.slack.directory import SlackDirectory
from bot.slack.installation import SlackInstallation
from bot.stopping import Stopping
from bot.store.sqlite import SqliteStore


def build_people(config: Config, store: SqliteStore) -> People:
    """Roster, directory and linking."""
    return People(store, SlackDirectory(build_slack_client(config)), build_roster(config))


def build_sync(
    config: Config,
    store: SqliteStore,
    http: httpx.Client,
    stopping: Stopping,
    tell: Callable[[str], None],
    clock: Clock,
) -> Sync:
    """A sync, ready to run; ``http`` is the caller's to close."""
    source, people = build_source(config, http, stopping), build_people(config, store)
    return Sync(store, source, people, clock=clock, tell=tell)


def expect_bulk() -> None:
    """Let this process's garbage collector run rarely: a sync makes millions of values that need none.

    With Python's usual thresholds it takes a third of the time of reading a large company's usage.
    """
    gc.set_threshold(50_000, 20, 20)


def start_sync_process(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A sync in a process of its own, so that reading a million rows never delays an answer."""
    return subprocess.Popen([*command, "sync", "--if-due", "--quiet"])  # noqa: S603 - our own command


def build_checks(config: Config, store: SqliteStore, http: httpx.Client) -> Checks:
    """All checks of the installation; ``http`` is the caller's to close."""
    return Checks(
        store,
        build_source(config, http, Stopping()),
        SlackInstallation(build_slack_client(config), config.slack.app_token),
        build_roster(config),
        CheckSettings(
            is_socket_mode=config.slack.mode == "socket",
            finance_channel=config.finance_channel,
            sync_interval=timedelta(minutes=config.sync_interval_minutes),
            doubt=config.delivery.doubt,
            credit_price_usd=config.credit_price_usd,
            spikes=config.spikes,
        ),
    )
