"""The listeners put together as the program does it, and a Slack that signs, posts and waits for answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlencode

import httpx
from prometheus_client import CollectorRegistry

from bot.core.alerts.ask_first import OwnReply
from bot.core.alerts.choice import Draft as ChoiceDraft
from bot.core.alerts.replies import Reply
from bot.core.answers import Answer, NotForYou, SettingsAnswer, SettingsChange
from bot.core.budgets.edits import Draft, Seen
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit
from bot.core.digests.choice import DigestChoice
from bot.core.digests.times import DigestClock, WeekMoment
from bot.core.people import SlackPerson
from bot.core.spikes.findings import Sensitivity
from bot.errors import DeliveryError, UserError
from bot.features.alerts.answer import NOT_FOR_YOU, AlertDetails
from bot.features.budgets.edit import Form
from bot.listeners.alert_settings import AlertSettingsDesk, Choosing
from bot.listeners.alerts import AlertDesk
from bot.listeners.alerts import Answering as Alerting
from bot.listeners.bolt import build_bolt
from bot.listeners.budgets import BudgetDesk, Budgeting
from bot.listeners.commands import Answering, SlashCommands
from bot.listeners.directory import DirectoryEvents
from bot.listeners.home import Home
from bot.listeners.home_tab import ComposeHome, HomeTab
from bot.listeners.inbound import SlackInbound
from bot.listeners.interactions import Interactions
from bot.listeners.metrics import Metrics
from bot.listeners.own_answers import OwnDesk, Owning
from bot.listeners.places import Viewing
from bot.listeners.plans import Ending, PlanDesk
from bot.listeners.presses import Presses
from bot.listeners.server import WebServer
from bot.listeners.settings import SettingsDesk, Settling
from bot.listeners.signatures import Signatures
from bot.listeners.web import Readiness, WebApplication
from bot.slack.home import home_with
from bot.slack.messages import Message, sentence
from bot.slack.messenger import Responder
from bot.slack.views import View

CAROL = "U0CAROL"
SECRET = "test_signing_secret"
FORM = "application/x-www-form-urlencoded"
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def echo(slack_id: str, text: str, now: datetime) -> Message:
    """An answer that shows what it was asked."""
    return Message(f"{slack_id} asked {text!r} at {now:%Y-%m-%d}", [])


def sign(body: bytes, timestamp: str, secret: str = SECRET) -> str:
    """Slack's signature of a body."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return "v0=" + digest.hexdigest()


def signed(body: bytes, content_type: str = FORM, *, timestamp: int | None = None) -> dict[str, str]:
    """The headers of a genuine request, made at noon unless told otherwise."""
    stamp = str(int(NOON.timestamp()) if timestamp is None else timestamp)
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(body, stamp),
    }


def command_form(text: str, response_url: str, **changes: str) -> bytes:
    """The body of a slash command as Slack posts it; two with the same text differ in their trigger."""
    fields = {
        "team_id": "T0001",
        "team_domain": "example",
        "is_enterprise_install": "false",
        "channel_id": "C2147483705",
        "user_id": "U0CAROL",
        "user_name": "carol",
        "command": "/codex-usage",
        "text": text,
        "api_app_id": "A123456",
        "response_url": response_url,
        "trigger_id": f"13345224609.{time.monotonic_ns()}",
    }
    return urlencode({**fields, **changes}).encode()


def event_json(event: Mapping[str, Any], event_id: str = "Ev0001", **changes: object) -> bytes:
    """The body of an event as Slack posts it."""
    envelope = {
        "team_id": "T0001",
        "api_app_id": "A123456",
        "type": "event_callback",
        "event": event,
        "event_id": event_id,
        "event_time": 1790000000,
        "authorizations": [{"enterprise_id": None, "team_id": "T0001", "user_id": "UBOT", "is_bot": True}],
    }
    return json.dumps({**envelope, **changes}).encode()


def press_json(action_id: str, *, action_ts: str = "1790000001.1", **changes: object) -> dict[str, Any]:
    """A press as Slack sends it."""
    action = {
        "type": "button",
        "action_id": action_id,
        "block_id": "digest",
        "value": "me",
        "action_ts": action_ts,
    }
    body = {
        "type": "block_actions",
        "user": {"id": CAROL, "team_id": "T0001"},
        "api_app_id": "A123456",
        "team": {"id": "T0001", "domain": "example"},
        "enterprise": None,
        "container": {"type": "message", "message_ts": "1790000000.000200", "is_ephemeral": False},
        "trigger_id": "111.222.valid",
        "actions": [action],
    }
    return {**body, **changes}


def submission_json(
    view_id: str,
    state: Mapping[str, Any],
    metadata: str,
    callback_id: str = "settings",
    **changes: object,
) -> dict[str, Any]:
    """A submission as Slack sends it."""
    view = {
        "id": view_id,
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "state": state,
    }
    return {**press_json("unused"), "type": "view_submission", "view": view, **changes}


def member(slack_id: str = "U0CAROL", **changes: object) -> dict[str, Any]:
    """Carol, as Slack describes her."""
    carol = {
        "id": slack_id,
        "team_id": "T0001",
        "deleted": False,
        "tz": "Europe/Berlin",
        "profile": {"real_name": "Carol", "email": "Carol@example.com"},
    }
    return {**carol, **changes}


class AnswerCatcher:
    """What stands behind every ``response_url``: a loopback server that keeps what it is sent."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []
        self.status = 200
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/commands/T0001/1/xyz"

    def wait_for(self, count: int, timeout: float = 20.0) -> list[dict[str, Any]]:
        """The answers, once there are ``count`` of them."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.answers) >= count, timeout), self.answers
            return list(self.answers)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        catcher = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with catcher._arrived:
                    catcher.answers.append(json.loads(body))
                    catcher._arrived.notify_all()
                self.send_response(catcher.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler


def home_of(slack_id: str, now: datetime) -> View:
    """A Home tab that shows whose it is."""
    return home_with(sentence(f"{slack_id} at {now:%Y-%m-%d}"))


class Nowhere:
    """A Slack that shows no view."""

    def open_modal(self, trigger_id: str, view: View) -> str:
        raise DeliveryError("expired_trigger_id (views.open)")

    def update_modal(self, view_id: str, view: View) -> None:
        raise DeliveryError("not_found (views.update)")

    def publish_home(self, slack_id: str, view: View, view_hash: str | None = None) -> None:
        raise DeliveryError("not_enabled (views.publish)")


class Kept:
    """Everybody's settings in memory; ``failure`` is raised in place of doing anything."""

    usual = WeekMoment(weekday=0, minute=9 * 60)

    def __init__(self) -> None:
        self.choices: dict[str, DigestChoice] = {}
        self.changes: list[str] = []
        self.failure: Exception | None = None

    def look(self, slack_id: str, now: datetime) -> SettingsAnswer:
        return self._answer(slack_id, None)

    def pause(self, slack_id: str, now: datetime) -> SettingsAnswer:
        return self._answer(slack_id, SettingsChange.PAUSED, is_paused=True)

    def resume(self, slack_id: str, now: datetime) -> SettingsAnswer:
        return self._answer(slack_id, SettingsChange.RESUMED, is_paused=False)

    def save(self, slack_id: str, at: WeekMoment, now: datetime, *, wants_personal: bool) -> SettingsAnswer:
        chosen = {"weekday": at.weekday, "minute": at.minute, "wants_personal": wants_personal}
        return self._answer(slack_id, SettingsChange.SAVED, **chosen)

    def _answer(self, slack_id: str, change: SettingsChange | None, **changes: Any) -> SettingsAnswer:
        if self.failure:
            raise self.failure
        choice = replace(self.choices.get(slack_id, DigestChoice()), **changes)
        if change:
            self.changes.append(f"{slack_id} {change.value}")
            self.choices[slack_id] = choice
        at = DigestClock(None, None, choice.weekday, choice.minute).moment(self.usual)
        comes = None if choice.is_paused else NOON
        return SettingsAnswer(
            choice, at.weekday, at.minute, "UTC", has_reports=True, next_digest=comes, change=change
        )


class NoAlerts:
    """Nobody may know of any alert."""

    def look(self, slack_id: str, number: int) -> AlertDetails:
        raise UserError(NOT_FOR_YOU)

    def answer(self, slack_id: str, number: int, reply: Reply, now: datetime) -> AlertDetails:
        raise UserError(NOT_FOR_YOU)


class NoChoices:
    """Nobody may set what is worth an alert."""

    def open(self, slack_id: str) -> NotForYou:
        return NotForYou()

    def check(self, slack_id: str, draft: ChoiceDraft) -> NotForYou:
        return NotForYou()

    def save(self, slack_id: str, draft: ChoiceDraft, after: int, now: datetime) -> NotForYou:
        return NotForYou()

    def use(self, slack_id: str, sensitivity: Sensitivity, after: int, now: datetime) -> NotForYou:
        return NotForYou()

    def reset(self, slack_id: str, after: int, now: datetime) -> NotForYou:
        return NotForYou()


class NoPlans:
    """Nobody may end any plan."""

    def end(self, slack_id: str, number: int, now: datetime) -> NotForYou:
        return NotForYou()


class NobodyAsked:
    """Nobody was asked anything."""

    def check(self, slack_id: str, number: int) -> None:
        raise UserError(NOT_FOR_YOU)

    def answer(self, slack_id: str, number: int, reply: OwnReply, now: datetime) -> None:
        raise UserError(NOT_FOR_YOU)


class KeptBudgets:
    """Budgets that anybody may edit, of which nothing is kept but what was done."""

    budget = Budget(7, Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 10**9, (50, 100), 2, NOON.date())

    def __init__(self) -> None:
        self.changes: list[str] = []

    def open(self, slack_id: str, number: int | None, now: datetime) -> Form:
        return Form(None if number is None else self.budget, has_price=True)

    def check(self, slack_id: str, draft: Draft, seen: Seen | None, now: datetime) -> None:
        return None

    def save(self, slack_id: str, draft: Draft, seen: Seen | None, now: datetime) -> Budget:
        self.changes.append(f"{slack_id} saved")
        return self.budget

    def remove(self, slack_id: str, seen: Seen, now: datetime) -> Budget:
        self.changes.append(f"{slack_id} removed")
        return self.budget


def nothing_for_you(slack_id: str, text: str, now: datetime) -> Answer:
    """What somebody reads who may see nothing."""
    return NotForYou()


@dataclass
class Rig:
    """A running bot without features: Slack's side is `post`, `catcher` and `people`."""

    answer: Answering = echo
    home: Home = field(default_factory=Home)
    readiness: Callable[[datetime], Readiness] = lambda _: Readiness(ready=True)
    socket_mode: bool = False
    clock: Callable[[], datetime] = lambda: NOON
    people: list[SlackPerson] = field(default_factory=list)
    compose_home: ComposeHome = home_of
    settings: Settling = field(default_factory=Kept)
    alerts: Alerting = field(default_factory=NoAlerts)
    choices: Choosing = field(default_factory=NoChoices)
    budgets: Budgeting = field(default_factory=KeptBudgets)
    plans: Ending = field(default_factory=NoPlans)
    own: Owning = field(default_factory=NobodyAsked)
    answer_budgets: Callable[[str, str, datetime], Answer] = nothing_for_you
    views: Viewing = field(default_factory=Nowhere)
    api_url: str = ""

    def __enter__(self) -> Self:
        self._closing = ExitStack()
        self.catcher = AnswerCatcher()
        self._closing.callback(self.catcher.close)
        client = self._closing.enter_context(httpx.Client(timeout=5, trust_env=False, verify=False))
        self.registry = CollectorRegistry()
        metrics = Metrics(self.registry, "1.2.3")
        responder = Responder(client, api_url=self.api_url or self.catcher.url)
        self.commands = SlashCommands(self.answer, responder, metrics, self.clock)
        self.directory = DirectoryEvents(self.people.append, metrics, self.clock)
        self._closing.callback(self.commands.close, 5)
        self._closing.callback(self.directory.close, 5)
        self.interactions = self._build_interactions(responder, metrics)
        self._closing.callback(self.interactions.close, 5)
        self.app = build_bolt(self.commands, self.interactions, self.directory, home=lambda: self.home)
        slack = None if self.socket_mode else SlackInbound(self.app, Signatures(SECRET), metrics, self.clock)
        application = WebApplication(self.readiness, self.registry, slack, self.clock)
        self.server = WebServer(application, host="127.0.0.1", port=0)
        self.server.start()
        self._closing.callback(self.server.stop)
        base = f"http://127.0.0.1:{self.server.port}"
        self.http = self._closing.enter_context(
            httpx.Client(base_url=base, timeout=10, trust_env=False, verify=False)
        )
        return self

    def _build_interactions(self, responder: Responder, metrics: Metrics) -> Interactions:
        presses = Presses(self.commands, responder, self.views, metrics, self.clock)
        home_tab = HomeTab(self.compose_home, self.views, metrics, self.clock)
        desk = SettingsDesk(self.settings, presses, responder, self.views, home_tab.publish, self.clock)
        alerts = AlertDesk(self.alerts, presses, responder, self.views, self.clock)
        own = OwnDesk(self.own, presses, self.views, self.clock)
        PlanDesk(self.plans, presses, responder, self.clock)
        budgets = BudgetDesk(self.budgets, self.answer_budgets, presses, responder, self.views, self.clock)
        chooser = AlertSettingsDesk(self.choices, presses, responder, self.views, self.clock)
        return Interactions(presses, desk, alerts, budgets, chooser, home_tab, own)

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Posts to the bot as Slack does; genuinely, unless other headers are given."""
        return self.http.post(
            "/slack/events", content=body, headers=signed(body) if headers is None else headers
        )

    def ask(self, text: str, **changes: str) -> httpx.Response:
        """Carol types the command."""
        return self.post(command_form(text, self.catcher.url, **changes))

    def tell(self, event: Mapping[str, Any], event_id: str = "Ev0001", **changes: object) -> httpx.Response:
        """Slack tells of an event."""
        body = event_json(event, event_id, **changes)
        return self.post(body, signed(body, "application/json"))

    def count(self, name: str, **labels: str) -> float:
        """A counter's value."""
        return self.registry.get_sample_value(f"codex_usage_{name}", labels) or 0.0
