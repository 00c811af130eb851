"""``python -m tests.browser.pictures``: the main scenes of the demo's page as pictures, for the README.

The same figures are shown each time.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator

from bot.demo.world import World
from tests.browser.staging import running_demo
from tests.browser.window import PHONE, PICTURE, Window, running_browser

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
TALL = 960
LARGEST_BYTES = 150_000


def main() -> None:
    """Take every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as name,
        running_demo(Path(name)) as demo,
        running_browser() as browser,
    ):
        _take_all(demo.world, browser, demo.url)


def _take_all(world: World, browser: Browser, url: str) -> None:
    desk = Window(browser, url, viewport=PICTURE)
    desk.be(world.slack_id("Alice"))
    answer = desk.ask("/codex-usage team 7d")
    _take(desk, "team", answer.get_by_role("table").first)

    desk.be(world.slack_id("Alice"), "home")
    desk.page.locator(".view").wait_for()
    _take(desk, "home", desk.page.get_by_role("button", name="Everyone below you"))

    phone = Window(browser, url, viewport=PHONE, color_scheme="dark", has_touch=True, is_mobile=True)
    phone.be(world.slack_id("Carol"))
    answer = phone.ask("/codex-usage me")
    _take(phone, "phone", answer.locator("svg").first)

    desk.be(world.slack_id("Bob"), "messages")
    desk.page.get_by_role("button", name="Clock").click()
    desk.page.get_by_role("button", name="To Monday’s digests").click()  # noqa: RUF001 - as it is written there
    desk.messages.first.wait_for(timeout=60_000)
    desk.page.get_by_role("button", name="Close the clock").click()
    desk.page.set_viewport_size({"width": PICTURE["width"], "height": TALL})
    _take(desk, "digest", desk.messages.first.locator(".by"))


def _take(window: Window, name: str, shows: Locator | None = None) -> None:
    path = FOLDER / f"{name}.png"
    window.page.evaluate("document.activeElement?.blur()")
    if shows is not None:
        shows.evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    window.page.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise ValueError(f"{path.name} has {size:,} bytes")
    sys.stdout.write(f"{path.relative_to(FOLDER.parent.parent)}  {size:,} bytes\n")


if __name__ == "__main__":
    main()
