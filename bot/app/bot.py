"""The running bot: who hears Slack, who answers, who syncs and who delivers, from start to stop."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from functools import partial

import httpx
from prometheus_client import CollectorRegistry
from slack_bolt import App
from slack_sdk import WebClient

from bot import __version__
from bot.app.answering import build_ask, build_ask_settings, build_exports
from bot.app.clients import (
    POST_TIMEOUT,
    SLACK_TIMEOUT_SECONDS,
    build_slack_client,
    build_store,
    build_web_api,
)
from bot.app.launch import Launch
from bot.app.looking_back import LookBacks
from bot.app.syncing import build_people, start_sync_process
from bot.app.telling import build_deliver, build_edit_cards, build_planner
from bot.config import Config
from bot.core.alerts.answers import LookingBack
from bot.core.answers import ExportAnswer
from bot.core.people import SlackPerson
from bot.features.alerts.answer import AlertAnswers
from bot.features.alerts.answer_own import OwnAnswers
from bot.features.alerts.choose import ChooseAlerts
from bot.features.ask import Ask
from bot.features.budgets.edit import EditBudgets
from bot.features.deliveries.desk import Clocks
from bot.features.digests.settings import DigestSettings
from bot.features.export import ExportDesk
from bot.features.home import Homes
from bot.features.plans.bursts import EndPlans
from bot.listeners.alert_settings import AlertSettingsDesk
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
from bot.listeners.own_answers import OwnDesk
from bot.listeners.plans import PlanDesk
from bot.listeners.presses import Presses
from bot.listeners.server import WebServer
from bot.listeners.settings import SettingsDesk
from bot.listeners.signatures import Signatures
from bot.listeners.socket_mode import SocketListener
from bot.listeners.state import State
from bot.listeners.web import WebApplication
from bot.ports import Clock
from bot.schedule import Deliveries, Schedule
from bot.schedule.delivery_log import DeliveryLog
from bot.slack.files import SlackFiles
from bot.slack.home import render_home
from bot.slack.installation import SlackInstallation
from bot.slack.messages import Message
from bot.slack.messenger import Responder
from bot.slack.render import render
from bot.slack.views import SlackViews, View
from bot.store.sqlite import SqliteStore

log = logging.getLogger(__name__)


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
        self._look_backs = LookBacks(self._store, build_ask_settings(config), launch.command, clock)
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
        self._look_backs.stop()
        self._commands.close(timeout=1)
        self._directory.close(timeout=0.5)
        self._schedule.stop(timeout=2)
        self._http.close()
        self._post_http.close()
        self._store.close()

    def _build_commands(
        self, config: Config, responder: Responder, metrics: Metrics, clock: Clock
    ) -> SlashCommands:
        files = SlackFiles(build_web_api(config, self._http), self._http, api_url=config.slack.api_url)
        exports = ExportDesk(build_exports(config, self._store), files)
        return SlashCommands(
            partial(_answer, build_ask(config, self._store), exports, self._look_backs),
            responder,
            metrics,
            clock,
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
    PlanDesk(EndPlans(store, settings), presses, responder, clock)
    own = OwnDesk(OwnAnswers(store, settings), presses, views, clock)
    ask = build_ask(config, store)
    budgets = BudgetDesk(EditBudgets(store, settings), ask.answer_slack, presses, responder, views, clock)
    chooser = AlertSettingsDesk(ChooseAlerts(store, settings), presses, responder, views, clock)
    return Interactions(presses, desk, alerts, budgets, chooser, home_tab, own)


def _compose_home(homes: Homes, slack_id: str, now: datetime) -> View:
    return render_home(homes.compose(slack_id, now))


def _find_home(installation: SlackInstallation) -> Home:
    found = installation.fetch_installation()
    return Home(team_id=found.team_id, enterprise_id=found.enterprise_id)


def _answer(
    ask: Ask, exports: ExportDesk, look_backs: LookBacks, slack_id: str, text: str, now: datetime
) -> Message | Later:
    answer = ask.answer_slack(slack_id, text, now)
    if isinstance(answer, LookingBack):
        return Later(render(answer), lambda: render(look_backs.look(slack_id, text)), takes_minutes=True)
    if isinstance(answer, ExportAnswer):
        hand_over = partial(exports.hand_over, slack_id, answer.command, now)
        return Later(render(answer), lambda: render(hand_over()))
    return render(answer)


def _take_change(config: Config, store: SqliteStore, clock: Clock, person: SlackPerson) -> None:
    now = clock()
    build_people(config, store).take_change(person, now, now.astimezone(config.timezone).date())
