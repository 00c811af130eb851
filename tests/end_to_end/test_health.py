"""What operators ask over HTTP: alive, ready, figures; before the first sync and after."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.demo.codex_faults import Fail, Fault, Rewrite
from bot.demo.world import World
from tests.end_to_end.rig import RunningBot, build_world, give_database, run_command, running, wait_until

HOLD_SECONDS = 30.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with build_world(tmp_path / "bot") as world:
        yield world


def figures(bot: RunningBot) -> dict[str, float]:
    """Every gauge and counter without its labels."""
    families = text_string_to_metric_families(bot.get("/metrics").text)
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_ready_only_once_usage_was_read(world: World) -> None:
    go_on = threading.Event()
    world.codex.faults.append(Fault(Rewrite(lambda _page: _hold(go_on)), route="usage", nth=1))
    with running(world) as bot:
        assert bot.get("/healthz").json() == {"ok": True}
        early = bot.get("/readyz")
        assert early.status_code == 503
        assert early.json() == {"ready": False, "reasons": ["Usage was never read yet."]}
        assert figures(bot)["codex_usage_last_sync_ok"] == 0

        go_on.set()
        wait_until(bot.is_ready, "readiness")
        assert bot.get("/readyz").json() == {"ready": True, "reasons": []}
        assert bot.get("/healthz").status_code == 200


def _hold(go_on: threading.Event) -> None:
    go_on.wait(HOLD_SECONDS)


def test_a_first_sync_that_fails_is_told_and_the_bot_stays(world: World) -> None:
    world.codex.faults.append(Fault(Fail(401), times=None))
    with running(world) as bot:
        wait_until(lambda: "A sync ended with status 1" in bot.said or _has_run(bot), "the end of the sync")
        assert bot.get("/readyz").status_code == 503
        assert bot.get("/healthz").status_code == 200
        assert figures(bot)["codex_usage_last_sync_ok"] == 0


def _has_run(bot: RunningBot) -> bool:
    return "A part of the sync failed" in bot.said


def test_figures_say_what_is_stored_and_nobodys_name(world: World, synced_database: Path) -> None:
    give_database(world, synced_database)
    with running(world, SYNC_INTERVAL_MINUTES="1440") as bot:
        bot.wait_until_synced()
        world.slack.socket_mode.wait_for_connection()
        carol = world.slack_id("Carol")
        world.slack.ask(carol, f"@{world.name('Bob')}", timeout=10)
        world.slack.ask(carol, "me 7d", timeout=10)
        wait_until(
            lambda: (
                'codex_usage_commands_total{command="me",outcome="answered"} 1.0' in bot.get("/metrics").text
            ),
            "the count of the answer",
        )
        page = bot.get("/metrics")

        told = figures(bot)
        employed = [w for w in world.company.staff if w.left_on is None or w.left_on >= world.company.today]
        assert told["codex_usage_employees"] == len(employed)
        assert told["codex_usage_employees_in_slack"] == len([w for w in employed if w.slack_id])
        assert told["codex_usage_accounts"] == len(world.company.accounts)
        assert told["codex_usage_unmatched_accounts"] == 2
        assert told["codex_usage_refused_days"] == 0
        assert told["codex_usage_database_up"] == 1
        assert (
            told["codex_usage_last_read_timestamp_seconds"]
            > told["codex_usage_complete_day_timestamp_seconds"]
            > 0
        )

    assert page.headers["content-type"].startswith("text/plain")
    assert "@" not in page.text
    for worker in world.company.staff:
        assert worker.name not in page.text
        assert worker.email.split("@")[0] not in page.text
        assert (worker.slack_id or "U0") not in page.text


def test_a_database_that_went_bad_is_no_readiness(world: World, synced_database: Path) -> None:
    give_database(world, synced_database)
    with running(world, SYNC_INTERVAL_MINUTES="1440") as bot:
        bot.wait_until_synced()
        (world.folder / "codex-usage.db").write_bytes(b"not a database at all" * 1000)
        (world.folder / "codex-usage.db-wal").unlink(missing_ok=True)
        wait_until(lambda: not bot.is_ready(), "the end of readiness")

        assert "codex-usage.db" in bot.get("/readyz").json()["reasons"][0]
        assert bot.get("/healthz").status_code == 200
        assert figures(bot)["codex_usage_database_up"] == 0


def test_in_socket_mode_slack_has_no_way_in_over_http(world: World) -> None:
    with running(world) as bot:
        assert bot.http.post("/slack/events", content=b"x=1").status_code == 404
        assert bot.get("/elsewhere").status_code == 404
        assert bot.http.post("/metrics").status_code == 405


def test_a_taken_port_is_said_in_one_line(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bot = run_command(world, "run", PORT=str(taken.getsockname()[1]))

    assert bot.returncode == 2
    assert bot.stderr.startswith("codex-usage-bot: HOST and PORT: cannot listen")
    assert bot.stderr.count("\n") == 1
