"""The clock on the page moves the whole simulated world."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.demo.page.server import PageServer
from bot.demo.page.serving import build_site, serving
from bot.demo.world import World


def test_the_levers_of_the_page_move_the_world(tmp_path: Path) -> None:
    world = World(tmp_path)
    with (
        world,
        serving(PageServer(), build_site(world)) as url,
        httpx.Client(base_url=url, trust_env=False, verify=False) as page,
    ):
        page.headers["Origin"] = url

        def pull(lever: str, **given: object) -> str:
            return str(page.post(f"/clock/{lever}", json=given).json()["said"])

        began = world.levers.now()
        assert "A day passed" in pull("day")
        assert "A week passed" in pull("week")
        assert (world.levers.now() - began).days == 8
        assert "09:00" in pull("monday")
        assert "next sync is due" in pull("sync")
        assert "were corrected" in pull("revise")
        assert "is down" in pull("down", down=True)
        assert "everything gets 503" in page.get(f"/as/{world.slack_id('Finn')}/about").text
        assert "answers again" in pull("down", down=False)
        assert "Carol Jensen ran away" in pull("explode", email=world.email("Carol"))
        text = page.get(f"/as/{world.slack_id('Finn')}/about").text
        assert "Ran away today: Carol Jensen" in text
        assert "codex-spend" in text
        assert page.post("/clock/explode", json={"email": "nobody@example.com"}).status_code == 404
        assert page.post("/clock/other", json={}).status_code == 404
