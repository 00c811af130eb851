"""The page served: a site behind a port, from the beginning of a block to its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bot.demo.page.clock import Clock
from bot.demo.page.personas import build_personas
from bot.demo.page.routes import respond
from bot.demo.page.server import PageServer
from bot.demo.page.site import Site
from bot.demo.page.templating import prepare
from bot.demo.world import World


def build_site(world: World) -> Site:
    """The page over a simulated world, with its levers."""
    return Site(world.slack, build_personas(world), Clock(world))


@contextmanager
def serving(server: PageServer, site: Site) -> Iterator[str]:
    """Answer with this site; yields the address."""
    prepare()
    server.start(partial(respond, site))
    try:
        yield server.url
    finally:
        site.feed.stop()
        server.stop()
