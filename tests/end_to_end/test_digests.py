"""Digests of the real bot: it orders and sends them by itself, and stands still while Slack refuses everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config.parsing import WEEKDAYS
from tests.end_to_end.delivery_rig import POST, DeliveryRig, Point, kill_at
from tests.end_to_end.fork_server import ForkServer
from tests.end_to_end.rig import RunningBot, running, utc_now, wait_until

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


@pytest.fixture
def rig(server: ForkServer, tmp_path: Path) -> Iterator[DeliveryRig]:
    rig = DeliveryRig(tmp_path / "bot", 10)
    try:
        rig.start(server)
        yield rig
    finally:
        rig.world.stop()


def due_yesterday() -> str:
    """A digest that waits for its week does so no longer than a day."""
    due: datetime = utc_now().astimezone(BERLIN) - timedelta(hours=26)
    return f"{WEEKDAYS[due.weekday()]} {due:%H:%M}"


def all_are_sent(rig: DeliveryRig) -> bool:
    states = rig.states()
    return len(states) == len(rig.recipients) and set(states.values()) == {"sent"}


def metric(bot: RunningBot, name: str) -> float:
    lines = bot.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(f"codex_usage_{name} ")).split()[1])


def test_the_bot_sends_what_is_due_by_itself_and_once(rig: DeliveryRig) -> None:
    rig.begin_digests(utc_now() - timedelta(days=30))
    for _ in range(2):
        with running(rig.world, DIGEST_SCHEDULE=due_yesterday(), DELIVERY_RATE_PER_SECOND="100") as bot:
            wait_until(lambda: all_are_sent(rig), "every digest")
            assert bot.stop() == 0
            assert "@northwind.example" not in bot.said
    assert set(rig.arrived().values()) == {1}


def test_on_its_first_day_the_bot_does_not_send_what_was_due_long_ago(rig: DeliveryRig) -> None:
    with running(rig.world, DIGEST_SCHEDULE=due_yesterday()) as bot:
        bot.wait_until_synced()
        wait_until(lambda: "codex_usage_deliveries_open" in bot.get("/metrics").text, "the metrics")
        assert bot.stop() == 0
    assert rig.states() == {}


def test_a_revoked_token_stops_the_queue_and_a_good_one_sets_it_going(
    rig: DeliveryRig, server: ForkServer
) -> None:
    with rig.stopped_at(Point(POST, "after")) as point:
        ordering = server.start(rig.world.folder, rig.environment(), "digest")
        assert kill_at(ordering, point) == -9
    installation = rig.world.slack.installation
    installation.token_error = "token_revoked"
    settings = {name: value for name, value in rig.environment().items() if name.startswith("DELIVERY_")}
    with running(rig.world, **settings) as bot:
        wait_until(lambda: metric(bot, "deliveries_stopped") == 1.0, "the standstill")
        assert "Messages stand still: token_revoked" in bot.said
        installation.token_error = None
        wait_until(lambda: all_are_sent(rig), "every digest")
        wait_until(lambda: metric(bot, "deliveries_stopped") == 0.0, "the end of the standstill")
    assert set(rig.arrived().values()) == {1}
