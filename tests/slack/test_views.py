"""Modals and Home tabs on their way to Slack, over real HTTP."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.errors import DeliveryError
from bot.slack.modals import waiting_modal
from bot.slack.views import SlackViews
from tests.slack.scripted import Reply, ScriptedSlack

VIEW = waiting_modal()
OPENED = (200, {"ok": True, "view": {"id": "V1"}})
DONE = (200, {"ok": True})
BUSY = Reply(429, '{"ok": false, "error": "ratelimited"}', {"Retry-After": "7"})
FAULT = (500, {"ok": False, "error": "internal_error"})


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def views(slack: ScriptedSlack, pauses: list[float]) -> SlackViews:
    client = WebClient("xoxb-secret", base_url=f"{slack.url}/api/", retry_handlers=[])
    return SlackViews(client, sleep=pauses.append)


def refused(word: str) -> tuple[int, dict[str, object]]:
    return 200, {"ok": False, "error": word}


def test_a_modal_is_opened_in_one_attempt(
    slack: ScriptedSlack, views: SlackViews, pauses: list[float]
) -> None:
    slack.says(OPENED, BUSY, FAULT, refused("expired_trigger_id"))

    assert views.open_modal("1.2.3", VIEW) == "V1"
    for word in ("ratelimited", "internal_error", "expired_trigger_id"):
        with pytest.raises(DeliveryError) as raised:
            views.open_modal("1.2.3", VIEW)
        assert raised.value.word == word
    assert pauses == []


def test_an_answer_without_a_view_is_no_fault(slack: ScriptedSlack, views: SlackViews) -> None:
    slack.says(DONE)
    assert views.open_modal("1.2.3", VIEW) == ""


def test_changing_is_repeated_while_slack_is_busy_or_away(
    slack: ScriptedSlack, views: SlackViews, pauses: list[float]
) -> None:
    slack.says(BUSY, FAULT, DONE)
    views.update_modal("V1", VIEW)

    assert pauses == [7.0, 0.5]
    assert [path for path, _ in slack.requests] == ["/api/views.update"] * 3


def test_no_answer_is_asked_for_again_and_then_given_up(pauses: list[float]) -> None:
    client = WebClient("xoxb-secret", base_url="http://127.0.0.1:1/api/", retry_handlers=[])
    views = SlackViews(client, sleep=pauses.append)

    with pytest.raises(DeliveryError, match="no answer from Slack"):
        views.publish_home("U1", {"type": "home", "blocks": []})
    with pytest.raises(DeliveryError, match="no answer from Slack"):
        views.open_modal("1.2.3", VIEW)
    assert pauses == [0.5, 0.5]


def test_what_would_end_the_same_way_is_not_repeated(
    slack: ScriptedSlack, views: SlackViews, pauses: list[float]
) -> None:
    slack.says(refused("hash_conflict"), Reply(429, "", {"Retry-After": "600"}), FAULT, FAULT, FAULT)

    with pytest.raises(DeliveryError) as raised:
        views.publish_home("U1", {"type": "home", "blocks": []}, "1.abc")
    assert (raised.value.word, raised.value.permanent) == ("hash_conflict", False)
    assert "hash" in slack.requests[0][1]
    for _ in range(2):
        with pytest.raises(DeliveryError):
            views.update_modal("V1", VIEW)
    assert pauses == [0.5, 0.5]
