"""Puts the parts together: the only place that builds clients and introduces everyone to each other."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
from prometheus_client import CollectorRegistry
from slack_sdk import WebClient

from bot import __version__
from bot.config import Config
from bot.core.people import SlackPerson
from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.features.check import Checks, CheckSettings
from bot.features.link import People
from bot.features.sync import Sync
from bot.listeners.bolt import build_bolt
from bot.listeners.commands import SlashCommands
from bot.listeners.directory import DirectoryEvents
from bot.listeners.home import Home, HomeFinder
from bot.listeners.inbound import SlackInbound
from bot.listeners.metrics import Metrics
from bot.listeners.server import WebServer
from bot.listeners.signatures import Signatures
from bot.listeners.socket_mode import SocketListener
from bot.listeners.state import State
from bot.listeners.web import WebApplication
from bot.ports import Clock
from bot.rosters.csv_file import CsvRoster
from bot.schedule import Schedule
from bot.slack.directory import SlackDirectory
from bot.slack.installation import SlackInstallation
from bot.slack.messages import Message
from bot.slack.messenger import Responder
from bot.slack.render import render
from bot.sources.codex import CodexSource
from bot.stopping import Stopping
from bot.store.sqlite import SqliteStore

SLACK_TIMEOUT_SECONDS = 30


def utc_now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Launch:
    """How this program was started: on which clock all of it lives, and which command starts it once more."""

    clock: Clock = utc_now
    command: Sequence[str] = (sys.executable, "-m", "bot")


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
        ),
    )


def build_roster(config: Config) -> CsvRoster | None:
    """The roster, where there is one."""
    return CsvRoster(config.roster_file) if config.roster_file else None


def build_people(config: Config, store: SqliteStore) -> People:
    """Roster, directory and linking."""
    return People(store, SlackDirectory(build_slack_client(config)), build_roster(config))


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


def expect_bulk() -> None:
    """Let this process's garbage collector run rarely: a sync makes millions of values that need none.

    With Python's usual thresholds it takes a third of the time of reading a large company's usage.
    """
    gc.set_threshold(50_000, 20, 20)


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


def build_ask(config: Config, store: SqliteStore) -> Ask:
    """Answers."""
    return Ask(
        store,
        AskSettings(
            admin_emails=config.admin_emails,
            finance_emails=config.finance_emails,
            credit_price_usd=config.credit_price_usd,
            sync_interval=timedelta(minutes=config.sync_interval_minutes),
        ),
    )


class Bot:
    """The running bot: Slack's requests, health, metrics and the schedule."""

    def __init__(self, config: Config, launch: Launch) -> None:
        clock = launch.clock
        self._store = build_store(config)
        interval = timedelta(minutes=config.sync_interval_minutes)
        registry = CollectorRegistry()
        metrics = Metrics(registry, __version__)
        state = State(self._store, interval, clock)
        registry.register(state)
        self._http = httpx.Client(timeout=SLACK_TIMEOUT_SECONDS)
        responder = Responder(self._http, api_url=config.slack.api_url)
        answer = partial(_answer, build_ask(config, self._store))
        self._commands = SlashCommands(answer, responder, metrics, clock)
        self._directory = DirectoryEvents(partial(_take_change, config, self._store, clock), metrics, clock)
        self._home = HomeFinder(partial(_find_home, SlackInstallation(build_slack_client(config), None)))
        bolt = build_bolt(self._commands, self._directory, home=self._home)
        self._socket = None
        inbound = None
        if config.slack.app_token and config.slack.mode == "socket":
            client = WebClient(
                base_url=config.slack.api_url, timeout=SLACK_TIMEOUT_SECONDS, retry_handlers=[]
            )
            self._socket = SocketListener(bolt, config.slack.app_token, client)
        else:
            inbound = SlackInbound(bolt, Signatures(config.slack.signing_secret or ""), metrics, clock)
        web = WebApplication(state.readiness, registry, inbound, clock)
        self._web = WebServer(web, host=config.host, port=config.port)
        start_sync = partial(start_sync_process, launch.command)
        self._schedule = Schedule(self._store, start_sync, interval, clock=clock)

    def start(self) -> int:
        """Serve; returns the port of the HTTP endpoint. Raises `ConfigError` where it cannot be had."""
        self._web.start()
        self._home.start()
        if self._socket is not None:
            self._socket.start()
        self._schedule.start()
        return self._web.port

    def stop(self) -> None:
        """Take nothing new, finish what was taken, and end; within ten seconds."""
        self._home.stop()
        self._web.stop(timeout=2)
        if self._socket is not None:
            self._socket.stop(timeout=2)
        self._commands.close(timeout=2)
        self._directory.close(timeout=1)
        self._schedule.stop(timeout=2)
        self._http.close()
        self._store.close()


def start_sync_process(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A sync in a process of its own, so that reading a million rows never delays an answer."""
    return subprocess.Popen([*command, "sync", "--if-due", "--quiet"])  # noqa: S603 - our own command


def _find_home(installation: SlackInstallation) -> Home:
    found = installation.fetch_installation()
    return Home(team_id=found.team_id, enterprise_id=found.enterprise_id)


def _answer(ask: Ask, slack_id: str, text: str, now: datetime) -> Message:
    return render(ask.answer_slack(slack_id, text, now))


def _take_change(config: Config, store: SqliteStore, clock: Clock, person: SlackPerson) -> None:
    now = clock()
    build_people(config, store).take_change(person, now, now.astimezone(config.timezone).date())
