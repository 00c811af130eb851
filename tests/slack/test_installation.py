"""What Slack says about the app, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.core.checks import Installation
from bot.errors import DeliveryError
from bot.slack.installation import SlackInstallation
from tests.slack.scripted import Reply, ScriptedSlack


@pytest.fixture
def installation(slack: ScriptedSlack) -> SlackInstallation:
    client = WebClient("xoxb-secret", base_url=f"{slack.url}/api/", retry_handlers=[])
    return SlackInstallation(client, "xapp-secret")


@pytest.mark.parametrize(
    ("headers", "scopes"),
    [
        ({"X-OAuth-Scopes": "commands, chat:write,users:read"}, {"commands", "chat:write", "users:read"}),
        ({}, None),
    ],
)
def test_who_the_bot_is(
    slack: ScriptedSlack, installation: SlackInstallation, headers: dict[str, str], scopes: set[str] | None
) -> None:
    """Without the header nothing is known about the scopes; that is not the same as having none."""
    slack.says(Reply(200, json.dumps({"ok": True, "team": "Acme", "user": "codex"}), headers))

    expected = None if scopes is None else frozenset(scopes)
    assert installation.fetch_installation() == Installation(team="Acme", bot="codex", scopes=expected)


def test_socket_mode_is_asked_for_with_the_app_token(
    slack: ScriptedSlack, installation: SlackInstallation
) -> None:
    slack.says((200, {"ok": True, "url": "wss://example.com"}))
    installation.check_app_token()

    assert [path for path, _ in slack.requests] == ["/api/apps.connections.open"]


@pytest.mark.parametrize(
    ("channel", "is_member"),
    [
        ({"is_member": True}, True),
        ({"is_member": True, "is_archived": True}, False),
        ({"is_member": False}, False),
        ({}, False),
    ],
)
def test_whether_the_bot_can_post(
    slack: ScriptedSlack,
    installation: SlackInstallation,
    channel: dict[str, Any],
    is_member: bool,  # noqa: FBT001  # a column of the table
) -> None:
    slack.says((200, {"ok": True, "channel": channel}))

    assert installation.is_member_of("C1") is is_member


CALLS: list[Callable[[SlackInstallation], object]] = [
    lambda installation: installation.fetch_installation(),
    lambda installation: installation.check_app_token(),
    lambda installation: installation.is_member_of("C1"),
]


@pytest.mark.parametrize("call", CALLS, ids=["auth", "socket", "channel"])
@pytest.mark.parametrize(
    ("answer", "word", "is_permanent"),
    [
        ((200, {"ok": False, "error": "invalid_auth"}), "invalid_auth", True),
        ((0, ""), "no answer", False),
        ((200, "not json"), "http_200|no answer", False),
        ((200, [1]), "no answer", False),
        ((503, "away"), "http_503", False),
    ],
)
def test_what_goes_wrong_is_our_error_and_names_no_token(
    slack: ScriptedSlack,
    installation: SlackInstallation,
    call: Callable[[SlackInstallation], object],
    answer: tuple[int, Any],
    word: str,
    is_permanent: bool,  # noqa: FBT001  # a column of the table
) -> None:
    slack.says(answer)

    with pytest.raises(DeliveryError, match=word) as caught:
        call(installation)
    assert caught.value.permanent is is_permanent
    assert "secret" not in str(caught.value)
