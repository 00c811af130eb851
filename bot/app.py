"""Puts the parts together: the only place that builds clients and introduces everyone to each other."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
from prometheus_client import CollectorRegistry
from slack_bolt import App
from slack_sdk import WebClient

from bot import __version__
from bot.config import Config
from bot.core.alert_cards import AlertCard
from bot.core.answers import ExportAnswer
from bot.core.digest_times import WeekMoment
from bot.core.digests import Digest
from bot.core.people import SlackPerson
from bot.core.spikes import SpikeSettings
from bot.features.alerts import Alerts, AlertSettings
from bot.features.answer_alert import AlertAnswers
from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.features.check import Checks, CheckSettings
from bot.features.deliver import Deliver
from bot.features.delivery_desk import Clocks, DeliverySettings
from bot.features.digest import Digests
from bot.features.digest_settings import DigestSettings
from bot.features.edit_budgets import EditBudgets
from bot.features.edit_cards import EditCards
from bot.features.export import ExportDesk, Exports
from bot.features.home import Homes
from bot.features.link import People
from bot.features.plan_digests import PlanDigests, PlanSettings
from bot.features.send_digests import SendDigests
from bot.features.sync import Sync
from bot.features.write_alert import AlertWriter
from bot.features.write_any import AnyWriter
from bot.features.write_digest import DigestWriter
from bot.listeners.alerts import AlertDesk
from bot.listeners.bolt import build_bolt
from bot.listeners.budgets import BudgetDesk
from bot.listeners.commands import Later, SlashCommands
from bot.listeners.directory import DirectoryEvents
from bot.listeners.faults import report_fault
from bot.listeners.home import Home, HomeFinder
from bot.listeners.home_tab import HomeTab
from bot.listeners.inbound import SlackInbound
from bot.listeners.interactions import Interactions
from bot.listeners.metrics import Metrics
from bot.listeners.presses import Presses
from bot.listeners.server import WebServer
from bot.listeners.settings import SettingsDesk
from bot.listeners.signatures import Signatures
from bot.listeners.socket_mode import SocketListener
from bot.listeners.state import State
from bot.listeners.web import WebApplication
from bot.ports import Clock, DeliveryWatch
from bot.rosters.csv_file import CsvRoster
from bot.schedule import Deliveries, Schedule
from bot.schedule.delivery_log import DeliveryLog
from bot.slack.alerts import render_alert
from bot.slack.calls import WebApi
from bot.slack.channels import SlackChannels
from bot.slack.digests import render_digest
from bot.slack.directory import SlackDirectory
from bot.slack.fallback import forms_of
from bot.slack.files import SlackFiles
from bot.slack.home import render_home
from bot.slack.installation import SlackInstallation
from bot.slack.messages import Message
from bot.slack.messenger import Responder
from bot.slack.posting import SlackPostman
from bot.slack.render import render
from bot.slack.views import SlackViews, View
from bot.sources.codex import CodexSource
from bot.stopping import Stopping
from bot.store.sqlite import SqliteStore

SLACK_TIMEOUT_SECONDS = 30
POST_TIMEOUT = httpx.Timeout(30, connect=10)
"""In sum well below DELIVERY_QUARANTINE_SECONDS: a message in doubt is not under way any more when it is settled."""

log = logging.getLogger(__name__)


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
            doubt=config.delivery.doubt,
            credit_price_usd=config.credit_price_usd,
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
    return Ask(store, build_ask_settings(config))


def build_exports(config: Config, store: SqliteStore) -> Exports:
    """Files."""
    return Exports(store, build_ask_settings(config))


def build_digests(config: Config, store: SqliteStore) -> Digests:
    """What a digest says."""
    return Digests(store, build_ask_settings(config))


def build_planner(config: Config, store: SqliteStore) -> PlanDigests:
    """Whose digest is due."""
    return PlanDigests(store, PlanSettings(_usual(config), config.timezone, config.finance_channel))


def build_digest_writer(config: Config, store: SqliteStore) -> DigestWriter:
    """Digests as Slack messages."""
    return DigestWriter(store, build_digests(config, store), _forms_of)


def build_alerts(config: Config, store: SqliteStore) -> Alerts:
    """What finds runaway spend and has it told."""
    return Alerts(store, AlertSettings(SpikeSettings(), config.finance_channel))


def build_alert_writer(config: Config, store: SqliteStore, http: httpx.Client) -> AlertWriter:
    """Alerts as Slack messages; ``http`` is the caller's to close."""
    return AlertWriter(store, SlackChannels(_web_api(config, http)), _secret(config), _alert_forms_of)


def build_edit_cards(config: Config, store: SqliteStore, http: httpx.Client, clock: Clock) -> EditCards:
    """What keeps the cards in Slack as things are; ``http`` is the caller's to close."""
    writer, editor = build_alert_writer(config, store, http), SlackPostman(_web_api(config, http))
    return EditCards(store, writer, editor, _secret(config), clock=clock, monotonic=time.monotonic)


def build_send_digests(config: Config, store: SqliteStore) -> SendDigests:
    """A week's digests, on an operator's word."""
    return SendDigests(store, build_planner(config, store), build_digest_writer(config, store))


def build_deliver(
    config: Config,
    store: SqliteStore,
    http: httpx.Client,
    sleep: Callable[[float], object],
    watch: DeliveryWatch,
    clock: Clock,
) -> Deliver:
    """The outbox, ready to be worked off; ``http`` is the caller's to close."""
    delivery = config.delivery
    return Deliver(
        store,
        AnyWriter(build_digest_writer(config, store), build_alert_writer(config, store, http)),
        SlackPostman(_web_api(config, http)),
        DeliverySettings(
            delivery.doubt,
            delivery.quarantine_seconds,
            delivery.rate_per_second,
            secret=_secret(config),
        ),
        Clocks(clock, time.monotonic, sleep),
        watch,
    )


def build_ask_settings(config: Config) -> AskSettings:
    """What answers and digests depend on beside the store."""
    return AskSettings(
        admin_emails=config.admin_emails,
        finance_emails=config.finance_emails,
        credit_price_usd=config.credit_price_usd,
        sync_interval=timedelta(minutes=config.sync_interval_minutes),
        digest_time=_usual(config),
        timezone=config.timezone,
        finance_channel=config.finance_channel,
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
        self._commands = self._build_commands(config, responder, metrics, clock)
        self._directory = DirectoryEvents(partial(_take_change, config, self._store, clock), metrics, clock)
        self._home = HomeFinder(partial(_find_home, SlackInstallation(build_slack_client(config), None)))
        self._interactions = _build_interactions(
            config, self._store, self._commands, responder, metrics, clock
        )
        bolt = build_bolt(self._commands, self._interactions, self._directory, home=self._home)
        self._socket = _build_socket(config, bolt)
        inbound = None
        if self._socket is None:
            inbound = SlackInbound(bolt, Signatures(config.slack.signing_secret or ""), metrics, clock)
        web = WebApplication(state.readiness, registry, inbound, clock)
        self._web = WebServer(web, host=config.host, port=config.port)
        start_sync = partial(start_sync_process, launch.command)
        self._schedule = Schedule(self._store, start_sync, interval, clock=clock)
        self._post_http = httpx.Client(timeout=POST_TIMEOUT)
        self._deliveries = self._build_deliveries(config, metrics, clock)

    def start(self) -> int:
        """Serve; returns the port of the HTTP endpoint. Raises `ConfigError` where it cannot be had."""
        self._web.start()
        self._home.start()
        if self._socket is not None:
            self._socket.start()
        self._schedule.start()
        self._deliveries.start()
        return self._web.port

    def stop(self) -> None:
        """Take nothing new, finish what was taken, and end; within ten seconds."""
        self._deliveries.stop(timeout=1)
        self._home.stop()
        self._web.stop(timeout=2)
        if self._socket is not None:
            self._socket.stop(timeout=2)
        self._interactions.close(timeout=0.5)
        self._commands.close(timeout=1)
        self._directory.close(timeout=0.5)
        self._schedule.stop(timeout=2)
        self._http.close()
        self._post_http.close()
        self._store.close()

    def _build_commands(
        self, config: Config, responder: Responder, metrics: Metrics, clock: Clock
    ) -> SlashCommands:
        api = WebApi(self._http, api_url=config.slack.api_url, token=config.slack.bot_token)
        files = SlackFiles(api, self._http, api_url=config.slack.api_url)
        exports = ExportDesk(build_exports(config, self._store), files)
        return SlashCommands(
            partial(_answer, build_ask(config, self._store), exports), responder, metrics, clock
        )

    def _build_deliveries(self, config: Config, metrics: Metrics, clock: Clock) -> Deliveries:
        stopping = threading.Event()
        report = partial(report_fault, log, "delivering")
        watch = DeliveryLog(lambda outcome: metrics.deliveries.labels(outcome).inc(), report)
        deliver = build_deliver(config, self._store, self._post_http, stopping.wait, watch, clock)
        metrics.delivery_rate.set_function(lambda: deliver.per_second)
        planner = build_planner(config, self._store)
        cards = build_edit_cards(config, self._store, self._post_http, clock)
        clocks = Clocks(clock, time.monotonic, stopping.wait)
        return Deliveries(planner, deliver, cards, clocks=clocks, stopping=stopping, report=report)


def _build_socket(config: Config, bolt: App) -> SocketListener | None:
    """Socket Mode, where it is what Slack is heard by."""
    if not config.slack.app_token or config.slack.mode != "socket":
        return None
    client = WebClient(base_url=config.slack.api_url, timeout=SLACK_TIMEOUT_SECONDS, retry_handlers=[])
    return SocketListener(bolt, config.slack.app_token, client)


def start_sync_process(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A sync in a process of its own, so that reading a million rows never delays an answer."""
    return subprocess.Popen([*command, "sync", "--if-due", "--quiet"])  # noqa: S603 - our own command


def _web_api(config: Config, http: httpx.Client) -> WebApi:
    return WebApi(http, api_url=config.slack.api_url, token=config.slack.bot_token)


def _secret(config: Config) -> str:
    """Known to the operator alone, and the same whatever becomes of the database and of Slack's tokens."""
    return config.codex.workspace_id


def _alert_forms_of(card: AlertCard) -> list[Message]:
    return forms_of(render_alert(card))


def _build_interactions(
    config: Config,
    store: SqliteStore,
    commands: SlashCommands,
    responder: Responder,
    metrics: Metrics,
    clock: Clock,
) -> Interactions:
    settings = build_ask_settings(config)
    views = SlackViews(build_slack_client(config))
    presses = Presses(commands, responder, views, metrics, clock)
    home_tab = HomeTab(partial(_compose_home, Homes(store, settings)), views, metrics, clock)
    desk = SettingsDesk(DigestSettings(store, settings), presses, responder, views, home_tab.publish, clock)
    alerts = AlertDesk(AlertAnswers(store, settings), presses, responder, views, clock)
    ask = build_ask(config, store)
    budgets = BudgetDesk(EditBudgets(store, settings), ask.answer_slack, presses, responder, views, clock)
    return Interactions(presses, desk, alerts, budgets, home_tab)


def _compose_home(homes: Homes, slack_id: str, now: datetime) -> View:
    return render_home(homes.compose(slack_id, now))


def _usual(config: Config) -> WeekMoment:
    schedule = config.digest_schedule
    return WeekMoment(schedule.weekday, schedule.at.hour * 60 + schedule.at.minute)


def _forms_of(digest: Digest) -> list[Message]:
    return forms_of(render_digest(digest))


def _find_home(installation: SlackInstallation) -> Home:
    found = installation.fetch_installation()
    return Home(team_id=found.team_id, enterprise_id=found.enterprise_id)


def _answer(ask: Ask, exports: ExportDesk, slack_id: str, text: str, now: datetime) -> Message | Later:
    answer = ask.answer_slack(slack_id, text, now)
    if isinstance(answer, ExportAnswer):
        hand_over = partial(exports.hand_over, slack_id, answer.command, now)
        return Later(render(answer), lambda: render(hand_over()))
    return render(answer)


def _take_change(config: Config, store: SqliteStore, clock: Clock, person: SlackPerson) -> None:
    now = clock()
    build_people(config, store).take_change(person, now, now.astimezone(config.timezone).date())
