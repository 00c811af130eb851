"""A company of many managers, a Slack that can be stopped in the middle of a call, and what arrived in it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Literal

from bot.demo.slack.values import Json
from bot.demo.slack.workspace import Workspace
from bot.demo.world import World
from bot.store.sqlite import SqliteStore
from tests.end_to_end.fork_server import Forked, ForkServer
from tests.end_to_end.rig import build_world

POST = "chat.postMessage"
HISTORY = "conversations.history"
OPEN = "conversations.open"
DATABASE = "codex-usage.db"
QUARANTINE = 0.4
HOLD_SECONDS = 20.0

When = Literal["before", "after"]


@dataclass
class Point:
    """The place at which a call is stopped: so many calls of that method later, before Slack does it or after."""

    method: str
    when: When
    calls_left: int = 0
    came: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def stop_here(self, when: When) -> None:
        if when == self.when and not self.came.is_set():
            self.came.set()
            self.go_on.wait(HOLD_SECONDS)


class DeliveryRig:
    """Everyone named ``m1`` and so on has one report; ``digest`` has not been run yet."""

    def __init__(self, folder: Path, managers: int) -> None:
        self.world: World = build_world(folder)
        self.world.finance_channel = ""  # people alone get digests here
        self.world.slack.installation.grant("im:history")
        self.recipients = [f"m{n}@northwind.example" for n in range(1, managers + 1)]
        self._point: Point | None = None
        self._lock = threading.Lock()
        methods = self.world.slack._api._methods
        for name in (POST, HISTORY, OPEN):
            methods[name] = replace(methods[name], answer=self._stoppable(name))

    def start(self, server: ForkServer) -> None:
        """Serve, hire everyone, and read once."""
        self.world.start()
        lines = ["email,name,manager_email"]
        for number, email in enumerate(self.recipients, start=1):
            lines += [f"{email},Manager {number},", f"r{number}@northwind.example,Report {number},{email}"]
            self.world.slack.workspace.add_member(_member(number, email))
        (self.world.folder / "roster.csv").write_text("\n".join(lines), encoding="utf-8")
        synced = server.start(self.world.folder, self.environment(), "sync", "--quiet")
        assert synced.wait() == 0, synced.said

    def environment(self, doubt: str = "check", per_second: int = 1000) -> dict[str, str]:
        """Settings under which a message in doubt costs little time."""
        return self.world.environment(
            DELIVERY_DOUBT=doubt,
            DELIVERY_QUARANTINE_SECONDS=str(QUARANTINE),
            DELIVERY_RATE_PER_SECOND=str(per_second),
        )

    @contextmanager
    def stopped_at(self, point: Point) -> Iterator[Point]:
        """Stops one call there; it goes on, as if nobody waited for it, when the block has ended."""
        with self._lock:
            self._point = point
        try:
            yield point
        finally:
            with self._lock:
                self._point = None
            point.go_on.set()

    def set_faults(self, random: Random, count: int) -> None:
        """So many of everything that can go wrong with a message."""
        faults = self.world.slack.faults
        for _ in range(count):
            is_taken = random.random() < 0.5
            match random.randrange(7):
                case 0:
                    faults.status(POST, random.choice((500, 502, 503)), after_accept=is_taken)
                case 1:
                    faults.reset(POST, after_accept=is_taken)
                case 2:
                    faults.error(
                        POST, random.choice(("fatal_error", "internal_error")), after_accept=is_taken
                    )
                case 3:
                    faults.truncated(POST, after_accept=is_taken)
                case 4:
                    faults.html(POST, 200, after_accept=is_taken)
                case 5:
                    faults.late(POST, random.uniform(0.05, 0.2))
                case _:
                    faults.rate_limited(random.choice((POST, HISTORY)), 0)

    def arrived(self) -> Counter[str]:
        """How many digests everybody has in Slack."""
        found: Counter[str] = Counter()
        for number, email in enumerate(self.recipients, start=1):
            found[email] = len(self.world.slack.dms_to(_slack_id(number)))
        return found

    def begin_digests(self, begun: datetime) -> None:
        """As if the bot had run since then."""
        store = SqliteStore(self.world.folder / DATABASE)
        store.save_note("digests_begun", begun.isoformat())
        store.close()

    def states(self) -> dict[str, str]:
        """What the outbox says of everybody's digest."""
        store = SqliteStore(self.world.folder / DATABASE)
        try:
            with store.engine.reading() as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                return dict(connection.execute("SELECT recipient, state FROM delivery").fetchall())
        finally:
            store.close()

    def _stoppable(self, name: str) -> Callable[[Workspace, Json], Json]:
        answer = self.world.slack._api._methods[name].answer

        def stop_and_answer(workspace: Workspace, args: Json) -> Json:
            point = self._next_point(name)
            if point is not None:
                point.stop_here("before")
            result = answer(workspace, args)
            if point is not None:
                point.stop_here("after")
            return result

        return stop_and_answer

    def _next_point(self, name: str) -> Point | None:
        with self._lock:
            point = self._point
            if point is None or point.method != name:
                return None
            point.calls_left -= 1
            return point if point.calls_left < 0 else None


def is_over(process: Forked) -> bool:
    """True when it has ended by itself and waits to be asked how."""
    return Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


def kill_at(process: Forked, point: Point, patience: float = HOLD_SECONDS) -> int:
    """Kills the process in the middle of that call, or where it is after so long."""
    give_up = time.monotonic() + patience
    while not (point.came.is_set() or is_over(process) or time.monotonic() > give_up):
        time.sleep(0.005)
    return process.kill()


def _slack_id(number: int) -> str:
    return f"U9M{number:07}"


def _member(number: int, email: str) -> Json:
    name = f"Manager {number}"
    profile = {"email": email, "real_name": name}
    facts = {"deleted": False, "is_bot": False, "tz": "Europe/Berlin", "profile": profile}
    return {"id": _slack_id(number), "name": f"m{number}", "real_name": name, **facts}
