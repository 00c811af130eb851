"""The demo as somebody types it: a tour with real figures, a folder to go on with, and a clean end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.rig import wait_until

DEMO = [sys.executable, "-m", "bot", "demo", "--no-browser"]
CAROL = "U0000000AO"
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


@contextmanager
def running_demo(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The demo in ``folder``, what it says in files there; killed at the end if it still runs."""
    with (folder / "said.txt").open("wb") as said, (folder / "complained.txt").open("wb") as complained:
        demo = subprocess.Popen(
            [*DEMO, *arguments],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
        )
    try:
        yield demo
    finally:
        demo.kill()
        demo.wait()


def said_in(folder: Path) -> str:
    return (folder / "said.txt").read_text(encoding="utf-8")


def test_without_a_terminal_it_shows_the_tour_and_serves_the_page_until_sigterm(tmp_path: Path) -> None:
    begun = time.monotonic()
    with running_demo(tmp_path, "--port", "0") as demo:
        wait_until(lambda: "The page is at" in said_in(tmp_path) or demo.poll() is not None, "the page")
        url = re.findall(r"http://127\.0\.0\.1:\d+", said_in(tmp_path))[0]
        assert "The bot is starting" in httpx.get(url, trust_env=False).text
        wait_until(
            lambda: f"open {url}" in said_in(tmp_path) or demo.poll() is not None, "the tour's end", 60
        )
        assert time.monotonic() - begun < LONGEST_SECONDS
        page = httpx.get(f"{url}/as", params={"user": CAROL}, follow_redirects=True, trust_env=False)
        assert "Only visible to you" in page.text
        assert "The bot is starting" not in page.text
        demo.terminate()
        assert demo.wait(END_SECONDS) == 0

    told = said_in(tmp_path)
    assert (tmp_path / "complained.txt").read_text(encoding="utf-8") == ""
    for said in (
        "Northwind",
        "/codex-usage team 7d",
        "I have nothing to show you for that.",
        "I do not know you yet",
    ):
        assert said in told
    assert told.count("[answered in") == 6
    assert told.count("Credits") > 3
    assert processes_in(tmp_path) == []

    asked = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--as", "alice@northwind.example", "team", "7d"],
        cwd=tmp_path / _named_folder(told),
        env={name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CODEX_"))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert "Bob Hartmann" in asked.stdout


def test_a_port_that_is_taken_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with running_demo(tmp_path, "--port", port) as demo:
            assert demo.wait(END_SECONDS) == 1
    (complaint,) = (tmp_path / "complained.txt").read_text(encoding="utf-8").splitlines()
    assert f"Port {port} cannot be used" in complaint
    assert "--port" in complaint
    assert not (tmp_path / "data").exists()


def _named_folder(told: str) -> str:
    return next(line.split()[1] for line in told.splitlines() if line.strip().startswith("cd "))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_everything_it_started(number: signal.Signals, tmp_path: Path) -> None:
    with running_demo(tmp_path, "--port", "0") as demo:
        wait_until(lambda: len(processes_in(tmp_path)) > 1 or demo.poll() is not None, "the demo's bot")
        demo.send_signal(number)

        assert demo.wait(END_SECONDS) == 0
    wait_until(lambda: processes_in(tmp_path) == [], "the end of every process", timeout=5)
    assert "Traceback" not in (tmp_path / "complained.txt").read_text(encoding="utf-8")
