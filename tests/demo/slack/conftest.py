"""The cast as Slack lists them, a workspace with a clock that tests move, the real clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.slack import Clock, SlackServer, build_member

CAST = ("Alice", "Bob", "Carol", "Dan", "Erin", "Finn", "Zoe")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackServer]:
    with SlackServer([build_member(name, deleted=name == "Zoe") for name in CAST], now=clock) as server:
        server.socket_mode.ack_seconds = 0.5
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def refusal() -> Callable[..., Any]:
    """Calls a method of the client that must be refused, and gives Slack's answer."""

    def call(method: Callable[..., Any], **arguments: Any) -> Any:
        with pytest.raises(SlackApiError) as caught:
            method(**arguments)
        return caught.value.response

    return call
