"""What the demo does before the bot runs: it takes its port, serves the page, and opens a browser where one can be seen."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import httpx
import pytest

from bot.demo.page.server import PageServer
from bot.demo.show import STARTING, _page, _take_port
from bot.demo.world import World
from bot.errors import SourceError


@pytest.mark.parametrize(
    ("display", "wanted", "opens"), [(":0", True, True), ("", True, False), (":0", False, False)]
)
def test_a_browser_is_opened_where_it_can_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, display: str, wanted: bool, opens: bool
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    server = PageServer()
    with World(tmp_path, size=20) as world, _page(world, server, open_browser=wanted):
        assert STARTING in httpx.get(server.url, trust_env=False).text
        assert opened == ([server.url] if opens else [])


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_cannot_be_is_told_in_a_sentence(port: int) -> None:
    with pytest.raises(SourceError, match=rf"Port {port} cannot be used .*--port"):
        _take_port(port)
