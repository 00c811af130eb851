"""A small Slack app over Socket Mode, with everything that a person can press, choose and fill in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.demo.slack import SlackServer

Json = dict[str, Any]
SLOW_SECONDS = 1.4
"""More than the tests give the app."""


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **fields: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **fields}


def button(text: str, action_id: str, **fields: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **fields}


CONFIRM = {
    "title": plain("Really?"),
    "text": plain("It is gone then."),
    "confirm": plain("Do it"),
    "deny": plain("No"),
}
CHOICES = [{"text": plain(word.title()), "value": word} for word in ("day", "week", "month")]
BUTTONS = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        button("More", "more", value="7"),
        button("Set a budget", "open"),
        button("Wait", "wait"),
        button("Forget it", "forget", style="danger", confirm=CONFIRM),
        {"type": "static_select", "action_id": "period", "placeholder": plain("Period"), "options": CHOICES},
        {"type": "overflow", "action_id": "menu", "options": CHOICES},
    ],
}
AMOUNT = {
    "type": "input",
    "block_id": "amount",
    "label": plain("Amount"),
    "element": {"type": "plain_text_input", "action_id": "value"},
}
NOTE = {
    "type": "input",
    "block_id": "note",
    "label": plain("Note"),
    "optional": True,
    "element": {"type": "plain_text_input", "action_id": "value", "multiline": True},
}


def modal(name: str, *blocks: Json, **fields: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": name,
        "title": plain(name.title()),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "blocks": list(blocks),
        **fields,
    }


BUDGET = modal(
    "budget", AMOUNT, NOTE, {"type": "actions", "block_id": "more", "elements": [button("Details", "push")]}
)


class SmallApp:
    """``heard`` has every body that came; what the app does follows from the words that are typed."""

    def __init__(self, slack: SlackServer) -> None:
        self.heard: list[Json] = []
        self.client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        self.app = App(client=self.client, signing_secret=slack.signing_secret)
        self.app.command("/codex-usage")(self.on_command)
        for action_id in ("more", "forget", "period", "menu", "home"):
            self.app.action(action_id)(self.on_use)
        self.app.action("open")(self.on_open)
        self.app.action("wait")(self.on_wait)
        self.app.action("push")(self.on_push)
        self.app.view("budget")(self.on_submit)
        self.app.view("details")(self.on_details)
        for name in ("budget", "details"):
            self.app.view_closed(name)(self.on_close)
        self.app.event("app_home_opened")(self.on_home)

    def on_command(self, ack: Any, respond: Any, body: Json) -> None:
        self.heard.append(body)
        match body["text"]:
            case "slow":
                time.sleep(SLOW_SECONDS)
                ack()
            case "file":
                ack()
                dm = self.client.conversations_open(users=body["user_id"])["channel"]["id"]
                self.client.files_upload_v2(channel=dm, filename="usage.csv", content="a,b\n", title="Usage")
            case _:
                ack()
                respond(text=body["text"], blocks=[section(f"You said {body['text']}"), BUTTONS])

    def on_use(self, ack: Any, body: Json, respond: Any = None) -> None:
        self.heard.append(body)
        ack()
        used = body["actions"][0]
        choice = (used.get("selected_option") or {}).get("value") or used.get("value")
        if "response_url" in body:
            respond(
                text="used",
                replace_original=True,
                blocks=[section(f"Used {used['action_id']}: {choice}"), BUTTONS],
            )

    def on_open(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_open(trigger_id=body["trigger_id"], view=BUDGET)

    def on_wait(self, ack: Any) -> None:
        time.sleep(SLOW_SECONDS)
        ack()

    def on_push(self, ack: Any, body: Json) -> None:
        ack()
        self.heard.append(body)
        self.client.views_push(trigger_id=body["trigger_id"], view=modal("details", section("All about it")))

    def on_submit(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        amount = body["view"]["state"]["values"]["amount"]["value"]["value"]
        if not amount.isdigit():
            ack(response_action="errors", errors={"amount": "A whole number, please."})
            return
        ack()
        self.client.chat_postMessage(channel=body["user"]["id"], text=f"The budget is {amount}.")

    def on_details(self, ack: Any) -> None:
        ack(response_action="clear")

    def on_close(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        ack()

    def on_home(self, body: Json) -> None:
        event = body["event"]
        if event["tab"] == "home":
            blocks = [section("Your week", accessory=button("Refresh", "home"))]
            self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


def start_app(slack: SlackServer) -> tuple[SmallApp, Callable[[], None]]:
    """The app, connected, and what closes it, which takes a second."""
    small = SmallApp(slack)
    handler = SocketModeHandler(
        small.app, slack.app_token, web_client=WebClient(base_url=slack.api_url), ping_interval=0.3
    )
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt's own
    slack.socket_mode.wait_for_connection()
    return small, handler.close


@contextmanager
def running_app(slack: SlackServer) -> Iterator[SmallApp]:
    """The app, connected, and closed at the end."""
    small, close = start_app(slack)
    try:
        yield small
    finally:
        close()
