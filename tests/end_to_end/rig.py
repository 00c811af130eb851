"""The real bot as a process in a simulated world, and what it should answer, computed without its code."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.demo import company as invented
from bot.demo.codex_data import CompanyData
from bot.demo.company import Company
from bot.demo.world import World

Usage = Callable[[date], Iterable[Mapping[str, Any]]]
"""The rows of a UTC day."""

SMALL = 20
PROGRAM = (sys.executable, "-m", "bot")
_PORT = re.compile(r"metrics are on port (\d+)")


def build_world(folder: Path, *, size: int = SMALL) -> World:
    """A small company whose days are settled, so that `invented.usage_rows` tells what the API tells.

    Slack does not count how often it is asked: a test syncs more often in a minute than a bot in a day.
    """
    world = World(folder, size=size)
    world.slack.limits.enabled = False
    world.codex.data = CompanyData(world.company, now=world.clock, settled=True, mishaps=world.mishaps)
    return world


def utc_now() -> datetime:
    """The clock that the process under test has, too."""
    return datetime.now(UTC)


def wait_until(is_so: Callable[[], object], what: str, timeout: float = 30.0) -> None:
    """Looks again and again until it is so. Raises `TimeoutError`."""
    give_up = time.monotonic() + timeout
    while not is_so():
        if time.monotonic() > give_up:
            raise TimeoutError(f"not within {timeout:g} s: {what}")
        time.sleep(0.01)


def run_command(world: World, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``python -m bot …`` in the world's folder, to its end."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=world.folder,
        env=world.environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def give_database(world: World, database: Path) -> None:
    """Puts a copy of a database where the world's bot will look for its own."""
    shutil.copy(database, world.folder / "codex-usage.db")


class RunningBot:
    """``python -m bot run`` unless another ``program`` is named; what it and its syncs say is in `said`."""

    def __init__(self, world: World, program: Sequence[str] = PROGRAM, **settings: str) -> None:
        self._log = world.folder / f"bot-{time.monotonic_ns()}.log"
        environment = world.environment(**{"PORT": "0", "LOG_LEVEL": "info", **settings})
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*program, "run"],
                cwd=world.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that `kill_all` reaches its children and nobody else
            )
        self.port = self._read_port()
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", timeout=10, trust_env=False, verify=False
        )

    @property
    def said(self) -> str:
        """Its standard output and error up to now."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str) -> httpx.Response:
        """A GET of the HTTP endpoint."""
        return self.http.get(path)

    def is_ready(self) -> bool:
        """What /readyz says."""
        return self.get("/readyz").status_code == 200

    def has_synced(self) -> bool:
        """True when the last sync ended well."""
        return "\ncodex_usage_last_sync_ok 1.0\n" in self.get("/metrics").text

    def wait_until_synced(self) -> None:
        """Waits for the first sync, which the bot starts by itself."""
        wait_until(self.has_synced, "the first sync")

    def stop(self, within: float = 20.0) -> int:
        """SIGTERM, and its exit status. Raises `subprocess.TimeoutExpired`."""
        self.http.close()
        self.process.terminate()
        return self.process.wait(within)

    def kill_all(self) -> None:
        """SIGKILL for the bot and every sync that it started, as the end of a container does it."""
        self.http.close()
        kill_group(self.process)

    def _read_port(self) -> int:
        wait_until(lambda: _PORT.search(self.said) or self.process.poll() is not None, "the bot's start")
        found = _PORT.search(self.said)
        assert found, self.said
        return int(found[1])


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a process that leads a session, and for its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # all of them have ended
    finally:
        process.wait()


@contextmanager
def running(world: World, program: Sequence[str] = PROGRAM, **settings: str) -> Iterator[RunningBot]:
    """A bot that is ended at the end, however the block ends."""
    bot = RunningBot(world, program, **settings)
    try:
        yield bot
    finally:
        bot.kill_all()


@dataclass
class Expected:
    """Sums over the API's own rows."""

    threads: int = 0
    turns: int = 0
    credits: float = 0.0
    tokens: int = 0

    def add(self, totals: Mapping[str, Any]) -> None:
        """One account's day."""
        self.threads += totals["threads"]
        self.turns += totals["turns"]
        self.credits += totals["credits"]
        self.tokens += totals.get("text_total_tokens") or 0


def people_below(company: Company, who: str) -> set[str]:
    """The addresses of everyone below, at every depth."""
    above = {worker.email: worker.manager_email for worker in company.staff}
    found: set[str] = set()
    waiting = [company.worker(who).email]
    while waiting:
        boss = waiting.pop()
        reports = [email for email, manager in above.items() if manager == boss]
        found.update(reports)
        waiting.extend(reports)
    return found


def expect(
    company: Company, emails: Iterable[str], days: int, today: date, usage: Usage | None = None
) -> Expected:
    """What the people used in the ``days`` complete days before ``today``, by their habits or by ``usage``."""
    wanted = set(emails)
    accounts = {account.user_id for account in company.accounts if account.worker_email in wanted}
    expected = Expected()
    for ago in range(1, days + 1):
        day = today - timedelta(days=ago)
        for row in usage(day) if usage else invented.usage_rows(company, day):
            if row["user_id"] in accounts:
                expected.add(row["totals"])
    return expected


def assert_figures(text: str, expected: Expected) -> None:
    """The message's text tells these figures first; credits are rounded for people."""
    assert _figure(text, "thread") == expected.threads
    assert _figure(text, "turn") == expected.turns
    assert _figure(text, "token") == expected.tokens
    assert abs(_figure(text, "credit") - expected.credits) <= max(0.05, expected.credits / 1000)


def _figure(text: str, unit: str) -> float:
    """The first number of that unit, as in ``1,234 threads``."""
    found = re.search(rf"([\d,]+(?:\.\d+)?) {unit}s?\b", text)
    assert found, f"no {unit} in {text!r}"
    return float(found[1].replace(",", ""))


def on_one_day(ask: Callable[[], str]) -> tuple[str, date]:
    """An answer, and the UTC day on which it was given: asked again where midnight came between."""
    while True:
        before = utc_now().date()
        answer = ask()
        if utc_now().date() == before:
            return answer, before
