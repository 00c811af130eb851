"""``python -m tests.browser.pictures``: the main scenes of the demo's page as pictures, for the README.

The world's clock begins at the same instant each time, so that the same figures are shown.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from bot.app import utc_now
from bot.demo.moved_clock import MovedClock
from bot.demo.page.server import PageServer
from bot.demo.page.serving import build_site, serving
from bot.demo.show import running_bot
from bot.demo.world import World
from bot.stopping import Stopping
from tests.browser.window import PHONE, PICTURE, Window, running_browser

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
BEGINNING = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LARGEST_BYTES = 150_000


def main() -> None:
    """Take every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as name:
        world = World(Path(name), clock=_clock_at(Path(name), BEGINNING))
        with world, serving(PageServer(), build_site(world)) as url, running_bot(world, Stopping()):
            world.slack.socket_mode.wait_for_connection(timeout=30)
            with running_browser() as browser:
                _take_all(world, browser, url)


def _clock_at(folder: Path, instant: datetime) -> MovedClock:
    clock = MovedClock(folder / "clock")
    clock.move(instant - utc_now())
    return clock


def _take_all(world: World, browser: Browser, url: str) -> None:
    desk = Window(browser, url, viewport=PICTURE)
    desk.be(world.slack_id("Alice"))
    desk.ask("/codex-usage team 7d")
    _take(desk, "team")

    desk.be(world.slack_id("Finn"))
    desk.page.get_by_role("button", name="Inspector").click()
    desk.ask("/codex-usage org")
    desk.page.locator(".exchange", has_text="/codex-usage").first.click()
    desk.page.locator(".detail pre").first.wait_for()
    _take(desk, "inspector")

    phone = Window(browser, url, viewport=PHONE, color_scheme="dark", has_touch=True, is_mobile=True)
    phone.be(world.slack_id("Carol"))
    phone.ask("/codex-usage me")
    _take(phone, "phone")


def _take(window: Window, name: str) -> None:
    path = FOLDER / f"{name}.png"
    window.page.locator("#say").blur()
    window.page.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise ValueError(f"{path.name} has {size:,} bytes")
    sys.stdout.write(f"{path.relative_to(FOLDER.parent.parent)}  {size:,} bytes\n")


if __name__ == "__main__":
    main()
