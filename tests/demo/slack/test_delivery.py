"""Commands, presses, submissions and events reach a real Bolt app, over Socket Mode and over signed HTTP."""

from __future__ import annotations

import http.server
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.demo.slack import Clock, SlackServer, build_member

BUTTON = {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}, "value": "7"}
TITLE = {"type": "plain_text", "text": "Budget"}
DIVIDER = {"type": "divider"}
MODAL = {
    "type": "modal",
    "callback_id": "budget",
    "title": TITLE,
    "submit": TITLE,
    "blocks": [
        {
            "type": "input",
            "block_id": "amount",
            "label": TITLE,
            "element": {"type": "number_input", "is_decimal_allowed": False, "action_id": "v"},
        }
    ],
}


class Heard:
    """What the app heard, and the app."""

    def __init__(self, slack: SlackServer) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.retries: list[str] = []
        self.client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        self.app = App(client=self.client, signing_secret=slack.signing_secret)
        self.app.command("/codex-usage")(self.on_command)
        self.app.action("more")(self.on_press)
        self.app.view("budget")(self.on_submit)
        self.app.view_closed("budget")(self.on_close)
        for event in ("app_home_opened", "user_change", "team_join", "app_uninstalled", "message"):
            self.app.event(event)(self.on_event)

    def on_command(self, ack: Any, respond: Any, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        match body["text"]:
            case "in ack":
                ack("at once")
            case "invalid ack":
                ack(text="x", blocks=[{"type": "nonsense"}])
            case "slow":
                time.sleep(0.8)
                ack()
            case "replace":
                ack(":hourglass:")
                respond(text="done", replace_original=True)
            case "modal":
                self.client.views_open(trigger_id=body["trigger_id"], view=MODAL)
                ack()
            case _:
                ack()
                blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
                respond(text=f"you said {body['text']}", blocks=blocks)

    def on_press(self, ack: Any, respond: Any, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        ack()
        if "response_url" in body:
            respond(text="more", replace_original=True)

    def on_submit(self, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        self.bodies.append(body)
        amount = view["state"]["values"]["amount"]["v"]["value"]
        if amount == "0":
            ack(response_action="errors", errors={"amount": "Must be positive"})
        elif amount in {"1", "2"}:
            ack(response_action="update" if amount == "1" else "push", view={**MODAL, "blocks": [DIVIDER]})
        elif amount == "3":
            ack(response_action="update", view={"type": "modal"})
        else:
            ack()

    def on_close(self, ack: Any, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        ack()

    def on_event(self, body: dict[str, Any], request: Any) -> None:
        self.bodies.append(body)
        self.retries.append((request.headers.get("x-slack-retry-num") or ["none"])[0])
        event = body["event"]
        if event["type"] == "app_home_opened":
            section = {"type": "section", "text": {"type": "mrkdwn", "text": "Welcome"}}
            self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})


@pytest.fixture
def heard(slack: SlackServer) -> Heard:
    return Heard(slack)


@pytest.fixture
def over_socket(slack: SlackServer, heard: Heard) -> Iterator[SocketModeHandler]:
    web_client = WebClient(base_url=slack.api_url)
    handler = SocketModeHandler(heard.app, slack.app_token, web_client=web_client, ping_interval=0.3)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt's own
    slack.socket_mode.wait_for_connection()
    yield handler
    handler.close()  # type: ignore[no-untyped-call]  # Bolt's own


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""


@pytest.fixture
def over_http(slack: SlackServer, heard: Heard) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, SlackRequestHandler(heard.app), handler_class=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/slack/events"
    slack.deliver_to(url)
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["over_socket", "over_http"])
def either_way(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.mark.usefixtures("either_way")
def test_a_command_is_answered_through_its_response_url(slack: SlackServer, heard: Heard) -> None:
    assert slack.ask("UBOB", "me 28d")["text"] == "you said me 28d"
    body = heard.bodies[0]
    assert (body["user_id"], body["command"], body["channel_name"]) == ("UBOB", "/codex-usage", "general")
    assert slack.replies_to("UALICE") == []


@pytest.mark.usefixtures("either_way")
def test_an_answer_in_the_acknowledgement_is_shown(slack: SlackServer) -> None:
    ack = slack.slash("UBOB", "in ack")
    assert (ack.ok, ack.status) == (True, 200)
    assert [one["text"] for one in slack.replies_to("UBOB")] == ["at once"]


@pytest.mark.usefixtures("either_way")
def test_a_reply_may_replace_the_acknowledgement(slack: SlackServer) -> None:
    slack.slash("UBOB", "replace")
    assert slack.wait_for_reply("UBOB", 2)["text"] == "done"
    assert [one["text"] for one in slack.replies_to("UBOB")] == ["done"]
    assert [one["text"] for one in slack.workspace.shown_to("UBOB")] == [":hourglass:", "done"]


@pytest.mark.usefixtures("either_way")
def test_invalid_blocks_in_an_acknowledgement_are_shown_to_nobody(slack: SlackServer) -> None:
    assert slack.slash("UBOB", "invalid ack").error == "invalid_command_response"
    assert slack.replies_to("UBOB") == []


@pytest.mark.usefixtures("either_way")
def test_an_app_that_takes_too_long_times_out(slack: SlackServer) -> None:
    ack = slack.slash("UBOB", "slow")
    assert (ack.status, ack.error) == (None, "operation_timeout")
    assert ack.milliseconds >= 500


@pytest.mark.usefixtures("either_way")
def test_a_press_on_an_ephemeral_message_replaces_it(slack: SlackServer, heard: Heard) -> None:
    reply = slack.ask("UBOB", "me")
    assert slack.press("UBOB", reply, "more").ok
    slack.workspace.wait_until(lambda: slack.replies_to("UBOB")[-1]["text"] == "more")
    assert len(slack.replies_to("UBOB")) == 1
    body = heard.bodies[-1]
    assert (body["actions"][0]["value"], body["container"]["is_ephemeral"]) == ("7", True)
    assert "message" not in body


@pytest.mark.usefixtures("either_way")
def test_a_press_on_a_direct_message_carries_the_message(slack: SlackServer, heard: Heard) -> None:
    blocks = [{"type": "section", "text": TITLE, "accessory": BUTTON}]
    heard.client.chat_postMessage(channel="UBOB", text="digest", blocks=blocks)
    slack.press("UBOB", slack.dms_to("UBOB")[0], "more")
    slack.workspace.wait_until(lambda: slack.dms_to("UBOB")[0]["text"] == "more")
    assert heard.bodies[-1]["message"]["text"] == "digest"
    with pytest.raises(LookupError, match="nothing to press is called less"):
        slack.press("UBOB", {**slack.dms_to("UBOB")[0], "blocks": blocks}, "less")


@pytest.mark.usefixtures("either_way")
def test_a_modal_is_opened_corrected_and_submitted(slack: SlackServer, heard: Heard) -> None:
    slack.slash("UBOB", "modal")
    (modal,) = slack.workspace.modals_of("UBOB")
    assert modal["callback_id"] == "budget"
    with pytest.raises(ValueError, match="amount"):
        slack.submit("UBOB")
    ack = slack.submit("UBOB", {"amount": "0"})
    assert ack.payload == {"response_action": "errors", "errors": {"amount": "Must be positive"}}
    assert len(slack.workspace.modals_of("UBOB")) == 1
    assert slack.submit("UBOB", {"amount": "5000"}).ok
    assert slack.workspace.modals_of("UBOB") == []


@pytest.mark.usefixtures("either_way")
def test_the_home_tab_is_published_when_it_is_opened(slack: SlackServer, heard: Heard) -> None:
    assert slack.open_home("UBOB").ok
    slack.workspace.wait_until(lambda: slack.home_of("UBOB"))
    home = slack.home_of("UBOB")
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "Welcome"
    slack.open_home("UBOB")
    slack.workspace.wait_until(lambda: any("view" in body["event"] for body in heard.bodies))
    told = [body["event"]["view"]["id"] for body in heard.bodies if "view" in body["event"]]
    assert told == [home["id"]]


@pytest.mark.usefixtures("either_way")
def test_the_app_hears_of_people_as_far_as_its_scopes_go(slack: SlackServer, heard: Heard) -> None:
    slack.workspace.change_member("UBOB", profile={"email": "bob@new.example"})
    slack.installation.withdraw("users:read.email")
    slack.workspace.add_member(build_member("Gail"))
    slack.installation.withdraw("users:read")
    slack.workspace.add_member(build_member("Henry"))
    slack.workspace.wait_until(lambda: len(heard.bodies) == 2)
    changed, joined = (body["event"]["user"] for body in heard.bodies)
    assert changed["profile"]["email"] == "bob@new.example"
    assert (joined["id"], "email" in joined["profile"]) == ("UGAIL", False)


def test_typed_names_and_addresses_arrive_escaped(
    slack: SlackServer, heard: Heard, over_socket: SocketModeHandler
) -> None:
    slack.ask("UALICE", "team @Bob 7d")
    slack.ask("UALICE", "team <@UBOB> carol@example.com & @Nobody <b>")
    slack.installation.should_escape = False
    slack.ask("UALICE", "team @Bob")
    assert [body["text"] for body in heard.bodies] == [
        "team <@UBOB|bob> 7d",
        "team <@UBOB> <mailto:carol@example.com|carol@example.com> &amp; @Nobody &lt;b&gt;",
        "team @Bob",
    ]


def test_only_people_who_are_there_type_commands_that_exist(slack: SlackServer) -> None:
    for user_id, command in (("UZOE", "/codex-usage"), ("U404", "/codex-usage"), ("UBOB", "/other")):
        with pytest.raises(LookupError):
            slack.slash(user_id, "me", command=command)


def test_without_an_app_a_command_fails_and_events_wait(slack: SlackServer) -> None:
    assert slack.slash("UBOB", "me").error == "dispatch_failed"
    assert slack.event({"type": "app_uninstalled"}).error == "dispatch_failed"
    assert len(slack.delivery.undelivered) == 1


def test_an_event_that_was_missed_comes_again_with_its_number(
    slack: SlackServer, heard: Heard, request: pytest.FixtureRequest
) -> None:
    slack.event({"type": "app_uninstalled"}, event_id="Ev1")
    request.getfixturevalue("over_socket")
    (ack,) = slack.delivery.retry_events()
    assert (ack.ok, ack.attempts) == (True, 3)
    slack.workspace.wait_until(lambda: heard.bodies)
    assert (heard.bodies[0]["event_id"], heard.retries) == ("Ev1", ["2"])
    assert slack.delivery.retry_events() == []


def test_a_client_that_is_asked_to_leave_comes_back(
    slack: SlackServer, over_socket: SocketModeHandler
) -> None:
    slack.socket_mode.disconnect("refresh_requested")
    slack.socket_mode.wait_for_connection()
    assert slack.ask("UBOB", "again")["text"] == "you said again"
    assert len(slack.workspace.calls_to("apps.connections.open")) == 2


def test_every_open_connection_gets_its_share(slack: SlackServer, over_socket: SocketModeHandler) -> None:
    other_app = Heard(slack)
    other = SocketModeHandler(other_app.app, slack.app_token, web_client=WebClient(base_url=slack.api_url))
    other.connect()  # type: ignore[no-untyped-call]  # Bolt's own
    slack.socket_mode.wait_for_connection(2)
    for number in range(12):
        slack.ask("UBOB", str(number))
    other.close()  # type: ignore[no-untyped-call]  # Bolt's own
    assert 0 < len(other_app.bodies) < 12


def test_a_ticket_opens_one_connection(slack: SlackServer) -> None:
    app = WebClient(base_url=slack.api_url)
    url = app.apps_connections_open(app_token=slack.app_token)["url"]
    with connect(url) as connection:
        assert '"type": "hello"' in str(connection.recv())
        connection.ping().wait(2)
        with pytest.raises(InvalidStatus):
            connect(url).__enter__()


def test_a_tampered_request_is_refused_by_the_app(slack: SlackServer, over_http: str) -> None:
    slack.slash("UBOB", "me")
    assert slack.signed_http is not None
    sent = slack.signed_http.sent[0]
    forged = type(sent)(sent.url, sent.body + b"x", sent.headers)
    assert slack.signed_http.post(forged).status == 401
    slack.deliver_to(over_http, clock=lambda: time.time() - 400)
    assert slack.slash("UBOB", "me").status == 401


def test_a_response_url_has_five_uses_in_thirty_minutes(slack: SlackServer, clock: Clock) -> None:
    def use(path: str, **content: Any) -> tuple[int, str]:
        answer = WebhookClient(slack.base_url + path).send_dict(content or {"text": "x"})
        return answer.status_code, answer.body

    path = slack.response_urls.issue("commands", "C0GENERAL1", "UBOB")
    slack.response_urls.settle(path, None)
    assert use(path, text="x", blocks=[{"type": "nonsense"}]) == (
        400,
        '{"ok": false, "error": "invalid_blocks"}',
    )
    assert use(path, text="all", response_type="in_channel") == (200, '{"ok": true}')
    assert [one["text"] for one in slack.messages_in("general")] == ["all"]
    assert use(path, delete_original=True)[0] == 200
    assert slack.messages_in("general") == []
    assert [use(path)[0] for _ in range(3)] == [200, 200, 404]
    assert use(path) == (404, '{"ok": false, "error": "used_url"}')
    other = slack.response_urls.issue("commands", "C0GENERAL1", "UBOB")
    clock.pass_time(30 * 60 + 1)
    assert use(other) == (404, '{"ok": false, "error": "expired_url"}')
    assert use("/commands/T1/404/hook")[0] == 404
    assert len(slack.replies_to("UBOB")) == 2


def test_a_response_url_takes_json_alone_and_has_faults(slack: SlackServer) -> None:
    path = slack.response_urls.issue("commands", "C0GENERAL1", "UBOB")
    slack.response_urls.settle(path, None)
    for body in (b"text=x", b"[]"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(slack.base_url + path, body, timeout=5)
        assert caught.value.read() == b'{"ok": false, "error": "invalid_payload"}'
        caught.value.close()
    slack.faults.reset("response_url", after_accept=True)
    with pytest.raises(ConnectionError):
        urllib.request.urlopen(slack.base_url + path, b'{"text": "x"}', timeout=5)
    assert len(slack.replies_to("UBOB")) == 1


def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: SlackServer, client: WebClient, clock: Clock
) -> None:
    def open_view(trigger_id: str) -> str:
        with pytest.raises(SlackApiError) as caught:
            client.views_open(trigger_id=trigger_id, view=MODAL)
        return str(caught.value.response["error"])

    trigger = slack.workspace.triggers.issue("UBOB")
    clock.pass_time(2.9)
    client.views_open(trigger_id=trigger, view=MODAL)
    assert open_view(trigger) == "exchanged_trigger_id"
    late = slack.workspace.triggers.issue("UBOB")
    clock.pass_time(3.1)
    assert open_view(late) == "expired_trigger_id"
    assert open_view("1.2.3") == "invalid_trigger_id"


def test_views_have_hashes_a_stack_of_three_and_slacks_words(
    slack: SlackServer, client: WebClient, refusal: Callable[..., Any]
) -> None:
    issue = slack.workspace.triggers.issue
    first = client.views_open(trigger_id=issue("UBOB"), view=MODAL)["view"]
    client.views_update(view_id=first["id"], hash=first["hash"], view=MODAL)
    stale = refusal(client.views_update, view_id=first["id"], hash=first["hash"], view=MODAL)
    assert stale["error"] == "hash_conflict"
    for _ in range(2):
        client.views_push(trigger_id=issue("UBOB"), view=MODAL)
    fourth = refusal(client.views_push, trigger_id=issue("UBOB"), view=MODAL)
    assert fourth["error"] == "push_limit_reached"
    wrong = refusal(client.views_publish, user_id="UBOB", view={"type": "home", "blocks": [{"type": "x"}]})
    assert wrong["error"] == "invalid_arguments"
    assert wrong["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: x [json-pointer:/view/blocks/0/type]"
    ]
    slack.installation.home_tab_enabled = False
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert refusal(client.views_publish, user_id="UBOB", view=home)["error"] == "not_enabled"
    assert refusal(client.views_update, view_id="V404", view=MODAL)["error"] == "not_found"


class Script(http.server.BaseHTTPRequestHandler):
    """An app that answers as it was told and notes Slack's retry headers."""

    answers: ClassVar[list[tuple[int, dict[str, str]]]] = []
    heard: ClassVar[list[tuple[str | None, str | None]]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.headers["X-Slack-Retry-Num"], self.headers["X-Slack-Retry-Reason"]))
        status, headers = self.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""


@pytest.fixture
def script(slack: SlackServer) -> Iterator[type[Script]]:
    Script.answers, Script.heard = [], []
    with http.server.HTTPServer(("127.0.0.1", 0), Script) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        slack.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")
        yield Script
        server.shutdown()
        thread.join()


def test_over_http_a_failed_event_comes_three_more_times(slack: SlackServer, script: type[Script]) -> None:
    script.answers = [(500, {})] * 4
    assert slack.event({"type": "app_uninstalled"}).attempts == 2
    assert [ack.attempts for ack in slack.delivery.retry_events()] == [3]
    assert [ack.attempts for ack in slack.delivery.retry_events()] == [4]
    assert slack.delivery.retry_events() == []
    assert script.heard[:2] == [(None, None), ("1", "http_error")]
    assert [number for number, _reason in script.heard] == [None, "1", "2", "3"]


def test_an_app_may_refuse_to_hear_an_event_again(slack: SlackServer, script: type[Script]) -> None:
    script.answers = [(500, {"X-Slack-No-Retry": "1"})]
    assert slack.event({"type": "app_uninstalled"}).attempts == 1
    assert slack.delivery.undelivered == []


@pytest.mark.usefixtures("over_http")
def test_a_submission_may_be_answered_with_another_view(slack: SlackServer) -> None:
    def blocks_after(amount: str) -> list[list[str]]:
        slack.slash("UBOB", "modal")
        slack.submit("UBOB", {"amount": amount})
        return [[block["type"] for block in view["blocks"]] for view in slack.workspace.modals_of("UBOB")]

    assert blocks_after("1") == [["divider"]]
    assert blocks_after("2") == [["input"], ["divider"]]
    slack.slash("UBOB", "modal")
    assert slack.submit("UBOB", {"amount": "3"}).error == "invalid_arguments"


CLOSING: dict[str, Any] = {**MODAL, "notify_on_close": True}


@pytest.mark.usefixtures("over_socket")
def test_an_app_hears_of_a_closed_modal_only_where_it_asked(slack: SlackServer, heard: Heard) -> None:
    views = slack.workspace.views
    opened = views.open("UBOB", MODAL)
    views.push("UBOB", CLOSING)
    (ack,) = slack.delivery.close("UBOB")
    assert ack.ok
    assert (heard.bodies[-1]["type"], heard.bodies[-1]["is_cleared"]) == ("view_closed", False)
    assert [view["id"] for view in slack.workspace.modals_of("UBOB")] == [opened["id"]]
    assert slack.delivery.close("UBOB") == []
    assert slack.workspace.modals_of("UBOB") == []


@pytest.mark.usefixtures("over_socket")
@pytest.mark.parametrize(
    ("top", "everything"), [(CLOSING, True), ({**CLOSING, "clear_on_close": True}, False)]
)
def test_a_whole_stack_is_closed_from_the_top(
    slack: SlackServer, heard: Heard, *, top: dict[str, Any], everything: bool
) -> None:
    opened = [slack.workspace.views.open("UBOB", CLOSING), slack.workspace.views.push("UBOB", top)]
    slack.delivery.close("UBOB", everything=everything)
    told = [(body["view"]["id"], body["is_cleared"]) for body in heard.bodies]
    assert told == [(opened[1]["id"], True), (opened[0]["id"], True)]
    assert slack.workspace.modals_of("UBOB") == []


@pytest.mark.usefixtures("over_socket")
def test_a_plain_message_is_told_only_to_an_app_that_is_there_and_subscribed(
    slack: SlackServer, heard: Heard
) -> None:
    team = slack.workspace.add_channel("team", private=True, has_bot=True, people=["UBOB"])
    slack.delivery.say("UBOB", "hello @Alice", team)
    slack.installation.events.add("message.groups")
    slack.delivery.say("UBOB", "again", team)
    slack.delivery.say("UBOB", "elsewhere", "C0GENERAL1")
    slack.workspace.wait_until(lambda: heard.bodies)
    assert [body["event"]["text"] for body in heard.bodies] == ["again"]
    assert heard.bodies[0]["event"]["channel_type"] == "group"
    assert [one["text"] for one in slack.messages_in(team)] == ["hello <@UALICE|alice>", "again"]
    assert slack.workspace.seen_by("UALICE", team) == []
    assert [one.name for one in slack.workspace.conversations_of("UALICE")] == ["general"]


@pytest.mark.usefixtures("over_socket")
def test_a_press_carries_what_the_fields_hold(slack: SlackServer, heard: Heard) -> None:
    picker = {"type": "users_select", "action_id": "who"}
    home = {"type": "home", "blocks": [{"type": "actions", "block_id": "b", "elements": [BUTTON, picker]}]}
    shown = slack.workspace.views.publish("UBOB", home, None)
    slack.delivery.press("UBOB", shown, "more", block_id="b", values={"b": {"who": "UALICE"}})
    state = heard.bodies[-1]["view"]["state"]["values"]
    assert state == {"b": {"who": {"type": "users_select", "selected_user": "UALICE"}}}
