"""The page over a workspace of the cast, and a client as strict as a browser."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.demo.page.clock import Clock
from bot.demo.page.personas import Persona
from bot.demo.page.server import PageServer
from bot.demo.page.serving import serving
from bot.demo.page.site import Site
from bot.demo.slack import SlackServer, build_member
from tests.demo.page.small_app import SmallApp, start_app

CAST = ("Alice", "Bob", "Dan", "Zoe")


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer([build_member(name, deleted=name == "Zoe") for name in CAST]) as server:
        server.socket_mode.ack_seconds = 1.0
        yield server


@pytest.fixture(scope="session")
def closers() -> Iterator[ThreadPoolExecutor]:
    """Close what takes long to close, while other tests run."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def small_app(slack: SlackServer, closers: ThreadPoolExecutor) -> Iterator[SmallApp]:
    small, close = start_app(slack)
    yield small
    closers.submit(close)


@pytest.fixture
def site(slack: SlackServer) -> Site:
    return Site(
        slack, [Persona(f"U{name.upper()}", "Engineer", "Employees", "Works.") for name in CAST], Clock()
    )


@pytest.fixture
def page(site: Site) -> Iterator[httpx.Client]:
    with (
        serving(PageServer(), site) as url,
        httpx.Client(
            base_url=url, headers={"Origin": url}, timeout=10, trust_env=False, verify=False
        ) as client,
    ):
        yield client
