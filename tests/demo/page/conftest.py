"""The page over a workspace of the cast, and a client as strict as a browser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.demo.page.clock import Clock
from bot.demo.page.personas import Persona
from bot.demo.page.server import PageServer
from bot.demo.page.serving import serving
from bot.demo.page.site import Site
from bot.demo.slack import SlackServer, build_member
from tests.demo.page.small_app import SmallApp, running_app

CAST = ("Alice", "Bob", "Dan", "Zoe")


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer([build_member(name, deleted=name == "Zoe") for name in CAST]) as server:
        server.socket_mode.ack_seconds = 0.5
        yield server


@pytest.fixture
def small_app(slack: SlackServer) -> Iterator[SmallApp]:
    with running_app(slack) as small:
        yield small


@pytest.fixture
def site(slack: SlackServer) -> Site:
    return Site(
        slack, [Persona(f"U{name.upper()}", "Engineer", "Employees", "Works.") for name in CAST], Clock()
    )


@pytest.fixture
def page(site: Site) -> Iterator[httpx.Client]:
    with (
        serving(PageServer(), site) as url,
        httpx.Client(base_url=url, headers={"Origin": url}, timeout=10, trust_env=False) as client,
    ):
        yield client
