"""The demo as somebody types it: a tour with real figures, a folder to go on with, and a clean end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end_to_end.rig import wait_until

DEMO = [sys.executable, "-m", "bot", "demo", "--no-browser"]
LONGEST_SECONDS = 20
END_SECONDS = 15


def environment() -> dict[str, str]:
    """This process's, with proxies and settings that the demo must not follow."""
    return os.environ | {
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "SLACK_BOT_TOKEN": "xoxb-of-somebody-else",
        "CODEX_API_URL": "http://127.0.0.1:9/elsewhere",
        "ROSTER_FILE": "/nowhere",
    }


def processes_in(folder: Path) -> list[int]:
    """Every process whose working folder is in ``folder``."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink().is_relative_to(folder):
                found.append(int(entry.name))
        except OSError:
            continue  # it has ended, or is not ours
    return found


def test_without_a_terminal_it_shows_the_tour_and_ends(tmp_path: Path) -> None:
    begun = time.monotonic()
    demo = subprocess.run(
        DEMO,
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert demo.returncode == 0, demo.stderr
    assert demo.stderr == ""
    assert time.monotonic() - begun < LONGEST_SECONDS
    for said in (
        "Northwind",
        "/codex-usage team 7d",
        "I have nothing to show you for that.",
        "I do not know you yet",
    ):
        assert said in demo.stdout
    assert demo.stdout.count("[answered in") == 6
    assert demo.stdout.count("Credits") > 3
    assert processes_in(tmp_path) == []

    asked = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--as", "alice@northwind.example", "team", "7d"],
        cwd=tmp_path / _named_folder(demo.stdout),
        env={name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CODEX_"))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert "Bob Hartmann" in asked.stdout


def _named_folder(told: str) -> str:
    return next(line.split()[1] for line in told.splitlines() if line.strip().startswith("cd "))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_everything_it_started(number: signal.Signals, tmp_path: Path) -> None:
    with (tmp_path / "said.txt").open("wb") as said:
        demo = subprocess.Popen(
            DEMO, cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    try:
        wait_until(lambda: len(processes_in(tmp_path)) > 1 or demo.poll() is not None, "the demo's bot")
        demo.send_signal(number)

        assert demo.wait(END_SECONDS) == 0
    finally:
        demo.kill()
        demo.wait()
    wait_until(lambda: processes_in(tmp_path) == [], "the end of every process", timeout=5)
    assert b"Traceback" not in (tmp_path / "said.txt").read_bytes()
