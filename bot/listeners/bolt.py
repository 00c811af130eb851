"""Which of our listeners Bolt calls for what.

Every listener only queues its work, after reading what a form is judged by, so Bolt runs it in the thread that
received the request (``process_before_response``): there is no pool of Bolt's that could run dry. Signatures,
replays and SSL checks are dealt with before Bolt, on the raw request; over Socket Mode there are none.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient

from bot.listeners.commands import SlashCommands
from bot.listeners.directory import EVENTS, DirectoryEvents
from bot.listeners.faults import fault_sentence, report_fault
from bot.listeners.home import Home
from bot.listeners.home_tab import EVENT as HOME_OPENED
from bot.listeners.interactions import Interactions
from bot.slack.alerts.ask import CALLBACK as OWN
from bot.slack.alerts.modal import CALLBACK as ALERT
from bot.slack.alerts_modal import CALLBACK as ALERT_SETTINGS
from bot.slack.budget_modal import CALLBACK as BUDGET
from bot.slack.settings_modal import CALLBACK as SETTINGS

COMMAND = "/codex-usage"
FOREIGN = "This bot serves another workspace, so it has nothing to show here."
ANY = re.compile("")

OK = 200
BAD_REQUEST = 400
TRY_AGAIN = 503

Taking = Callable[[Mapping[str, Any]], dict[str, str] | None]
"""Takes a form that was submitted; else what is wrong with it, by field."""

log = logging.getLogger(__name__)


def build_bolt(
    commands: SlashCommands,
    interactions: Interactions,
    directory: DirectoryEvents,
    *,
    command: str = COMMAND,
    home: Callable[[], Home] = Home,
) -> App:
    """The Bolt app. It calls nothing over the network; ``home`` is asked at every request."""
    app = _bare_app()
    _listen_to_commands(app, commands, command, home)
    _listen_to_interactions(app, interactions, home)

    def on_directory_event(ack: Ack, body: dict[str, Any]) -> BoltResponse:
        return _answer(ack, is_taken=_take_event(body, directory, home()))

    for event in EVENTS:
        app.event(event)(on_directory_event)
    app.error(_on_error)
    return app


def _listen_to_commands(app: App, commands: SlashCommands, command: str, home: Callable[[], Home]) -> None:
    def on_command(ack: Ack, body: dict[str, Any]) -> BoltResponse:
        if not home().is_addressed_by(body):
            return _say(ack, FOREIGN)
        refusal = commands.on_command(body)
        return _say(ack, refusal) if refusal else ack()

    def on_other_command(ack: Ack) -> BoltResponse:
        return _say(ack, f"This bot answers {command} only.")

    app.command(command)(on_command)
    app.command(ANY)(on_other_command)


def _listen_to_interactions(app: App, interactions: Interactions, home: Callable[[], Home]) -> None:
    def on_press(ack: Ack, body: dict[str, Any]) -> BoltResponse:
        if not home().is_addressed_by(body):
            interactions.presses.refuse(body, FOREIGN)
            return ack()
        return _answer(ack, is_taken=interactions.presses.on_press(body))

    def on_home_opened(ack: Ack, body: dict[str, Any]) -> BoltResponse:
        if not home().is_addressed_by(body):
            return ack()
        event_id = str(body.get("event_id") or "")
        return _answer(ack, is_taken=interactions.home_tab.on_opened(event_id, body["event"]))

    app.action(ANY)(on_press)
    app.view_submission(SETTINGS)(_on_submission(interactions.settings.on_submission, home))
    app.view_submission(BUDGET)(_on_submission(interactions.budgets.on_submission, home))
    app.view_submission(ALERT_SETTINGS)(_on_submission(interactions.alert_settings.on_submission, home))
    app.view_submission(ALERT)(_on_submission(interactions.alerts.on_submission, home))
    app.view_submission(OWN)(_on_submission(interactions.own.on_submission, home))
    app.event(HOME_OPENED)(on_home_opened)


def _on_submission(take: Taking, home: Callable[[], Home]) -> Callable[..., BoltResponse]:
    def on_submission(ack: Ack, body: dict[str, Any]) -> BoltResponse:
        problems = take(body) if home().is_addressed_by(body) else None
        return ack(response_action="errors", errors=problems) if problems else ack()

    return on_submission


def _say(ack: Ack, text: str) -> BoltResponse:
    return ack(text=text, response_type="ephemeral")


def _answer(ack: Ack, *, is_taken: bool) -> BoltResponse:
    """What is not taken Slack sends again, or shows that nothing happened."""
    return ack() if is_taken else BoltResponse(status=TRY_AGAIN)


def _take_event(body: Mapping[str, Any], directory: DirectoryEvents, home: Home) -> bool:
    """False when Slack should send the event again; what is not about our people is passed over."""
    event = body["event"]
    member = event.get("user")
    if not isinstance(member, Mapping) or not member.get("id"):
        return True
    if not (home.is_addressed_by(body) and home.employs(member)):
        return True
    return directory.on_change(event["type"], str(body.get("event_id") or ""), member)


def _bare_app() -> App:
    quiet = logging.getLogger(f"{__name__}.app")
    quiet.setLevel(logging.ERROR)  # its warnings are advice to developers, with whole requests in them
    return App(
        name="codex-usage-bot",
        logger=quiet,
        client=WebClient(),
        authorize=_authorize,
        signing_secret="",  # given, so that Bolt does not look for one in the environment
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        token_verification_enabled=False,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
    )


def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """No listener calls Slack through Bolt, so that none needs a token, nor Slack to be up."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _on_error(error: Exception, request: BoltRequest) -> BoltResponse:
    if isinstance(error, BoltUnhandledRequestError):
        log.debug("Nothing listens to %s", request.body.get("type", "this request"))
        return BoltResponse(status=OK)
    fault_id = report_fault(log, "taking a request from Slack", error)
    if "command" in request.body:
        return BoltResponse(status=OK, body={"response_type": "ephemeral", "text": fault_sentence(fault_id)})
    return BoltResponse(status=BAD_REQUEST)
