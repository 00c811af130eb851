"""What went over the wire is kept for people to look at, the newest of it, and nothing that opens a door."""

from __future__ import annotations

import json

import httpx
from slack_sdk import WebClient

from bot.demo.slack import SlackServer
from bot.demo.slack.journal import HIDDEN, LONGEST, Exchange, Journal


def exchange(name: str = "auth.test", **fields: object) -> Exchange:
    return Exchange("Web API", name, 1.0, fields.get("request", {}), fields.get("answer", {}), 2.5)


def test_only_the_newest_are_kept_each_with_its_number() -> None:
    journal = Journal()
    for place in range(LONGEST + 3):
        journal.note(exchange(f"call {place}"))
    assert len(journal.newest()) == LONGEST
    assert [one.number for one in journal.newest(2)] == [LONGEST + 2, LONGEST + 3]
    assert journal.find(1) is None
    found = journal.find(LONGEST + 3)
    assert found is not None
    assert found.name == f"call {LONGEST + 2}"


def test_no_token_and_no_ticket_is_shown_however_deep_it_lies() -> None:
    journal = Journal()
    request = {"view": [{"token": "xoxb-secret"}], "text": "the token of the day"}
    journal.note(exchange(request=request, answer={"url": "ws://127.0.0.1:1/link/?ticket=secret"}))
    (kept,) = journal.newest()
    assert kept.request == {"view": [{"token": HIDDEN}], "text": "the token of the day"}
    assert kept.answer == {"url": f"ws://127.0.0.1:1/link/?{HIDDEN}"}
    assert kept.size == len(json.dumps(kept.request)) + len(json.dumps(kept.answer))
    assert request["view"] == [{"token": "xoxb-secret"}]


def test_calls_deliveries_answers_and_uploads_are_all_there(slack: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel="UBOB", text="hi", blocks=[{"type": "divider"}])
    slack.slash("UBOB", "me")
    path = slack.response_urls.issue("commands", "C0GENERAL1", "UBOB")
    slack.response_urls.settle(path, None)
    httpx.post(slack.base_url + path, json={"text": "done"})
    httpx.post(slack.base_url + path, content=b"no JSON")
    upload = client.files_getUploadURLExternal(filename="a.csv", length=3)["upload_url"]
    httpx.post(upload, content=b"a,b")
    httpx.post(upload, content=b"a,b")

    told = [(one.route, one.name, one.status, one.problem) for one in slack.workspace.journal.newest()]
    assert told == [
        ("Web API", "chat.postMessage", 200, None),
        ("Socket Mode", "/codex-usage", None, "dispatch_failed"),
        ("response_url", path, 200, None),
        ("response_url", path, 400, "invalid_payload"),
        ("Web API", "files.getUploadURLExternal", 200, None),
        ("upload", "/upload/v1/F0000000001", 200, None),
        ("upload", "/upload/v1/F0000000001", 404, "not found"),
    ]
    posted, delivered, *_ = slack.workspace.journal.newest()
    assert posted.request["blocks"] == [{"type": "divider"}]
    assert posted.from_app
    assert not delivered.from_app
    assert delivered.request["token"] == HIDDEN


def test_a_text_that_only_looks_like_json_stays_text(slack: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel="UBOB", text="{curly}")
    assert slack.workspace.journal.newest()[-1].request["text"] == "{curly}"
