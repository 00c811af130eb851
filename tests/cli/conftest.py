"""Commands run inside the tests' own process, in a world that was synced once."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app.launch import Launch
from bot.cli import main
from bot.demo.world import World
from tests.end_to_end.rig import build_world, run_command


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


DATABASE = "codex-usage.db"
Run = Callable[..., Said]
"""(arguments…) to what came of it."""


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Slack and the Codex API for all tests of this folder."""
    with build_world(tmp_path_factory.mktemp("outside")) as world:
        yield world


@pytest.fixture(scope="session")
def synced_database(outside: World) -> Path:
    """A database after its first sync, for copying only."""
    synced = run_command(outside, "sync", "--quiet")
    assert synced.returncode == 0, synced.stderr
    return outside.folder / DATABASE


@pytest.fixture
def world(outside: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world with nothing stored yet; this process stands in a folder of its own, with its settings."""
    folder = tmp_path / "bot"
    folder.mkdir()
    shutil.copy(outside.folder / "roster.csv", folder)
    for name in set(os.environ) - set(outside.environment()):
        monkeypatch.delenv(name)
    for name, value in outside.settings().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(outside, "folder", folder)
    yield outside
    outside.codex.faults.clear()
    outside.slack.faults.clear()


@pytest.fixture
def synced(synced_database: Path, world: World) -> World:
    """The world after a first sync."""
    shutil.copy(synced_database, world.folder / DATABASE)
    return world


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command to its end; what it does to the process is undone."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, levels = list(root.handlers), (root.level, logging.getLogger("bot").level)
    handler = signal.getsignal(signal.SIGTERM)

    def run_main(*arguments: str, launch: Launch | None = None) -> Said:
        capsys.readouterr()
        try:
            status = main(arguments, launch)
        except SystemExit as end:  # argparse ends by itself
            status = int(end.code or 0)
        printed = capsys.readouterr()
        return Said(status, printed.out, printed.err)

    yield run_main
    signal.signal(signal.SIGTERM, handler)
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    logging.getLogger("bot").setLevel(levels[1])
    logging.captureWarnings(capture=False)
    threading.excepthook = hook
