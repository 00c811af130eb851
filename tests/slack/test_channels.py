"""Who can read a channel, as far as Slack says so."""

from __future__ import annotations

import httpx
import pytest

from bot.demo.slack import SlackServer
from bot.demo.slack.exchange import json_answer
from bot.demo.slack.faults import Fault
from bot.slack.calls import WebApi
from bot.slack.channels import SlackChannels
from tests.slack.test_posting import client as client  # noqa: PLC0414 - a fixture
from tests.slack.test_posting import slack as slack  # noqa: PLC0414 - a fixture


@pytest.fixture
def channels(slack: SlackServer, client: httpx.Client) -> SlackChannels:
    slack.installation.grant("channels:read", "groups:read")
    return SlackChannels(WebApi(client, api_url=slack.api_url, token=slack.bot_token))


def test_a_channel_is_public_or_private(slack: SlackServer, channels: SlackChannels) -> None:
    public = slack.workspace.add_channel("finance", has_bot=True)
    private = slack.workspace.add_channel("board", private=True, has_bot=True)
    assert (channels.is_private(public), channels.is_private(private)) == (False, True)


def test_a_channel_that_is_not_told_of_is_unknown(slack: SlackServer, channels: SlackChannels) -> None:
    assert channels.is_private("C0NOWHERE") is None
    slack.faults.error("conversations.info", "missing_scope")
    assert channels.is_private("C0NOWHERE") is None


@pytest.mark.parametrize(
    ("told", "is_private"),
    [
        ({"is_private": True, "is_ext_shared": True}, False),
        ({"is_private": True, "is_ext_shared": False}, True),
        ({"is_private": "yes"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_only_what_is_said_clearly_counts(
    slack: SlackServer, channels: SlackChannels, told: object, *, is_private: bool | None
) -> None:
    fault = Fault("replace", after_accept=False, answer=json_answer({"ok": True, "channel": told}))
    slack.faults._add("conversations.info", fault, 1)
    assert channels.is_private("C1") is is_private
