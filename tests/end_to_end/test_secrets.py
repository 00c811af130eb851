"""No secret is ever seen: not in what is printed or logged, not over HTTP, not in any file that is written."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.demo.codex_faults import Act, Fail, Fault, Garbage, Reset, Rewrite, Truncate, WebPage
from bot.demo.codex_gate import Gate
from bot.demo.slack import SlackServer
from bot.demo.world import WORKSPACE_ID, World
from tests.end_to_end.fork_server import ForkServer
from tests.end_to_end.rig import RunningBot, build_world, running, wait_until

CANARIES = {
    "SLACK_BOT_TOKEN": "xoxb-1-canary-of-the-bot",
    "SLACK_APP_TOKEN": "xapp-1-canary-of-the-app",
    "SLACK_SIGNING_SECRET": "canary0of0the0signature",
    "CODEX_API_KEY": "canary/of+the=key",
}
ECHO = json.dumps({"error": {"message": f"Incorrect API key provided: {CANARIES['CODEX_API_KEY']}"}})
TRANSIENT: tuple[Act, ...] = (
    Fail(500, body=ECHO),
    WebPage(f"<html>{CANARIES['CODEX_API_KEY']}</html>"),
    Garbage(f'{{"authorization": "Bearer {CANARIES["CODEX_API_KEY"]}'.encode()),
    Truncate(),
    Reset(),
)
SlackFault = Callable[[SlackServer], None]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = build_world(tmp_path / "bot")
    world.slack.installation.bot_token = CANARIES["SLACK_BOT_TOKEN"]
    world.slack.installation.app_token = CANARIES["SLACK_APP_TOKEN"]
    world.slack.installation.signing_secret = CANARIES["SLACK_SIGNING_SECRET"]
    world.codex._gate = Gate(CANARIES["CODEX_API_KEY"], WORKSPACE_ID)
    with world:
        (world.folder / ".env").unlink()  # the one file that may hold them
        yield world


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


@pytest.fixture(params=["text", "json"])
def log_format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(world: World, server: ForkServer, log_format: str, *arguments: str) -> str:
    """What a command says, at its most talkative."""
    environment = world.environment(LOG_LEVEL="debug", LOG_FORMAT=log_format, **CANARIES)
    command = server.start(world.folder, environment, *arguments)
    assert command.wait() in (0, 1), command.said
    return command.said


def assert_no_canary(text: str) -> None:
    for name, canary in CANARIES.items():
        for form in (canary, canary[5:], b64encode(canary.encode()).decode()[4:-4]):
            assert form not in text, name


def assert_no_canary_in_files(world: World) -> None:
    files = [path for path in world.folder.rglob("*") if path.is_file()]
    assert any(path.name == "codex-usage.db" for path in files)
    for path in files:
        assert_no_canary(path.read_bytes().decode("latin-1"))


SLACK_FAULTS: dict[str, SlackFault] = {
    "invalid_auth": lambda slack: slack.faults.error("*", "invalid_auth", times=9),
    "status": lambda slack: slack.faults.status("*", 500, times=9),
    "html": lambda slack: slack.faults.html("*", times=9),
    "html 502": lambda slack: slack.faults.html("*", 502, times=9),
    "truncated": lambda slack: slack.faults.truncated("*", after_accept=False, times=9),
    "reset": lambda slack: slack.faults.reset("*", times=9),
}


@pytest.mark.parametrize("fault", SLACK_FAULTS)
def test_check_against_a_slack_that_fails(
    fault: str, world: World, server: ForkServer, log_format: str
) -> None:
    SLACK_FAULTS[fault](world.slack)
    said = run(world, server, log_format, "check")

    assert "FAIL slack" in said
    assert "FAIL socket mode" in said
    assert "ok   codex" in said
    assert "Something went wrong inside" not in said
    assert_no_canary(said)
    assert_no_canary_in_files(world)


def test_check_against_a_codex_api_that_repeats_the_key(
    world: World, server: ForkServer, log_format: str
) -> None:
    world.codex.faults.append(Fault(Fail(401, body=ECHO)))
    said = run(world, server, log_format, "check", "--json")

    assert "Incorrect API key" in said
    assert_no_canary(said)


def test_a_sync_against_all_that_can_go_wrong(world: World, server: ForkServer) -> None:
    world.slack.faults.html("users.list")
    for number, act in enumerate(TRANSIENT):
        world.codex.faults.append(Fault(act, nth=2 * number + 1))
    said = run(world, server, "json", "sync")

    assert said.count("The Codex API") >= len(TRANSIENT)
    assert_no_canary(said)
    assert_no_canary_in_files(world)


def test_a_sync_that_may_do_nothing(world: World, server: ForkServer, log_format: str) -> None:
    world.slack.faults.error("*", "token_revoked", times=9)
    world.codex.faults.append(Fault(Fail(401, body=ECHO), times=None))
    said = run(world, server, log_format, "sync", "--json")

    assert "token_revoked" in said
    assert_no_canary(said)
    assert_no_canary_in_files(world)


def test_a_sync_with_its_staging_file_on_the_disk(world: World, server: ForkServer) -> None:
    seen: list[str] = []

    def look(_page: object) -> None:
        seen.extend(path.name for path in world.folder.iterdir())
        assert_no_canary_in_files(world)

    world.codex.faults.append(Fault(Rewrite(look), times=None))
    said = run(world, server, "text", "sync")

    assert "codex-usage.db-staging" in seen
    assert "codex-usage.db-wal" in seen
    assert_no_canary(said)
    assert_no_canary(run(world, server, "text", "ask", "--as", world.email("Carol"), "me"))


def test_wrong_settings_are_named_and_never_shown(world: World, server: ForkServer) -> None:
    wrong = {name: f"misplaced {canary}" for name, canary in CANARIES.items()}
    command = server.start(world.folder, world.environment(**wrong), "check")

    assert command.wait() == 2
    for name in CANARIES:
        assert name in command.said
    assert_no_canary(command.said)


def test_a_bot_in_http_mode(world: World) -> None:
    settings = {"SLACK_MODE": "http", "LOG_LEVEL": "debug", "LOG_FORMAT": "json", **CANARIES}
    for number, act in enumerate(TRANSIENT[:2]):
        world.codex.faults.append(Fault(act, nth=2 * number + 1))
    with running(world, **settings) as bot:
        bot.wait_until_synced()
        slack = world.slack.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
        carol = world.slack_id("Carol")
        world.slack.ask(carol, "me", timeout=10)
        world.slack.faults.status("response_url", 500)
        world.slack.faults.html("response_url", 502)
        world.slack.faults.reset("response_url")
        for _ in range(3):
            assert world.slack.slash(carol, "me").ok
        assert slack.post(slack.sent[-1]).status == 200
        httpx.post(slack.url, content=b"forged", headers=dict(slack.sent[-1].headers), trust_env=False)
        wait_until(lambda: bot.said.count("did not reach Slack") == 3, "three failures")
        _use_everything(world, carol)
        _assert_silent(bot, world)


def test_a_bot_in_socket_mode(world: World) -> None:
    world.slack.faults.error("apps.connections.open", "invalid_auth")
    world.slack.faults.status("auth.test", 500)
    world.codex.faults.append(Fault(Fail(401, body=ECHO), times=None))
    with running(world, LOG_LEVEL="debug", LOG_FORMAT="text", **CANARIES) as bot:
        wait_until(lambda: "Incorrect API key" in bot.said, "the failed sync")
        world.slack.socket_mode.wait_for_connection(timeout=30)
        world.slack.ask(world.slack_id("Carol"), "me", timeout=10)
        _assert_silent(bot, world)


def _use_everything(world: World, slack_id: str) -> None:
    """Opens the Home tab, presses, fills in a form, and has files made; each once in vain."""
    slack, workspace = world.slack, world.slack.workspace
    for method in (
        "views.publish",
        "views.open",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    ):
        slack.faults.error(method, "invalid_auth")
    for _ in range(2):
        assert slack.open_home(slack_id).ok
    workspace.wait_until(lambda: workspace.home_of(slack_id), 10)
    for _ in range(2):
        assert slack.press(slack_id, workspace.home_of(slack_id) or {}, "settings.open").ok
    workspace.wait_until(lambda: workspace.modals_of(slack_id), 10)
    assert slack.submit(slack_id).ok
    for _ in range(3):
        before = len(workspace.shown_to(slack_id))
        slack.slash(slack_id, "export")
        slack.wait_for_reply(slack_id, count=2, after=before, timeout=20)


def _assert_silent(bot: RunningBot, world: World) -> None:
    assert_no_canary(bot.get("/metrics").text + bot.get("/readyz").text)
    assert_no_canary_in_files(world)
    assert bot.stop() == 0
    assert_no_canary(bot.said)
    assert_no_canary_in_files(world)
