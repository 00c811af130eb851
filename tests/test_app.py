"""The parts put together: what is built from a configuration, and the bot's whole life in one process."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from freezegun import freeze_time

import bot.app.bot
from bot.app.bot import Bot
from bot.app.clients import SLACK_TIMEOUT_SECONDS, build_roster, build_slack_client, build_store
from bot.app.launch import Launch, utc_now
from bot.app.syncing import start_sync_process
from bot.config import Config, from_environ
from bot.demo.world import World
from bot.errors import ConfigError
from tests.end_to_end.rig import build_world, run_command, wait_until


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with build_world(tmp_path / "bot") as world:
        monkeypatch.chdir(world.folder)
        yield world


def config_of(world: World, **settings: str) -> Config:
    return from_environ(world.settings() | {"PORT": "0"} | settings)


class IdleSync:
    """A sync process that ended at once, having done nothing."""

    def __init__(self, command: Sequence[str]) -> None: ...

    def poll(self) -> int:
        return 0

    def terminate(self) -> None: ...

    def kill(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int:
        return 0


def test_the_clock_is_in_utc() -> None:
    with freeze_time("2026-11-22 10:15:00"):
        now = utc_now()

    assert now == datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
    assert now.utcoffset() == timedelta(0)


def test_a_store_comes_with_its_schema(world: World) -> None:
    store = build_store(config_of(world))
    try:
        assert store.load_last_run() is None
        assert (world.folder / "codex-usage.db").exists()
    finally:
        store.close()


def test_slacks_client_repeats_nothing_by_itself(world: World) -> None:
    client = build_slack_client(config_of(world))

    assert client.retry_handlers == []
    assert client.base_url == world.slack.api_url
    assert client.timeout == SLACK_TIMEOUT_SECONDS


def test_no_roster_file_is_no_roster(world: World) -> None:
    settings = {name: value for name, value in world.settings().items() if name != "ROSTER_FILE"}

    assert build_roster(from_environ(settings)) is None
    assert build_roster(config_of(world)) is not None


def test_a_sync_is_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(subprocess, "Popen", started.append)
    start_sync_process(Launch().command)

    assert started == [[sys.executable, "-m", "bot", "sync", "--if-due", "--quiet"]]


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_bot_lives_from_start_to_stop(mode: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_command(world, "sync", "--quiet").returncode == 0
    monkeypatch.setattr(bot.app.bot, "start_sync_process", IdleSync)
    config = config_of(world, SLACK_MODE=mode, SLACK_SIGNING_SECRET=world.slack.signing_secret)
    running = Bot(config, Launch())
    port = running.start()
    try:
        _connect(world, mode, port)
        carol = world.slack_id("Carol")
        assert "Your Codex usage" in world.slack.ask(carol, "me 7d", timeout=10)["text"]

        world.slack.workspace.change_member(carol, profile={"email": "carol@elsewhere.example"})
        wait_until(lambda: "do not know you" in _ask(world, carol), "the change of address")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False) as http:
            assert http.get("/healthz").status_code == 200
            assert http.get("/readyz").status_code == 200
            assert (
                'codex_usage_slack_events_total{event="user_change",outcome="applied"} 1.0'
                in http.get("/metrics").text
            )
    finally:
        running.stop()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False)


def _connect(world: World, mode: str, port: int) -> None:
    if mode == "socket":
        world.slack.socket_mode.wait_for_connection()
    else:
        world.slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")


def _ask(world: World, slack_id: str) -> str:
    return str(world.slack.ask(slack_id, "me", timeout=10)["text"])


def test_a_stranger_workspace_is_not_served(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_command(world, "sync", "--quiet").returncode == 0
    monkeypatch.setattr(bot.app.bot, "start_sync_process", IdleSync)
    running = Bot(config_of(world), Launch())
    running.start()
    try:
        world.slack.socket_mode.wait_for_connection()
        wait_until(lambda: world.slack.workspace.calls_to("auth.test"), "the question whose bot this is")
        home, world.slack.installation.team_id = world.slack.installation.team_id, "T0FOREIGN1"
        wait_until(lambda: "another workspace" in _typed(world), "the refusal")
        world.slack.installation.team_id = home
        assert "Your Codex usage" in _ask(world, world.slack_id("Carol"))
    finally:
        running.stop()


def _typed(world: World) -> Any:
    ack = world.slack.slash(world.slack_id("Carol"), "me")
    return world.slack.wait_for_reply(world.slack_id("Carol"), after=ack.shown_before, timeout=10)["text"]


def test_a_bot_that_cannot_have_its_port_starts_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(bot.app.bot, "start_sync_process", IdleSync)
    first = Bot(config_of(world), Launch())
    port = first.start()
    second = Bot(config_of(world, PORT=str(port)), Launch())
    try:
        with pytest.raises(ConfigError, match="HOST and PORT"):
            second.start()
    finally:
        second.stop()
        first.stop()
    assert caplog.text == ""
