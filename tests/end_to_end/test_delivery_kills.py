"""SIGKILL at every step of sending: everybody gets their digest once, or it is known who perhaps did not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.delivery_rig import HISTORY, OPEN, POST, DeliveryRig, Point, When, kill_at
from tests.end_to_end.fork_server import Forked, ForkServer
from tests.end_to_end.rig import RunningBot, wait_until

MANAGERS = 150
KILLS = 50
SLOWLY = 10
"""Messages a second: slow enough that no life of the process sends them all."""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


@pytest.fixture
def rig(server: ForkServer, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[DeliveryRig]:
    """Twenty managers, or as many as the test says."""
    rig = DeliveryRig(tmp_path / "bot", getattr(request, "param", 20))
    try:
        rig.start(server)
        yield rig
    finally:
        rig.world.stop()


def start(rig: DeliveryRig, server: ForkServer, doubt: str = "check", per_second: int = 1000) -> Forked:
    return server.start(rig.world.folder, rig.environment(doubt, per_second), "digest")


def finish(rig: DeliveryRig, server: ForkServer, doubt: str = "check") -> Forked:
    """Runs undisturbed to its end."""
    rig.world.slack.faults.clear()
    last = start(rig, server, doubt)
    last.wait()
    return last


def assert_everybody_has_one(rig: DeliveryRig, said: str) -> None:
    assert set(rig.states().values()) == {"sent"}, said
    assert set(rig.arrived().values()) == {1}, said
    assert len(rig.states()) == len(rig.recipients)


def kill_at_random(
    rig: DeliveryRig, server: ForkServer, random: Random, doubt: str = "check", *, within: float = 1.0
) -> int:
    """One life of the process: it ends in the middle of a call, or at any moment within so many seconds."""
    method = random.choice((POST, POST, HISTORY, OPEN, "none"))
    when: When = random.choice(("before", "after"))
    with rig.stopped_at(Point(method, when, random.randrange(3))) as point:
        process = start(rig, server, doubt, SLOWLY)
        return kill_at(process, point, random.uniform(0.1, within))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", [POST, OPEN, HISTORY])
def test_killed_in_the_middle_of_a_call(
    rig: DeliveryRig, server: ForkServer, method: str, when: When
) -> None:
    rig.world.slack.faults.status(POST, 500, after_accept=True)
    with rig.stopped_at(Point(method, when)) as point:
        assert kill_at(start(rig, server), point) == -9
    assert_everybody_has_one(rig, finish(rig, server).said)


@pytest.mark.parametrize("rig", [MANAGERS], indirect=True)
def test_killed_fifty_times_while_slack_fails_nobody_gets_two_or_none(
    rig: DeliveryRig, server: ForkServer
) -> None:
    random = Random(50)
    rig.set_faults(random, 20)
    ends = [kill_at_random(rig, server, random) for _ in range(KILLS)]
    assert set(ends) <= {-9, 0}
    assert ends.count(-9) > KILLS / 2  # on a quick machine the last lives find nothing left to send
    assert_everybody_has_one(rig, finish(rig, server).said)


def test_without_looking_nobody_gets_two_and_whoever_may_have_none_is_known(
    rig: DeliveryRig, server: ForkServer
) -> None:
    random = Random(7)
    rig.world.slack.faults.status(POST, 500)  # of one that nobody gets, whatever befalls the others
    rig.set_faults(random, 6)
    for _ in range(8):
        kill_at_random(rig, server, random, "skip")
    last = finish(rig, server, "skip")
    states, arrived = rig.states(), rig.arrived()
    assert max(arrived.values()) == 1
    assert set(states.values()) == {"sent", "unknown"}, last.said
    assert all(arrived[who] for who, state in states.items() if state == "sent")
    assert not all(arrived.values())


def test_the_whole_bot_is_killed_and_goes_on_where_it_was(rig: DeliveryRig, server: ForkServer) -> None:
    with rig.stopped_at(Point(POST, "after", 3)) as point:
        assert kill_at(start(rig, server), point) == -9
    settings = {name: value for name, value in rig.environment().items() if name.startswith("DELIVERY_")}
    with rig.stopped_at(Point(POST, "after", 10)) as point:
        bot = RunningBot(rig.world, **settings)
        wait_until(point.came.is_set, "a message of the bot's")
        bot.kill_all()
    again = RunningBot(rig.world, **settings)
    try:
        wait_until(lambda: set(rig.states().values()) == {"sent"}, "every message")
    finally:
        again.kill_all()
    assert_everybody_has_one(rig, again.said)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rig", [3000], indirect=True)
def test_killed_five_hundred_times_over_three_thousand_people(rig: DeliveryRig, server: ForkServer) -> None:
    random, ends = Random(500), []
    for life in range(500):
        if life % 10 == 0:
            rig.set_faults(random, 5)  # of some dozens of calls, so that most of them go well
        ends.append(kill_at_random(rig, server, random, within=3.0))
    last = finish(rig, server)
    arrived = rig.arrived()
    print(f"{ends.count(-9)} kills, {arrived.total():,} messages for {len(arrived):,} people")
    assert_everybody_has_one(rig, last.said)
