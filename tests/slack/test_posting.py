"""Messages of the bot's own: posted once over real HTTP, told apart by what Slack says, and found again."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.core.deliveries import (
    Absent,
    Busy,
    CannotLook,
    InDoubt,
    Posted,
    Refused,
    Shut,
    Unfit,
    Unreached,
)
from bot.demo.slack import SlackServer
from bot.demo.slack.exchange import json_answer
from bot.demo.slack.faults import Fault
from bot.slack.blocks import header
from bot.slack.calls import WebApi
from bot.slack.messages import Message
from bot.slack.posting import MOST_PAGES, PAGE, REFUSED, SHUT, UNFIT, SlackPostman

POST = "chat.postMessage"
ANA = "U0000000001"
MESSAGE = Message("Your team's week: 12 credits.", [header("Your team's week")])
SINCE = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    member = {"id": ANA, "name": "ana", "profile": {"email": "ana@example.com"}}
    with SlackServer([member]) as server:
        server.limits.enabled = False
        server.installation.grant("im:history", "channels:history")
        yield server


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def hasty() -> Iterator[httpx.Client]:
    """A client that waits for no answer that is late."""
    with httpx.Client(timeout=httpx.Timeout(5, read=0.3), trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def postman(slack: SlackServer, client: httpx.Client) -> SlackPostman:
    return SlackPostman(WebApi(client, api_url=slack.api_url, token=slack.bot_token))


def test_a_message_reaches_a_person_and_says_where_it_stands(
    slack: SlackServer, postman: SlackPostman
) -> None:
    outcome = postman.post(MESSAGE, ANA, "key-1")
    (shown,) = slack.dms_to(ANA)
    assert outcome == Posted("D0000000001", shown["ts"])
    assert (shown["text"], len(shown["blocks"])) == (MESSAGE.text, 1)
    (call,) = slack.workspace.calls_to(POST)
    assert call.args["metadata"] == {"event_type": "codex_usage_delivery", "event_payload": {"key": "key-1"}}
    assert call.args["unfurl_links"] is False


def test_text_alone_carries_no_blocks(slack: SlackServer, postman: SlackPostman) -> None:
    postman.post(Message("hello", []), ANA, "key-1")
    assert "blocks" not in slack.workspace.calls_to(POST)[0].args


@pytest.mark.parametrize("word", sorted(UNFIT))
def test_a_message_that_is_refused_for_its_content(
    slack: SlackServer, postman: SlackPostman, word: str
) -> None:
    slack.faults.error(POST, word)
    assert postman.post(MESSAGE, ANA, "k") == Unfit(f"{word} ({POST})")


@pytest.mark.parametrize("word", sorted(REFUSED))
def test_a_message_that_is_refused_for_its_place(
    slack: SlackServer, postman: SlackPostman, word: str
) -> None:
    slack.faults.error(POST, word)
    assert postman.post(MESSAGE, ANA, "k") == Refused(f"{word} ({POST})")


@pytest.mark.parametrize("word", sorted(SHUT))
def test_a_refusal_that_would_meet_every_message(
    slack: SlackServer, postman: SlackPostman, word: str
) -> None:
    slack.faults.error(POST, word)
    outcome = postman.post(MESSAGE, ANA, "k")
    assert isinstance(outcome, Shut)
    assert outcome.reason.startswith(word)


@pytest.mark.parametrize("word", ["fatal_error", "internal_error", "service_unavailable", "a_new_word"])
def test_a_word_that_leaves_it_open_whether_the_message_was_taken(
    slack: SlackServer, postman: SlackPostman, word: str
) -> None:
    slack.faults.error(POST, word, after_accept=True)
    assert postman.post(MESSAGE, ANA, "k") == InDoubt(f"{word} ({POST})")
    assert isinstance(postman.find(ANA, None, "k", SINCE), Posted)


def test_an_inactive_account_is_the_persons_while_the_app_answers(
    slack: SlackServer, postman: SlackPostman
) -> None:
    slack.faults.error(POST, "account_inactive")
    assert isinstance(postman.post(MESSAGE, ANA, "k"), Refused)
    slack.installation.token_error = "account_inactive"
    outcome = postman.post(MESSAGE, ANA, "k")
    assert isinstance(outcome, Shut)
    assert "install it again" in outcome.reason


@pytest.mark.parametrize("fault", ["reset", "status", "html", "truncated"])
@pytest.mark.parametrize("after_accept", [True, False])
def test_whatever_else_happens_leaves_it_open(
    slack: SlackServer, postman: SlackPostman, fault: str, *, after_accept: bool
) -> None:
    match fault:
        case "reset":
            slack.faults.reset(POST, after_accept=after_accept)
        case "status":
            slack.faults.status(POST, 503, after_accept=after_accept)
        case "html":
            slack.faults.html(POST, after_accept=after_accept)
        case _:
            slack.faults.truncated(POST, after_accept=after_accept)
    assert isinstance(postman.post(MESSAGE, ANA, "k"), InDoubt)
    found = postman.find(ANA, None, "k", SINCE)
    assert isinstance(found, Posted if after_accept else Absent)


def test_an_answer_that_comes_too_late_leaves_it_open(
    slack: SlackServer, postman: SlackPostman, hasty: httpx.Client
) -> None:
    slack.faults.late(POST, 1)
    impatient = SlackPostman(WebApi(hasty, api_url=slack.api_url, token=slack.bot_token))
    assert isinstance(impatient.post(MESSAGE, ANA, "k"), InDoubt)
    assert isinstance(postman.find(ANA, None, "k", SINCE), Posted)


def test_slack_says_how_long_to_wait(slack: SlackServer, postman: SlackPostman) -> None:
    slack.faults.rate_limited(POST, 7)
    assert postman.post(MESSAGE, ANA, "k") == Busy(7)
    slack.faults.error(POST, "rate_limited")
    assert postman.post(MESSAGE, ANA, "k") == Busy(30)
    assert slack.dms_to(ANA) == []


@pytest.mark.parametrize(
    ("status", "kind"), [(403, Shut), (404, Shut), (407, Shut), (408, InDoubt), (302, InDoubt)]
)
def test_an_answer_that_is_not_slacks(
    slack: SlackServer, postman: SlackPostman, status: int, kind: type[Shut | InDoubt]
) -> None:
    slack.faults.html(POST, status)
    assert isinstance(postman.post(MESSAGE, ANA, "k"), kind)


def test_a_connection_that_never_came_about_is_no_doubt(client: httpx.Client) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        postman = SlackPostman(WebApi(client, api_url=url, token="xoxb-1"))
        assert postman.post(MESSAGE, ANA, "k") == Unreached("no connection to Slack (ConnectError)")
        assert postman.probe() == Unreached("no connection to Slack (ConnectError)")
        assert postman.find(ANA, "D1", "k", SINCE) == Unreached("no connection to Slack (ConnectError)")


def test_a_name_that_cannot_be_resolved_is_no_doubt(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    postman = SlackPostman(WebApi(client, api_url="http://slack.invalid/api/", token="xoxb-1"))
    assert postman.post(MESSAGE, ANA, "k") == Unreached("no connection to Slack (ConnectError)")


def test_a_server_that_takes_the_request_and_never_answers_leaves_it_open(hasty: httpx.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        outcome = SlackPostman(WebApi(hasty, api_url=url, token="xoxb-1")).post(MESSAGE, ANA, "k")
    assert outcome == InDoubt("no answer from Slack (ReadTimeout, chat.postMessage)")


def test_a_success_without_a_place_is_not_believed(slack: SlackServer, postman: SlackPostman) -> None:
    slack.faults._add(POST, _succeeding_without_place(), 1)
    assert postman.post(MESSAGE, ANA, "k") == InDoubt(f"an answer that cannot be read ({POST})")


def test_a_message_is_found_by_its_key_among_many(slack: SlackServer, postman: SlackPostman) -> None:
    wanted = postman.post(MESSAGE, ANA, "mine")
    for n in range(PAGE + 20):
        slack.workspace.post("D0000000001", {"text": f"{n}"})
    assert postman.find(ANA, "D0000000001", "mine", SINCE) == wanted
    assert postman.find(ANA, None, "mine", SINCE) == wanted
    assert postman.find(ANA, None, "another", SINCE) == Absent()
    assert postman.find(ANA, None, "mine", datetime.now(UTC) + timedelta(hours=1)) == Absent()


def test_a_busy_channel_is_not_read_for_ever(slack: SlackServer, postman: SlackPostman) -> None:
    channel = slack.workspace.add_channel("finance", has_bot=True)
    for n in range(PAGE * MOST_PAGES + 1):
        slack.workspace.post(channel, {"text": f"{n}"})
    assert postman.find(channel, None, "k", SINCE) == CannotLook(
        "More than 4,000 messages were written there since."
    )


@pytest.mark.parametrize(
    ("withdrawn", "needed"),
    [("im:write", "im:write"), ("im:history", "im:history")],
)
def test_a_scope_that_is_lacking_is_named(
    slack: SlackServer, postman: SlackPostman, withdrawn: str, needed: str
) -> None:
    slack.installation.withdraw(withdrawn)
    outcome = postman.find(ANA, None, "k", SINCE)
    assert isinstance(outcome, CannotLook)
    assert f"needs the scope {needed}" in outcome.reason


def test_looking_meets_what_posting_meets(slack: SlackServer, postman: SlackPostman) -> None:
    history = "conversations.history"
    slack.faults.rate_limited(history, 9)
    assert postman.find(ANA, None, "k", SINCE) == Busy(9)
    slack.faults.status(history, 500)
    assert postman.find(ANA, None, "k", SINCE) == Unreached(f"http_500 ({history})")
    slack.faults.error("conversations.open", "user_disabled")
    assert postman.find(ANA, None, "k", SINCE) == CannotLook("user_disabled (conversations.open)")
    slack.installation.token_error = "token_revoked"
    assert isinstance(postman.find(ANA, None, "k", SINCE), Shut)


def test_a_conversation_without_a_name_cannot_be_looked_into(
    slack: SlackServer, postman: SlackPostman
) -> None:
    slack.faults._add("conversations.open", _succeeding_without_place(), 1)
    assert postman.find(ANA, None, "k", SINCE) == CannotLook("conversations.open named no conversation.")


def test_the_probe_says_whether_messages_would_be_taken(slack: SlackServer, postman: SlackPostman) -> None:
    assert postman.probe() is None
    slack.faults.rate_limited("auth.test", 3)
    assert postman.probe() == Busy(3)
    slack.faults.status("auth.test", 502)
    assert postman.probe() == Unreached("http_502 (auth.test)")
    slack.installation.withdraw("chat:write")
    assert postman.probe() == Shut(
        "missing_scope: chat.postMessage needs the scope chat:write: add it to the app and install the app again"
    )
    slack.installation.token_error = "token_revoked"
    outcome = postman.probe()
    assert isinstance(outcome, Shut)
    assert outcome.reason.startswith("token_revoked")


def _succeeding_without_place() -> Fault:
    return Fault("replace", after_accept=False, answer=json_answer({"ok": True}))


def test_a_message_that_stands_is_changed_and_found_as_before(
    slack: SlackServer, postman: SlackPostman
) -> None:
    posted = postman.post(MESSAGE, ANA, "key-1")
    assert isinstance(posted, Posted)
    changed = Message("Your team's week: 13 credits.", [header("Another")])
    assert postman.edit(changed, posted.channel, posted.ts, "key-1") == posted
    (shown,) = slack.dms_to(ANA)
    assert (shown["text"], shown["blocks"][0]["text"]["text"]) == (changed.text, "Another")
    assert postman.find(ANA, posted.channel, "key-1", SINCE) == posted


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("invalid_blocks", Unfit),
        ("message_not_found", Refused),
        ("cant_update_message", Refused),
        ("invalid_auth", Shut),
    ],
)
def test_an_edit_that_is_refused(
    slack: SlackServer, postman: SlackPostman, word: str, kind: type[object]
) -> None:
    slack.faults.error("chat.update", word)
    assert isinstance(postman.edit(MESSAGE, "D0000000001", "1.2", "k"), kind)


def test_an_edit_that_is_not_answered(slack: SlackServer, postman: SlackPostman) -> None:
    slack.faults.status("chat.update", 500)
    assert isinstance(postman.edit(MESSAGE, "D0000000001", "1.2", "k"), InDoubt)


def test_a_reply_stands_in_the_thread_alone_and_is_found_there(
    slack: SlackServer, postman: SlackPostman
) -> None:
    card = postman.post(MESSAGE, ANA, "key-1")
    assert isinstance(card, Posted)
    line = postman.post(replace(MESSAGE, thread=card.ts), ANA, "key-2")
    *_, call = slack.workspace.calls_to(POST)
    assert (call.args["thread_ts"], "reply_broadcast" in call.args) == (card.ts, False)
    assert postman.find(ANA, card.channel, "key-2", SINCE) == Absent()
    assert postman.find(ANA, card.channel, "key-2", SINCE, card.ts) == line
    assert postman.find(ANA, None, "key-3", SINCE, card.ts) == Absent()
    gone = postman.find(ANA, card.channel, "key-2", SINCE, "1.2")
    assert gone == CannotLook("thread_not_found (conversations.replies)")


def test_what_is_meant_to_be_noticed_stands_in_the_channel_too(
    slack: SlackServer, postman: SlackPostman
) -> None:
    posted = postman.post(MESSAGE, ANA, "key-1")
    assert isinstance(posted, Posted)
    postman.post(replace(MESSAGE, thread=posted.ts, is_broadcast=True), ANA, "key-2")
    *_, call = slack.workspace.calls_to(POST)
    assert (call.args["thread_ts"], call.args["reply_broadcast"]) == (posted.ts, True)
    assert isinstance(postman.find(ANA, posted.channel, "key-2", SINCE), Posted)
