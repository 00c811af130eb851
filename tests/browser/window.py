"""Debian's Chromium without a screen, and what a person does in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 800}
PICTURE = {"width": 1180, "height": 680}
PATIENCE_MILLISECONDS = 15_000


class MissingBrowserError(Exception):
    """Chromium is not installed here."""


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A fresh profile each time. Raises `MissingBrowserError`."""
    if not CHROMIUM.exists():
        raise MissingBrowserError(f"{CHROMIUM} is not there; `make browser` installs it on Debian.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """One tab. ``complaints`` is what the browser's console said: errors of scripts and of the page's policy."""

    def __init__(self, browser: Browser, url: str, **settings: Any) -> None:
        self.complaints: list[str] = []
        self.url = url
        self._context = browser.new_context(**{"viewport": DESKTOP, **settings})
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def close(self) -> None:
        """Close the tab and forget everything."""
        self._context.close()

    def be(self, user_id: str, where: str = "C0GENERAL1") -> None:
        """Look at a place as that person, and wait until the page can be used."""
        self.page.goto(f"{self.url}/as/{user_id}/{where}")
        self.page.locator("html[data-ready]").wait_for()

    @property
    def messages(self) -> Locator:
        """Every message in sight, oldest first."""
        return self.page.locator(".message")

    def ask(self, text: str) -> Locator:
        """Type a command and send it; the answer, once it is there."""
        before = self.messages.count()
        self.page.locator("#say").fill(text)
        self.page.locator("#say").press("Enter")
        answer = self.messages.nth(before)
        answer.wait_for()
        return answer

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)
