"""How soon the demo's page is there, and an answer on it: in a real browser, against the real bot."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.demo.page.server import PageServer
from bot.demo.page.serving import build_site, serving
from bot.demo.show import running_bot
from bot.demo.world import World
from bot.stopping import Stopping
from tests.browser.speed import Timed, time_commands
from tests.browser.window import Window, running_browser

COMMANDS = 50


def time_page() -> Timed:
    """Raises `MissingBrowserError` where no browser is installed."""
    with running_browser() as browser, tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        with world, serving(PageServer(), build_site(world)) as url, running_bot(world, Stopping()):
            world.slack.socket_mode.wait_for_connection(timeout=30)
            window = Window(browser, url)
            window.be(world.slack_id("Alice"))
            return time_commands(window, COMMANDS)
