"""SIGTERM ends everything in time and in order; Slack and the Codex API may be away when it begins."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.codex_faults import Fail, Fault
from bot.demo.world import World
from tests.end_to_end.kill_rig import DATABASE, KillRig
from tests.end_to_end.rig import RunningBot, build_world, give_database, running, wait_until

END_SECONDS = 10.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with build_world(tmp_path / "bot") as world:
        yield world


def children(bot: RunningBot) -> list[int]:
    """The processes that the bot has started and that still run."""
    told = Path(f"/proc/{bot.process.pid}/task/{bot.process.pid}/children")
    every = [Path(task) / "children" for task in told.parent.parent.iterdir()]
    return [int(pid) for one in every for pid in one.read_text().split()]


@pytest.fixture
def synced(world: World, synced_database: Path) -> World:
    """The world of a bot that has nothing to sync before tomorrow."""
    give_database(world, synced_database)
    return world


def is_alive(pid: int) -> bool:
    """True while there is such a process, and it is no zombie."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_an_idle_bot_ends_at_once(synced: World) -> None:
    with running(synced, SYNC_INTERVAL_MINUTES="1440") as bot:
        bot.wait_until_synced()
        synced.slack.socket_mode.wait_for_connection()
        begun = time.monotonic()

        assert bot.stop() == 0
        assert time.monotonic() - begun < END_SECONDS
        assert "Traceback" not in bot.said


def test_an_end_in_the_middle_of_a_sync_leaves_nothing_half_written(tmp_path: Path) -> None:
    rig = KillRig(tmp_path / "bot")
    rig.tell("new")
    database = rig.world.folder / DATABASE
    with rig.world:
        with rig.held(2) as came, running(rig.world) as bot:
            wait_until(came.is_set, "the bot's own sync")
            syncs = children(bot)
            assert syncs
            begun = time.monotonic()

            assert bot.stop() == 0
            assert time.monotonic() - begun < END_SECONDS
            assert not any(is_alive(pid) for pid in syncs)
        rig.assert_whole(database)

        with running(rig.world) as again:
            again.wait_until_synced()
        rig.assert_new(database, 90)


def test_answers_that_are_on_their_way_arrive(synced: World) -> None:
    with running(synced, SYNC_INTERVAL_MINUTES="1440") as bot:
        bot.wait_until_synced()
        synced.slack.socket_mode.wait_for_connection()
        people = [w.slack_id for w in synced.company.staff if w.slack_id and w.left_on is None]
        for slack_id in people:
            assert synced.slack.slash(slack_id, "me 7d").ok

        assert bot.stop(within=END_SECONDS) == 0
        for slack_id in people:
            assert len(synced.slack.workspace.shown_to(slack_id)) == 1


def test_a_slack_that_hangs_does_not_hold_up_the_end(synced: World) -> None:
    with running(synced, SYNC_INTERVAL_MINUTES="1440") as bot:
        bot.wait_until_synced()
        synced.slack.socket_mode.wait_for_connection()
        synced.slack.faults.late("response_url", 60, times=8)
        carol = synced.slack_id("Carol")
        for _ in range(8):
            assert synced.slack.slash(carol, "me 7d").ok
        synced.slack.wait_for_reply(carol)  # taken, and its acknowledgement will not come
        begun = time.monotonic()

        assert bot.stop() == 0
        assert time.monotonic() - begun < END_SECONDS


def test_a_sync_that_is_told_to_end_does_so_between_two_tries(world: World) -> None:
    world.codex.faults.append(Fault(Fail(503, retry_after="120"), times=None))
    with running(world) as bot:
        wait_until(lambda: world.codex.count(status=503) > 0, "the first try")
        begun = time.monotonic()

        assert bot.stop() == 0
        assert time.monotonic() - begun < END_SECONDS


def test_slack_may_be_away_at_the_start_and_come_back(world: World) -> None:
    world.slack.faults.status("*", 503, times=6)
    with running(world) as bot:
        assert bot.get("/healthz").status_code == 200
        wait_until(lambda: "No Socket Mode connection yet" in bot.said, "the first try")
        world.slack.faults.clear()
        world.slack.socket_mode.wait_for_connection(timeout=30)
        bot.wait_until_synced()

        assert world.slack.ask(world.slack_id("Carol"), "me 7d", timeout=10)["blocks"]


@pytest.mark.soak  # ten seconds pass before the loss is noticed
def test_a_lost_connection_is_opened_again(synced: World) -> None:
    with running(synced, SYNC_INTERVAL_MINUTES="1440") as bot:
        bot.wait_until_synced()
        synced.slack.socket_mode.wait_for_connection()
        synced.slack.socket_mode.drop()
        synced.slack.socket_mode.wait_for_connection(timeout=60)

        assert synced.slack.ask(synced.slack_id("Carol"), "me 7d", timeout=10)["blocks"]


def test_a_killed_bot_leaves_a_sync_that_does_no_harm(tmp_path: Path) -> None:
    rig = KillRig(tmp_path / "bot")
    rig.tell("new")
    with rig.world:
        with rig.held(2) as came, running(rig.world) as bot:
            wait_until(came.is_set, "the bot's own sync")
            orphans = children(bot)
            os.kill(bot.process.pid, signal.SIGKILL)
            bot.process.wait()
            with running(rig.world) as again:  # beside the orphan, which holds the right to sync
                wait_until(lambda: "A sync ended with status 1" in again.said or again.is_ready(), "a sync")
                assert again.get("/healthz").status_code == 200
            assert orphans
        rig.assert_whole(rig.world.folder / DATABASE)
