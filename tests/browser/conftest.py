"""One browser and one demo for all tests; a window for each, which must not have complained in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.staging import Demo, running_demo
from tests.browser.window import Window, running_browser

OpenWindow = Callable[..., Window]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as opened:
        yield opened


@pytest.fixture
def open_window(browser: Browser) -> Iterator[OpenWindow]:
    """Opens a tab on an address."""
    windows: list[Window] = []

    def opening(url: str, **settings: Any) -> Window:
        windows.append(Window(browser, url, **settings))
        return windows[-1]

    yield opening
    for window in windows:
        window.close()
    assert [complaint for window in windows for complaint in window.complaints] == []


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture
def window(demo: Demo, open_window: OpenWindow) -> Window:
    return open_window(demo.url)
