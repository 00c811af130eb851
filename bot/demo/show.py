"""``demo``: starts the simulated world, runs the real bot in it, shows a tour and serves the page."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.demo.page.server import PageServer
from bot.demo.page.serving import build_site, serving
from bot.demo.page.site import Site
from bot.demo.tour import give_tour
from bot.demo.world import World
from bot.errors import SourceError
from bot.stopping import Stopping

FOLDER = Path("data") / "demo"
START_SECONDS = 60.0
STOP_SECONDS = 12.0
STARTING = "The bot is starting and reads 90 days of usage; in a few seconds it answers commands."


def run_demo(port: int, *, open_browser: bool) -> int:
    """Show everything, and serve the page until a signal comes. Raises `SourceError` when the port is taken."""
    stopping = Stopping(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    server = _take_port(port)
    print("Inventing a company, a Codex API and a Slack workspace on this machine; nothing leaves it.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    with (
        World(FOLDER) as world,
        _page(world, server, open_browser=open_browser) as site,
        running_bot(world, stopping),
    ):
        if not stopping.is_set():
            world.slack.socket_mode.wait_for_connection(timeout=START_SECONDS)
            site.desk.announce("")
            give_tour(world)
            print(f"\nOr in the browser: open {server.url}   (Ctrl-C ends the demo)", flush=True)
        stopping.wait()
    return 0


def _take_port(port: int) -> PageServer:
    try:
        return PageServer(port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(
            f"Port {port} cannot be used ({reason}); name another one with --port, or 0 for any free one.",
            permanent=True,
        ) from error


@contextmanager
def _page(world: World, server: PageServer, *, open_browser: bool) -> Iterator[Site]:
    """The page, up before the bot is."""
    site = build_site(world)
    site.desk.announce(STARTING)
    with serving(server, site) as url:
        print(f"The page is at {url}", flush=True)
        if open_browser and _has_display():
            webbrowser.open(url)
        yield site


def _has_display() -> bool:
    """Without one, a browser in the terminal would take the tour's place."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


@contextmanager
def running_bot(world: World, stopping: Stopping) -> Iterator[int]:
    """The real bot as a process of its own, ready, on the port that it yields. Raises `SourceError`."""
    port = _free_port()
    environment = world.environment(PORT=str(port))
    bot = subprocess.Popen(  # noqa: S603 - our own command
        [*world.bot_command, "run"],
        cwd=world.folder,
        env=environment,
        start_new_session=True,  # Ctrl-C is ours to hear; the bot is ended below, after the tour
    )
    try:
        _wait_for_first_sync(bot, port, stopping)
        yield port
    finally:
        bot.terminate()
        try:
            bot.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            bot.kill()
            bot.wait()


def _wait_for_first_sync(bot: subprocess.Popen[bytes], port: int, stopping: Stopping) -> None:
    give_up = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5, trust_env=False) as http:
        while not stopping.wait(0.05):
            if bot.poll() is not None:
                raise SourceError(
                    f"The bot ended with status {bot.returncode} before it was ready.", permanent=True
                )
            if time.monotonic() > give_up:
                raise SourceError(
                    f"The bot was not ready within {START_SECONDS:.0f} seconds.", permanent=True
                )
            if _has_synced(http):
                return


def _has_synced(http: httpx.Client) -> bool:
    try:
        metrics = http.get("/metrics").text
    except httpx.TransportError:
        return False
    return "\ncodex_usage_last_sync_ok 1.0\n" in metrics


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
