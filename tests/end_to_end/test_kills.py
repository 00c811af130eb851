"""SIGKILL at every step of a sync: the database stays sound, its days whole, and the next sync heals all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.fork_server import Forked, ForkServer
from tests.end_to_end.kill_rig import DATABASE, HOLD_SECONDS, KillRig
from tests.end_to_end.rig import RunningBot, wait_until

RECENT_DAYS = 31
RECENT_REQUESTS = 8  # 32 days are two pieces: usage of each, then three sums of each
KILLED = -9


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillRig]:
    rig = KillRig(tmp_path_factory.mktemp("world"))
    with rig.world:
        yield rig


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


@pytest.fixture(scope="module")
def old_database(rig: KillRig, server: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the old version of every day."""
    rig.tell("old")
    folder = rig.new_folder(tmp_path_factory.mktemp("old") / "bot")
    _succeed(start(rig, server, folder))
    return folder / DATABASE


@pytest.fixture(scope="module")
def undisturbed(
    rig: KillRig, server: ForkServer, old_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, list[str]]:
    """Answers after a sync that nothing disturbed, the first one and a later one."""
    rig.tell("new")
    answers = {}
    for is_first in (True, False):
        folder = rig.new_folder(tmp_path_factory.mktemp("new") / "bot", None if is_first else old_database)
        _succeed(start(rig, server, folder, *_since(rig, is_first=is_first)))
        answers[is_first] = rig.answers(folder / DATABASE)
    return answers


@pytest.fixture(autouse=True)
def _all_is_well_again(rig: KillRig) -> Iterator[None]:
    rig.tell("new")
    yield
    rig.world.codex.faults.clear()
    rig.world.slack.faults.clear()


def start(rig: KillRig, server: ForkServer, folder: Path, *arguments: str) -> Forked:
    return server.start(folder, rig.world.environment(), "sync", *arguments)


def _since(rig: KillRig, *, is_first: bool) -> tuple[str, ...]:
    return () if is_first else ("--since", str(rig.today - timedelta(days=RECENT_DAYS)))


def _succeed(sync: Forked) -> None:
    assert sync.wait() == 0, sync.said


def check_and_heal(
    rig: KillRig, server: ForkServer, folder: Path, undisturbed: dict[bool, list[str]], *, is_first: bool
) -> None:
    """After a kill: all is whole, and a further sync leaves nothing of the kill behind."""
    database = folder / DATABASE
    rig.assert_whole(database)
    _succeed(start(rig, server, folder, *_since(rig, is_first=is_first)))
    rig.assert_whole(database)
    rig.assert_new(database, 90 if is_first else RECENT_DAYS)
    assert rig.answers(database) == undisturbed[is_first]
    assert not database.with_name(f"{DATABASE}-staging").exists()


@pytest.mark.parametrize("request_number", range(1, RECENT_REQUESTS + 1))
def test_killed_while_a_later_sync_waits_for_an_answer(
    request_number: int,
    rig: KillRig,
    server: ForkServer,
    tmp_path: Path,
    old_database: Path,
    undisturbed: dict[bool, list[str]],
) -> None:
    folder = rig.new_folder(tmp_path / "bot", old_database)
    with rig.held(request_number) as came:
        sync = start(rig, server, folder, *_since(rig, is_first=False))
        assert came.wait(HOLD_SECONDS), sync.said
        assert sync.kill() == KILLED

    check_and_heal(rig, server, folder, undisturbed, is_first=False)


@pytest.mark.parametrize("point", [(n, seed) for n in range(1, RECENT_REQUESTS + 1) for seed in (0, 1)])
def test_killed_while_a_later_sync_works_on_an_answer(
    point: tuple[int, int],
    rig: KillRig,
    server: ForkServer,
    tmp_path: Path,
    old_database: Path,
    undisturbed: dict[bool, list[str]],
) -> None:
    folder = rig.new_folder(tmp_path / "bot", old_database)
    with rig.noticed(point[0]) as came:
        sync = start(rig, server, folder, *_since(rig, is_first=False))
        assert came.wait(HOLD_SECONDS), sync.said
        time.sleep(_moment(*point))
        assert sync.kill() in (KILLED, 0), sync.said

    check_and_heal(rig, server, folder, undisturbed, is_first=False)


@pytest.mark.parametrize(
    "request_number",
    [1, 3, 4, 9],  # the newest days, older ones, the oldest, then sums
)
def test_killed_while_the_first_sync_waits_for_an_answer(
    request_number: int, rig: KillRig, server: ForkServer, tmp_path: Path, undisturbed: dict[bool, list[str]]
) -> None:
    folder = rig.new_folder(tmp_path / "bot")
    with rig.held(request_number) as came:
        sync = start(rig, server, folder)
        assert came.wait(HOLD_SECONDS), sync.said
        assert sync.kill() == KILLED

    check_and_heal(rig, server, folder, undisturbed, is_first=True)


def test_killed_while_slacks_directory_is_read(
    rig: KillRig, server: ForkServer, tmp_path: Path, undisturbed: dict[bool, list[str]]
) -> None:
    folder = rig.new_folder(tmp_path / "bot")
    before = len(rig.world.slack.workspace.calls_to("users.list"))
    rig.world.slack.faults.late("users.list", HOLD_SECONDS)
    sync = start(rig, server, folder)
    rig.world.slack.workspace.wait_until(
        lambda: len(rig.world.slack.workspace.calls_to("users.list")) > before, HOLD_SECONDS
    )
    assert sync.kill() == KILLED

    check_and_heal(rig, server, folder, undisturbed, is_first=True)


@pytest.mark.parametrize("request_number", [2, 7])
def test_killed_with_the_whole_bot_around_it(
    request_number: int, rig: KillRig, server: ForkServer, undisturbed: dict[bool, list[str]]
) -> None:
    rig.world.folder.joinpath(DATABASE).unlink(missing_ok=True)
    folder = rig.world.folder
    with rig.held(request_number) as came:
        bot = RunningBot(rig.world)
        try:
            wait_until(lambda: came.is_set() or bot.process.poll() is not None, "the bot's own first sync")
            assert came.is_set(), bot.said
        finally:
            bot.kill_all()

    rig.assert_whole(folder / DATABASE)
    again = RunningBot(rig.world)
    try:
        again.wait_until_synced()
    finally:
        again.kill_all()
    rig.assert_new(folder / DATABASE, 90)
    assert rig.answers(folder / DATABASE) == undisturbed[True]


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_killed_three_hundred_times_at_any_moment(
    rig: KillRig, server: ForkServer, tmp_path: Path, old_database: Path, undisturbed: dict[bool, list[str]]
) -> None:
    random = Random(300)
    begun = time.monotonic()
    _succeed(start(rig, server, rig.new_folder(tmp_path / "measured")))
    longest = time.monotonic() - begun
    for number in range(300):
        is_first = number % 3 == 0
        folder = rig.new_folder(tmp_path / str(number), None if is_first else old_database)
        sync = start(rig, server, folder, *_since(rig, is_first=is_first))
        time.sleep(random.uniform(0, longest if is_first else longest / 2))
        assert sync.kill() in (KILLED, 0), sync.said
        check_and_heal(rig, server, folder, undisturbed, is_first=is_first)


def _moment(request_number: int, seed: int) -> float:
    """A moment within the few milliseconds in which an answer is taken in; any of them will do."""
    return Random(100 * seed + request_number).uniform(0, 0.03)
