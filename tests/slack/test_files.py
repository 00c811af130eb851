"""Files on their way into direct messages, to the simulated Slack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import httpx
import pytest

from bot.core.answers import ExportAnswer
from bot.core.commands import Export
from bot.core.models import Freshness
from bot.demo.slack import SlackServer
from bot.demo.slack.members import build_member
from bot.errors import DeliveryError
from bot.slack.calls import WebApi
from bot.slack.files import PIECE, SlackFiles
from tests.slack.cast import LAST_28_DAYS
from tests.slack.scripted import ScriptedSlack

CAROL = "U0CAROL"
ANSWER = ExportAnswer(
    Export(LAST_28_DAYS),
    people=3,
    freshness=Freshness(None, datetime(2026, 11, 22, tzinfo=UTC)),
)
LINES = ["a,b\r\n", "\u00e4,\U0001f600\r\n"]


@pytest.fixture
def workspace() -> Iterator[SlackServer]:
    with SlackServer([build_member("Carol", slack_id=CAROL)]) as slack:
        yield slack


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def files(workspace: SlackServer, pauses: list[float]) -> Iterator[SlackFiles]:
    with httpx.Client(trust_env=False, verify=False) as client:
        api = WebApi(client, api_url=workspace.api_url, token=workspace.bot_token)
        yield SlackFiles(api, client, api_url=workspace.api_url, sleep=pauses.append)


def send(files: SlackFiles, lines: list[str] = LINES) -> None:
    with files.keep(lines) as file:
        files.send(file, CAROL, "usage.csv", ANSWER)


def test_a_file_comes_into_the_direct_messages_with_words_about_it(
    workspace: SlackServer, files: SlackFiles
) -> None:
    send(files)

    said, shared = workspace.dms_to(CAROL)
    assert said["text"].startswith("Your Codex usage export: last 28 days")
    assert [one["name"] for one in shared["files"]] == ["usage.csv"]
    (stored,) = workspace.workspace.files.values()
    assert stored.content == "".join(LINES).encode()
    assert workspace.messages_in("general") == []


def test_a_large_file_goes_in_pieces(workspace: SlackServer, files: SlackFiles) -> None:
    line = "x" * 1000
    send(files, [line] * (PIECE // 1000 * 3))

    (stored,) = workspace.workspace.files.values()
    assert stored.length == PIECE // 1000 * 3 * 1000


def test_a_large_file_waits_on_the_disk(files: SlackFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.files.IN_MEMORY", 10)
    with files.keep(["x" * 11]) as file:
        assert not isinstance(getattr(file, "_file"), BytesIO)  # noqa: B009 - no attribute of IO


def test_a_missing_scope_is_said_in_plain_words_and_nothing_was_sent(
    workspace: SlackServer, files: SlackFiles
) -> None:
    workspace.installation.withdraw("files:write")

    with pytest.raises(DeliveryError) as raised:
        send(files)
    assert raised.value.reason == (
        "missing_scope: files.getUploadURLExternal needs the scope files:write: "
        "add it to the app and install the app again"
    )
    assert workspace.dms_to(CAROL) == []


def test_a_file_that_the_workspace_does_not_take_is_told_in_plain_words(
    workspace: SlackServer, files: SlackFiles
) -> None:
    workspace.faults.error("files.getUploadURLExternal", "file_upload_size_restricted")

    with pytest.raises(DeliveryError) as raised:
        send(files)
    assert raised.value.reason == (
        "file_upload_size_restricted: the file is too large for this workspace: ask for a part of it"
    )


def test_too_many_requests_are_waited_out(
    workspace: SlackServer, files: SlackFiles, pauses: list[float]
) -> None:
    for method in ("files.getUploadURLExternal", "chat.postMessage", "files.completeUploadExternal"):
        workspace.faults.rate_limited(method, retry_after=2)
    send(files)

    assert pauses == [2.0, 2.0, 2.0]
    assert len(workspace.dms_to(CAROL)) == 2


def test_busy_for_long_is_given_up(workspace: SlackServer, files: SlackFiles, pauses: list[float]) -> None:
    workspace.faults.rate_limited("files.getUploadURLExternal", retry_after=600)
    with pytest.raises(DeliveryError, match="ratelimited"):
        send(files)
    workspace.faults.rate_limited("files.getUploadURLExternal", retry_after=1, times=3)
    with pytest.raises(DeliveryError, match="ratelimited"):
        send(files)
    assert pauses == [1.0, 1.0]


@pytest.mark.parametrize("method", ["chat.postMessage", "files.completeUploadExternal"])
@pytest.mark.parametrize("after_accept", [False, True])
def test_what_may_have_been_done_is_not_done_twice(
    workspace: SlackServer,
    files: SlackFiles,
    method: str,
    after_accept: bool,  # noqa: FBT001 - a parameter
) -> None:
    workspace.faults.status(method, 500, after_accept=after_accept)
    with pytest.raises(DeliveryError, match="http_500"):
        send(files)

    assert len(workspace.workspace.calls_to(method)) == 1


def upload_to(slack: ScriptedSlack, address: object) -> None:
    slack.says((200, {"ok": True, "upload_url": address, "file_id": "F1"}))
    with httpx.Client(trust_env=False, verify=False) as client:
        api = WebApi(client, api_url=f"{slack.url}/api/", token="xoxb-1")
        files = SlackFiles(api, client, api_url=f"{slack.url}/api/", sleep=lambda _: None)
        send(files)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://files.example/upload", "the upload address is not encrypted"),
        ("ftp://files.example/upload", "the upload address is not encrypted"),
        ("https://files.example:port/", "the upload address is not one"),
        ("", "an answer that cannot be read"),
        (5, "an answer that cannot be read"),
    ],
)
def test_figures_go_to_no_odd_address(slack: ScriptedSlack, address: object, reason: str) -> None:
    with pytest.raises(DeliveryError, match=reason):
        upload_to(slack, address)
    assert len(slack.requests) == 1


def test_an_upload_that_fails_is_told(
    workspace: SlackServer, files: SlackFiles, slack: ScriptedSlack
) -> None:
    with pytest.raises(DeliveryError, match=r"no answer from Slack .*upload"):
        upload_to(slack, "https://127.0.0.1:1/upload")
    with files.keep(["x"]) as file:
        workspace.workspace.files.clear()
        files.send(file, CAROL, "usage.csv", ANSWER)
        with pytest.raises(DeliveryError, match=r"http_404 \(upload\)"):
            files._upload(f"{workspace.base_url}/upload/v1/F9", file, 1)
