"""The Web API as the real client sees it, on real sockets."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.slack import Clock, SlackServer, build_member

Refusal = Callable[..., Any]
POST = "chat.postMessage"
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]


def raw(url: str, body: bytes, **headers: str) -> Any:
    request = urllib.request.Request(url, body, {name.replace("_", "-"): v for name, v in headers.items()})
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


def test_auth_test_says_who_the_bot_is_and_what_it_may(client: WebClient, slack: SlackServer) -> None:
    answer = client.auth_test()
    assert answer["user_id"] == slack.installation.bot_user_id
    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert "chat:write" in headers["x-oauth-scopes"].split(",")


def test_tokens_are_told_apart(slack: SlackServer, refusal: Refusal) -> None:
    def auth(token: str) -> str:
        return str(refusal(WebClient(token=token, base_url=slack.api_url).auth_test)["error"])

    assert auth("xoxb-wrong") == "invalid_auth"
    assert auth(slack.app_token) == "not_allowed_token_type"
    assert raw(f"{slack.api_url}auth.test", b"", Content_Type="application/json")["error"] == "not_authed"
    slack.installation.token_error = "token_revoked"
    assert auth(slack.bot_token) == "token_revoked"


def test_the_token_may_stand_in_a_form_but_not_in_json(slack: SlackServer) -> None:
    url = f"{slack.api_url}auth.test"
    form = f"token={slack.bot_token}".encode()
    assert raw(url, form, Content_Type="application/x-www-form-urlencoded")["ok"] is True
    body = json.dumps({"token": slack.bot_token}).encode()
    assert raw(url, body, Content_Type="application/json")["error"] == "not_authed"


@pytest.mark.parametrize(
    ("body", "content_type", "word"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"\xff", "application/x-www-form-urlencoded", "invalid_charset"),
        (b"<x/>", "text/xml", "invalid_post_type"),
    ],
)
def test_a_body_that_slack_cannot_read_is_refused(
    slack: SlackServer, body: bytes, content_type: str, word: str
) -> None:
    token = f"Bearer {slack.bot_token}"
    answer = raw(f"{slack.api_url}auth.test", body, Content_Type=content_type, Authorization=token)
    assert answer == {"ok": False, "error": word}


def test_a_missing_scope_says_which(client: WebClient, slack: SlackServer, refusal: Refusal) -> None:
    slack.installation.withdraw("users:read")
    answer = refusal(client.users_list)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert "chat:write" in answer["provided"]


def test_an_unknown_method_is_unknown(client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        client.api_call("no.such")


def test_users_list_pages_until_the_cursor_is_empty(client: WebClient, slack: SlackServer) -> None:
    pages = [page["members"] for page in client.users_list(limit=3)]
    assert [len(page) for page in pages] == [3, 3, 3]
    everyone = [one for page in pages for one in page]
    assert [one["id"] for one in everyone if one["deleted"]] == ["UZOE"]
    assert {"USLACKBOT", slack.installation.bot_user_id} <= {one["id"] for one in everyone}


def test_a_large_workspace_is_not_listed_without_a_limit(
    client: WebClient, slack: SlackServer, refusal: Refusal
) -> None:
    slack.workspace.limit_required_above = 5
    assert refusal(client.users_list)["error"] == "limit_required"
    assert refusal(client.users_list, limit=1001)["error"] == "invalid_limit"
    assert refusal(client.users_list, limit=5, cursor="nonsense!")["error"] == "invalid_cursor"


def test_addresses_take_a_scope_of_their_own(client: WebClient, slack: SlackServer) -> None:
    assert client.users_info(user="UBOB")["user"]["profile"]["email"] == "bob@example.com"
    slack.installation.withdraw("users:read.email")
    assert "email" not in client.users_info(user="UBOB")["user"]["profile"]
    assert all("email" not in one["profile"] for one in client.users_list(limit=100)["members"])


def test_lookup_by_address_does_not_find_who_left(client: WebClient, refusal: Refusal) -> None:
    assert client.users_lookupByEmail(email="Bob@example.com")["user"]["id"] == "UBOB"
    assert refusal(client.users_lookupByEmail, email="zoe@example.com")["error"] == "users_not_found"


def test_a_message_to_a_person_is_a_direct_message_and_keeps_its_metadata(
    client: WebClient, slack: SlackServer
) -> None:
    metadata = {"event_type": "codex_digest", "event_payload": {"id": "a1"}}
    answer = client.chat_postMessage(channel="UBOB", text="hello", blocks=BLOCKS, metadata=metadata)
    assert answer["channel"] == client.conversations_open(users="UBOB")["channel"]["id"]
    (message,) = slack.dms_to("UBOB")
    assert (message["text"], message["blocks"], message["metadata"]) == ("hello", BLOCKS, metadata)
    assert message["ts"] == answer["ts"]


def test_where_the_bot_may_not_post(client: WebClient, slack: SlackServer, refusal: Refusal) -> None:
    finance = slack.workspace.add_channel("finance")
    secret = slack.workspace.add_channel("board", private=True)

    def post(channel: str, **content: Any) -> str:
        return str(refusal(client.chat_postMessage, channel=channel, **(content or {"text": "x"}))["error"])

    assert post(finance) == "not_in_channel"
    assert post(secret) == "channel_not_found"
    assert post("C404") == "channel_not_found"
    assert post("UZOE") == "channel_not_found"
    assert post("USLACKBOT") == "cannot_dm_bot"
    slack.workspace.invite_bot(finance)
    assert refusal(client.api_call, api_method=POST, json={"channel": finance})["error"] == "no_text"
    assert post(finance, text="x" * 40_001) == "msg_too_long"
    assert post(finance, text="x", blocks="{") == "invalid_blocks_format"
    assert post(finance, text="x", metadata={"event_type": "a"}) == "invalid_metadata_format"
    slack.workspace.archive(finance)
    assert post(finance) == "is_archived"
    slack.installation.messages_tab_enabled = False
    assert post("UBOB") == "messages_tab_disabled"
    assert slack.messages_in(finance) == []


def test_invalid_blocks_come_with_pointers_and_post_nothing(
    client: WebClient, slack: SlackServer, refusal: Refusal
) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    answer = refusal(client.chat_postMessage, channel="UBOB", text="x", blocks=blocks)
    line = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][-1] == line
    assert answer["response_metadata"]["messages"][-1] == f"[ERROR] {line}"
    assert slack.dms_to("UBOB") == []


def test_two_tables_are_refused_with_a_word_of_their_own(client: WebClient, refusal: Refusal) -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    answer = refusal(client.chat_postMessage, channel="UBOB", text="x", blocks=[table, table])
    assert answer["error"] == "invalid_attachments"
    assert "only_one_table_allowed" in answer["errors"][0]


def test_a_message_is_changed_and_deleted(client: WebClient, slack: SlackServer, refusal: Refusal) -> None:
    posted = client.chat_postMessage(channel="UBOB", text="one", blocks=BLOCKS)
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_update(**place, text="two")
    (message,) = slack.dms_to("UBOB")
    assert (message["text"], message["blocks"]) == ("two", BLOCKS)
    assert refusal(client.chat_update, **place, text="x" * 4001)["error"] == "msg_too_long"
    client.chat_delete(**place)
    assert slack.dms_to("UBOB") == []
    assert refusal(client.chat_update, **place, text="three")["error"] == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_person(client: WebClient, slack: SlackServer) -> None:
    finance = slack.workspace.add_channel("finance", has_bot=True)
    client.chat_postEphemeral(channel=finance, user="UFINN", text="psst")
    assert [one["text"] for one in slack.replies_to("UFINN")] == ["psst"]
    assert slack.replies_to("UBOB") == slack.messages_in(finance) == []


def test_history_takes_a_scope_and_shows_metadata_on_demand(
    client: WebClient, slack: SlackServer, clock: Clock, refusal: Refusal
) -> None:
    metadata = {"event_type": "codex_digest", "event_payload": {"id": "a1"}}
    first = client.chat_postMessage(channel="UBOB", text="one", metadata=metadata)
    clock.pass_time(2)
    second = client.chat_postMessage(channel="UBOB", text="two")
    channel = first["channel"]
    answer = refusal(client.conversations_history, channel=channel)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:history")
    slack.installation.grant("im:history")
    messages = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert [one["text"] for one in messages] == ["two", "one"]
    assert messages[1]["metadata"] == metadata
    bare = client.conversations_history(channel=channel, limit=1)
    assert ("metadata" in bare["messages"][0], bare["has_more"]) == (False, True)
    rest = client.conversations_history(channel=channel, oldest=first["ts"], latest=second["ts"])
    assert rest["messages"] == []


def test_what_stands_in_a_thread_alone_is_no_part_of_the_conversations_history(
    client: WebClient, slack: SlackServer, clock: Clock, refusal: Refusal
) -> None:
    slack.installation.grant("im:history")
    above = client.chat_postMessage(channel="UBOB", text="card")
    for text, is_broadcast in [("quiet", False), ("loud", True)]:
        clock.pass_time(2)
        client.chat_postMessage(
            channel="UBOB", text=text, thread_ts=above["ts"], reply_broadcast=is_broadcast
        )
    channel = above["channel"]
    assert [one["text"] for one in client.conversations_history(channel=channel)["messages"]] == [
        "loud",
        "card",
    ]
    thread = client.conversations_replies(channel=channel, ts=above["ts"])["messages"]
    assert [one["text"] for one in thread] == ["card", "quiet", "loud"]
    newer = client.conversations_replies(channel=channel, ts=above["ts"], oldest=thread[1]["ts"])
    assert [one["text"] for one in newer["messages"]] == ["card", "loud"]
    assert refusal(client.conversations_replies, channel=channel, ts="1.2")["error"] == "thread_not_found"


def test_conversations_info_and_open_say_no_in_slacks_words(
    client: WebClient, slack: SlackServer, refusal: Refusal
) -> None:
    finance = slack.workspace.add_channel("finance")
    assert client.conversations_info(channel=finance)["channel"]["is_member"] is False
    assert refusal(client.conversations_info, channel="C404")["error"] == "channel_not_found"
    assert refusal(client.conversations_open, users="UZOE")["error"] == "user_disabled"
    assert refusal(client.conversations_open, users="U404")["error"] == "user_not_found"
    assert refusal(client.conversations_open, users="")["error"] == "users_list_not_supplied"
    slack.installation.withdraw("channels:read")
    assert refusal(client.conversations_info, channel=finance)["needed"] == "channels:read"


def test_a_second_message_within_a_second_is_too_fast_for_one_conversation(
    client: WebClient, slack: SlackServer, clock: Clock, refusal: Refusal
) -> None:
    client.chat_postMessage(channel="UBOB", text="one")
    answer = refusal(client.chat_postMessage, channel="UBOB", text="two")
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert answer.headers["Retry-After"] == "1"
    client.chat_postMessage(channel="UALICE", text="to somebody else")
    clock.pass_time(1)
    client.chat_postMessage(channel="UBOB", text="two")
    assert [one["text"] for one in slack.dms_to("UBOB")] == ["one", "two"]


def test_a_method_has_its_tier(client: WebClient, slack: SlackServer, clock: Clock, refusal: Refusal) -> None:
    for _ in range(20):
        client.users_list(limit=1)
    answer = refusal(client.users_list, limit=1)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    client.users_info(user="UBOB")
    clock.pass_time(3)
    client.users_list(limit=1)
    slack.limits.enabled = False
    for _ in range(30):
        client.users_list(limit=1)


def test_the_workspace_wide_limit_may_change_while_it_runs(
    client: WebClient, slack: SlackServer, refusal: Refusal
) -> None:
    slack.limits.per_minute["chat.postMessage"] = 2
    client.chat_postMessage(channel="UALICE", text="x")
    client.chat_postMessage(channel="UBOB", text="x")
    answer = refusal(client.chat_postMessage, channel="UCAROL", text="x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


def test_blocks_validate_takes_no_token(slack: SlackServer, refusal: Refusal) -> None:
    nobody = WebClient(base_url=slack.api_url)
    assert nobody.blocks_validate(blocks=BLOCKS)["ok"] is True
    answer = refusal(nobody.blocks_validate, message={"text": "x", "blocks": BLOCKS})
    assert answer["errors"] == ["invalid additional property: text [json-pointer:/message]"]
    assert refusal(nobody.blocks_validate, blocks=[{"type": "x"}])["error"] == "invalid_blocks"


def test_a_file_is_uploaded_in_three_steps(client: WebClient, slack: SlackServer, refusal: Refusal) -> None:
    channel = client.conversations_open(users="UBOB")["channel"]["id"]
    client.files_upload_v2(
        channel=channel, content="a,b\n1,2\n", filename="usage.csv", initial_comment="Here"
    )
    (message,) = slack.dms_to("UBOB")
    (stored,) = slack.workspace.files.values()
    assert (message["text"], message["files"][0]["name"]) == ("Here", "usage.csv")
    assert (stored.content, stored.shared_in) == (b"a,b\n1,2\n", channel)
    empty = client.files_getUploadURLExternal(filename="b.csv", length=3)
    answer = refusal(client.files_completeUploadExternal, files=[{"id": empty["file_id"]}])
    assert answer["error"] == "file_not_found"


def test_every_call_is_recorded_without_its_token(client: WebClient, slack: SlackServer) -> None:
    client.chat_postMessage(channel="UBOB", text="hello")
    (call,) = slack.workspace.calls_to("chat.postMessage")
    assert (call.token_kind, call.status, call.args["text"]) == ("xoxb", 200, "hello")
    assert slack.bot_token not in repr(slack.workspace.calls)


def test_people_come_and_change(client: WebClient, slack: SlackServer) -> None:
    slack.workspace.add_member(build_member("Gail"))
    slack.workspace.change_member("UGAIL", profile={"email": "gail@new.example"}, deleted=True)
    user = client.users_info(user="UGAIL")["user"]
    assert (user["deleted"], user["profile"]["email"]) == (True, "gail@new.example")
    assert user["profile"]["display_name"] == "Gail"


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("chat.postMessage", {"text": "x"}, "[ERROR] missing required field: channel"),
        ("chat.update", {"channel": "C1", "text": "x"}, "[ERROR] missing required field: ts"),
        ("users.info", {}, "[ERROR] missing required field: user"),
        ("views.publish", {"user_id": "UBOB"}, "[ERROR] missing required field: view"),
        ("files.getUploadURLExternal", {"filename": "a"}, "[ERROR] missing required field: length"),
        ("files.completeUploadExternal", {}, "[ERROR] missing required field: files"),
    ],
)
def test_a_missing_argument_is_named(
    client: WebClient, refusal: Refusal, method: str, arguments: dict[str, str], message: str
) -> None:
    answer = refusal(client.api_call, api_method=method, json=arguments)
    assert (answer["error"], answer["response_metadata"]["messages"]) == ("invalid_arguments", [message])


@pytest.mark.parametrize(
    ("method", "arguments", "word"),
    [
        ("chat.postMessage", {"channel": "UBOB", "text": "x", "blocks": {"a": 1}}, "invalid_blocks_format"),
        (
            "chat.postMessage",
            {"channel": "UBOB", "text": "x", "markdown_text": "x"},
            "markdown_text_conflict",
        ),
        ("chat.postMessage", {"channel": "UBOB", "text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ("chat.postEphemeral", {"channel": "general", "user": "UBOB", "text": "x"}, "not_in_channel"),
        ("chat.update", {"channel": "C404", "ts": "1.0", "text": "x"}, "channel_not_found"),
        ("chat.delete", {"channel": "C0GENERAL1", "ts": "1.0"}, "message_not_found"),
        ("users.list", {"limit": "many"}, "invalid_limit"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("views.publish", {"user_id": "U404", "view": {}}, "user_not_found"),
        ("views.open", {"trigger_id": "1", "view": "{"}, "invalid_arguments"),
        ("blocks.validate", {}, "invalid_arguments"),
        ("blocks.validate", {"view": {"type": "home", "blocks": [{"type": "x"}]}}, "invalid_blocks"),
        ("conversations.open", {"users": "UBOB,UALICE"}, "missing_scope"),
        ("conversations.open", {"users": "USLACKBOT"}, "cannot_dm_bot"),
        ("team.info", {}, "missing_scope"),
    ],
)
def test_what_is_wrong_has_slacks_word(
    client: WebClient, refusal: Refusal, method: str, arguments: dict[str, Any], word: str
) -> None:
    assert refusal(client.api_call, api_method=method, json=arguments)["error"] == word


def test_the_team_and_a_direct_message_are_described(client: WebClient, slack: SlackServer) -> None:
    slack.installation.grant("team:read", "im:read", "channels:history")
    assert client.team_info()["team"]["domain"] == "example"
    channel = client.conversations_open(users="UBOB")["channel"]["id"]
    assert client.conversations_info(channel=channel)["channel"]["user"] == "UBOB"
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.conversations_history(channel="C0GENERAL1")


def test_history_goes_on_where_its_cursor_says(client: WebClient, slack: SlackServer) -> None:
    slack.installation.grant("im:history")
    slack.limits.enabled = False
    for text in ("one", "two", "three"):
        channel = client.chat_postMessage(channel="UBOB", text=text)["channel"]
    pages = [page["messages"] for page in client.conversations_history(channel=channel, limit=2)]
    assert [[one["text"] for one in page] for page in pages] == [["three", "two"], ["one"]]
    for arguments, word in (({"cursor": "!"}, "invalid_cursor"), ({"oldest": "x"}, "invalid_ts_oldest")):
        with pytest.raises(SlackApiError, match=word):
            client.api_call("conversations.history", params={"channel": channel, **arguments})


def test_a_message_of_too_many_characters_in_blocks_is_refused(client: WebClient, refusal: Refusal) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    answer = refusal(client.chat_postMessage, channel="UBOB", text="x", blocks=[section] * 40)
    assert answer["error"] == "msg_blocks_too_long"
