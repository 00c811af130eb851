"""``digest`` as it is typed: what it prints, what it sends, and how it ends."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from bot.cli import main
from bot.cli.delivering import PATIENCE_SECONDS, deliver_all
from bot.core.deliveries import Delivery, DeliveryState, Order
from bot.core.digests.times import last_complete_week
from bot.demo.world import World
from bot.errors import DeliveryRunningError
from bot.features.deliveries.deliver import Deliver
from bot.stopping import Stopping
from bot.store.sqlite import SqliteStore
from tests.end_to_end.conftest import synced_database as _synced_database
from tests.end_to_end.rig import build_world, give_database

POST = "chat.postMessage"
synced_database = _synced_database


@pytest.fixture
def world(tmp_path: Path, synced_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """After its first sync; commands run in this process."""
    with build_world(tmp_path / "bot") as world:
        give_database(world, synced_database)
        monkeypatch.chdir(world.folder)
        for name, value in world.environment(DELIVERY_QUARANTINE_SECONDS="0").items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DELIVERY_RATE_PER_SECOND", "1000")
        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        yield world
        for number, handler in handlers.items():
            signal.signal(number, handler)


def week() -> str:
    return last_complete_week(datetime.now(UTC).date()).label


def digest(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["digest", *arguments])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_everybody_gets_theirs_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = digest(capsys)
    assert (status, err) == (0, "")
    assert out == f"Digests of {week()}: 9 sent.\n"
    (shown,) = world.slack.dms_to(world.slack_id("Alice"))
    assert shown["text"].startswith("Your team's Codex week")
    assert digest(capsys) == (0, f"Digests of {week()}: none is left to be sent.\n", "")
    assert len(world.slack.dms_to(world.slack_id("Alice"))) == 1


def test_one_person_gets_theirs(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = digest(capsys, "--to", world.email("Alice").upper(), "--week", week().lower())
    assert (status, out) == (0, f"Digests of {week()}: 1 sent.\n")
    assert len(world.slack.workspace.calls_to(POST)) == 1


def test_a_dry_run_sends_nothing_and_says_what_would_go_to_whom(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = digest(capsys, "--dry-run")
    assert status == 0
    assert len(out.splitlines()) == 10
    assert f"{world.email('Alice')}  manager_digest  due " in out
    assert out.endswith(f"9 digests of {week()}; nothing was sent.\n")
    status, out, _ = digest(capsys, "--dry-run", "--to", world.email("Alice"))
    assert "Your team's Codex week" in out
    assert out.endswith(f"1 digest of {week()}; nothing was sent.\n")
    assert world.slack.workspace.calls_to(POST) == []


def test_a_dry_run_for_machines(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = digest(capsys, "--dry-run", "--json", "--to", world.email("Alice"))
    told = json.loads(out)
    (one,) = told["digests"]
    assert told["week"] == week()
    assert (one["recipient"], one["state"], one["reason"]) == (world.email("Alice"), "new", None)
    assert "Your team's Codex week" in one["text"]


def test_a_digest_that_is_refused_fails_the_command_and_can_be_sent_later(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.slack.faults.error(POST, "user_disabled")
    status, out, _ = digest(capsys, "--to", world.email("Alice"))
    assert status == 1
    assert "parked (user_disabled (chat.postMessage))" in out
    assert f"Digests of {week()}: 1 parked.\n" in out
    status, out, _ = digest(capsys, "--to", world.email("Alice"), "--json")
    assert (status, json.loads(out)["digests"][0]["state"]) == (0, "sent")


def test_a_digest_whose_fate_is_unknown_fails_the_command(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.slack.faults.status(POST, 500, after_accept=True)
    status, out, _ = digest(capsys, "--to", world.email("Alice"))
    assert status == 1
    assert "unknown (http_500 (chat.postMessage))" in out
    assert (
        digest(capsys, "--to", world.email("Alice"))[1] == f"Digests of {week()}: none is left to be sent.\n"
    )
    assert len(world.slack.dms_to(world.slack_id("Alice"))) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to", "nobody@example.com"], "nobody@example.com is not in the roster."),
        (["--week", "2999-W01"], "--week 2999-W01 is not over: the last complete week is"),
        (
            ["--week", "2020-W01"],
            "Nothing is stored of 2020-W01: read it with `codex-usage-bot sync --since 2019-12-30`.",
        ),
        (["--week", "2020-W01", "--dry-run"], "Nothing is stored of 2020-W01"),
    ],
)
def test_what_cannot_be_asked_for_is_wrong_use(
    world: World, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    status, out, err = digest(capsys, *arguments)
    assert (status, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize("text", ["2026-W60", "week", "2026-11-16"])
def test_what_is_no_week_is_wrong_use(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(["digest", "--week", text])
    assert end.value.code == 2
    assert "is not an ISO week such as 2026-W47" in capsys.readouterr().err


def test_somebody_without_a_digest_is_told_why(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    carol = world.email("Carol")
    status, _, err = digest(capsys, "--to", carol)
    assert (status, err) == (
        2,
        f"codex-usage-bot: {carol} gets no digest of {week()}: nobody reports to them any more.\n",
    )


def test_beside_a_running_bot_it_waits_until_that_has_sent(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bot is here whoever holds the right to deliver."""
    store = SqliteStore(world.folder / "codex-usage.db")
    held, done = threading.Event(), threading.Event()

    def deliver_later() -> None:
        with store.only_delivery(datetime.now(UTC)) as outbox:
            held.set()
            while not done.wait(0.05):
                found = outbox.claim(datetime.now(UTC))
                if found is not None:
                    outbox.set_aside(found, DeliveryState.DROPPED, "by the bot", datetime.now(UTC))

    thread = threading.Thread(target=deliver_later)
    thread.start()
    assert held.wait(5)
    status, out, _ = digest(capsys, "--to", world.email("Alice"))
    done.set()
    thread.join()
    store.close()
    assert (status, out) == (0, f"Digests of {week()}: 1 dropped.\n")


class Elsewhere:
    """A `Deliver` that never has the right."""

    @contextmanager
    def shift(self) -> Iterator[None]:
        raise DeliveryRunningError("Another process is delivering.")
        yield


def _busy_elsewhere(_watch: object) -> Deliver:
    return cast("Deliver", Elsewhere())


AT = datetime(2026, 11, 16, tzinfo=UTC)
OPEN = Delivery(1, Order("k", "r", "p", AT, AT, AT), DeliveryState.PENDING)


def test_what_never_changes_is_left_to_whoever_delivers_next(tmp_path: Path) -> None:
    now = iter(range(0, 10**6, 400))
    told: list[str] = []
    deliver_all(_busy_elsewhere, lambda: [OPEN], Stopping(), told.append, lambda: float(next(now)))
    assert set(told) == {"0 of 1 messages are done with"}
    assert len(told) <= PATIENCE_SECONDS / 400 + 2


def test_a_signal_ends_the_wait() -> None:
    handler = signal.getsignal(signal.SIGUSR1)
    stopping = Stopping(signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, handler)
    deliver_all(_busy_elsewhere, lambda: [OPEN], stopping, lambda _: None, lambda: 0.0)
    assert stopping.is_set()
