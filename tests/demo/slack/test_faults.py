"""Faults: what the caller sees, and what Slack did all the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.demo.slack import SlackServer

POST = "chat.postMessage"


def texts(slack: SlackServer) -> list[str]:
    return [message["text"] for message in slack.dms_to("UBOB")]


@pytest.mark.parametrize(("after_accept", "stored"), [(False, []), (True, ["x"])])
def test_a_server_error_before_or_after_the_message_was_taken(
    client: WebClient, slack: SlackServer, *, after_accept: bool, stored: list[str]
) -> None:
    slack.faults.status(POST, 503, after_accept=after_accept)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="UBOB", text="x")
    assert caught.value.response.status_code == 503
    assert texts(slack) == stored


@pytest.mark.parametrize(("after_accept", "stored"), [(False, []), (True, ["x"])])
def test_a_reset_before_or_after_the_message_was_taken(
    client: WebClient, slack: SlackServer, *, after_accept: bool, stored: list[str]
) -> None:
    slack.faults.reset(POST, after_accept=after_accept)
    with pytest.raises(ConnectionError):
        client.chat_postMessage(channel="UBOB", text="x")
    assert texts(slack) == stored


def test_a_late_answer_comes_after_the_message(slack: SlackServer) -> None:
    impatient = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=1)
    slack.faults.late(POST, seconds=30)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel="UBOB", text="x")
    assert texts(slack) == ["x"]
    slack.stop()
    assert time.monotonic() - started < 10


def test_an_ambiguous_word_after_the_message(
    client: WebClient, slack: SlackServer, refusal: Callable[..., Any]
) -> None:
    slack.faults.error(POST, "fatal_error", after_accept=True)
    assert refusal(client.chat_postMessage, channel="UBOB", text="x")["error"] == "fatal_error"
    assert texts(slack) == ["x"]


def test_a_burst_of_429_is_outlasted_by_the_real_retry_handler(slack: SlackServer) -> None:
    handler = RateLimitErrorRetryHandler(max_retry_count=1)
    patient = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[handler])
    slack.faults.rate_limited(POST, retry_after=0)
    patient.chat_postMessage(channel="UBOB", text="x")
    assert texts(slack) == ["x"]
    assert [call.status for call in slack.workspace.calls_to(POST)] == [429, 200]


def test_a_page_for_people_or_broken_json_is_no_answer(client: WebClient, slack: SlackServer) -> None:
    slack.faults.html(POST, 200)
    slack.faults.truncated(POST, after_accept=False)
    for _ in range(2):
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel="UBOB", text="x")
    assert texts(slack) == []


def test_a_fault_is_used_up_and_can_be_cleared(client: WebClient, slack: SlackServer) -> None:
    slack.faults.status("*", 500)
    with pytest.raises(SlackApiError):
        client.auth_test()
    client.auth_test()
    slack.faults.status("*", 500, times=5)
    slack.faults.clear()
    client.auth_test()
