"""``sync``: what it reads, what it prints for people and for machines, and how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.ledger import Part
from bot.demo.codex_data import TableData
from bot.demo.codex_faults import Fail, Fault
from bot.demo.world import World
from bot.store.sqlite import SqliteStore
from tests.cli.conftest import DATABASE, Run
from tests.end_to_end.rig import utc_now

PART_KEYS = [
    "part", "since", "until", "pages", "rows", "new", "changed", "vanished", "refused", "poisoned",
    "milliseconds", "notes", "error",
]  # fmt: skip


def ago(days: int) -> str:
    return str(utc_now().date() - timedelta(days=days))


def usage_parts(out: str) -> list[dict[str, Any]]:
    return [part for part in json.loads(out)["parts"] if part["part"] == "usage"]


def test_the_first_sync_tells_what_it_read(world: World, run: Run) -> None:
    said = run("sync")

    assert said.status == 0
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0] == f"roster: {len(world.company.staff)} read, {len(world.company.staff)} new"
    assert lines[1].startswith("directory: ")
    assert lines[3].startswith(f"usage {ago(29)}..{ago(0)}: ")
    assert not any("FAILED" in line for line in lines)


def test_the_second_one_finds_nothing_new(synced: World, run: Run) -> None:
    report = json.loads(run("sync", "--json").out)

    assert report["ok"] is True
    assert [(part["new"], part["changed"], part["vanished"]) for part in report["parts"]] == [
        (0, 0, 0)
    ] * len(report["parts"])
    assert report["roster"] == {"added": [], "changed": [], "archived": [], "returned": []}


def test_json_has_a_fixed_shape(world: World, run: Run) -> None:
    said = run("sync", "--json")
    report = json.loads(said.out)

    assert list(report) == ["ok", "parts", "roster"]
    assert all(list(part) == PART_KEYS for part in report["parts"])
    assert {part["part"] for part in report["parts"]} >= {
        "roster",
        "directory",
        "usage",
        "workspace",
        "reviews",
        "responses",
    }
    added = report["roster"]["added"]
    assert {"email": world.email("Bob"), "manager_email": world.email("Alice"), "left_on": None} in added
    assert {entry["email"] for entry in added} == {worker.email for worker in world.company.staff}


def test_days_can_be_named_and_are_both_included(synced: World, run: Run) -> None:
    asked = len(synced.codex.requests)
    parts = usage_parts(run("sync", "--json", "--since", ago(40), "--until", ago(5)).out)

    assert [(part["since"], part["until"]) for part in parts] == [(ago(34), ago(5)), (ago(40), ago(35))]
    first = synced.codex.requests[asked]
    assert first.route == "usage"
    assert "group_by" not in first.query


def test_since_alone_reads_until_today(synced: World, run: Run) -> None:
    parts = usage_parts(run("sync", "--json", "--since", ago(2)).out)

    assert [(part["since"], part["until"]) for part in parts] == [(ago(2), ago(0))]


def test_an_end_in_the_future_is_today(synced: World, run: Run) -> None:
    parts = usage_parts(run("sync", "--json", "--since", ago(2), "--until", ago(-5)).out)

    assert [(part["since"], part["until"]) for part in parts] == [(ago(2), ago(0))]


def test_a_day_that_lost_most_rows_is_refused_until_it_is_accepted(
    synced: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = utc_now().date() - timedelta(days=10)
    table, row = TableData(), _some_row(synced)
    rows = [
        row | {"user_id": f"user-{n}", "actor": None, "start_time": _at(day), "end_time": _at(day) + 86_400}
        for n in range(12)
    ]
    monkeypatch.setattr(synced.codex, "data", table)
    table.put(day, rows)
    assert run("sync", "--accept", str(day)).status == 0
    table.put(day, rows[:1])

    refused = run("sync", "--since", str(day), "--until", str(day))
    accepted = run("sync", "--json", "--accept", str(day))

    assert refused.status == 0
    assert "1 days refused" in refused.out
    assert f"codex-usage-bot sync --accept {day}" in refused.out
    part = usage_parts(accepted.out)[0]
    assert (part["since"], part["until"], part["vanished"]) == (str(day), str(day), len(rows) - 1)


def _some_row(world: World) -> dict[str, Any]:
    carol = world.company.account("Carol")
    assert carol
    days = (utc_now().date() - timedelta(days=n) for n in range(1, 30))
    return next(row for day in days for row in world.codex.data.usage(day) if row["user_id"] == carol.user_id)


def _at(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def test_a_roster_that_loses_many_is_refused_unless_forced(synced: World, run: Run) -> None:
    roster = synced.folder / "roster.csv"
    lines = roster.read_text(encoding="utf-8").splitlines(keepends=True)
    roster.write_text("".join(lines[:10]), encoding="utf-8")

    refused = run("sync")
    assert refused.status == 1
    assert refused.out.startswith("roster: FAILED. ")
    assert "usage" in refused.out  # the other parts were done

    forced = json.loads(run("sync", "--json", "--force-roster").out)
    assert forced["ok"] is True
    assert len(forced["roster"]["archived"]) > 3


@pytest.mark.parametrize("name", ["roster", "directory", "usage"])
def test_a_part_that_fails_does_not_stop_the_others(name: str, world: World, run: Run) -> None:
    if name == "roster":
        (world.folder / "roster.csv").write_text("nothing,useful\n1,2\n", encoding="utf-8")
    elif name == "directory":
        world.slack.faults.error("users.list", "account_inactive")
    else:
        world.codex.faults.append(Fault(Fail(403), route="usage", times=None))
    said = run("sync", "--json")
    report = json.loads(said.out)

    assert said.status == 1
    assert report["ok"] is False
    failed = {part["part"] for part in report["parts"] if part["error"]}
    assert failed == ({"usage", "workspace"} if name == "usage" else {name})  # both ask the same route
    reviews = [part for part in report["parts"] if part["part"] == "reviews"]
    assert sum(part["rows"] for part in reviews) > 80


def test_if_due_does_nothing_twice_in_an_interval(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNC_INTERVAL_MINUTES", "1440")
    before = utc_now().date()
    assert "usage" in run("sync", "--if-due").out
    again = run("sync", "--if-due")

    if utc_now().date() == before:
        assert (again.status, again.out, again.err) == (0, "", "")
    assert "usage" in run("sync").out


def test_if_due_repeats_a_sync_that_was_killed(synced: World, run: Run) -> None:
    store = SqliteStore(synced.folder / DATABASE)
    store.begin_run(utc_now())
    store.close()

    assert "usage" in run("sync", "--if-due").out


def test_if_due_waits_for_the_interval_after_a_failure(
    synced: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNC_INTERVAL_MINUTES", "1440")
    store = SqliteStore(synced.folder / DATABASE)
    now = utc_now()
    store.end_run(store.begin_run(now), [Part("usage", error="away")], now)
    store.close()
    said = run("sync", "--if-due")

    if utc_now().date() == now.date():
        assert said.out == ""


def test_quiet_is_silent_when_all_went_well(world: World, run: Run) -> None:
    said = run("sync", "--quiet")

    assert (said.status, said.out, said.err) == (0, "", "")


def test_quiet_still_tells_what_failed(synced: World, run: Run) -> None:
    synced.slack.faults.error("users.list", "account_inactive")
    said = run("sync", "--quiet")

    assert said.status == 1
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "directory" in said.err
    assert "account_inactive" in said.err


def test_a_second_sync_at_the_same_time_is_refused(synced: World, run: Run) -> None:
    with (synced.folder / f"{DATABASE}-sync-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = run("sync")

    assert said.status == 1
    assert said.out == ""
    assert said.err == "codex-usage-bot: Another sync is running; wait until it has ended.\n"


def forget_runs(database: Path) -> None:
    store = SqliteStore(database)
    with store.engine.writing() as connection:
        connection.execute("DELETE FROM run_part")
        connection.execute("DELETE FROM run")
    store.close()


def test_a_sync_that_is_due_leaves_it_to_the_one_that_runs(synced: World, run: Run) -> None:
    """The bot looks again every few seconds; somebody's own sync in between is no failure."""
    with (synced.folder / f"{DATABASE}-sync-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        forget_runs(synced.folder / DATABASE)
        said = run("sync", "--if-due", "--quiet")

    assert (said.status, said.out, said.err) == (0, "", "")


def test_without_a_roster_everybody_in_slack_is_somebody(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROSTER_FILE")
    report = json.loads(run("sync", "--json").out)

    assert report["ok"] is True
    assert "Your Codex usage" in run("ask", "--as", world.email("Carol"), "me").out


def test_progress_is_shown_on_a_terminal_and_leaves_nothing_behind(world: World) -> None:
    shown = _in_a_terminal(["sync"], world)

    assert "Reading the roster" in shown
    assert "Reading usage from" in shown
    last = shown.split("\r\n")[-1]
    assert "Reading" not in last.rsplit("\r", 1)[-1]


@pytest.mark.parametrize("option", ["--quiet", "--json"])
def test_no_progress_where_none_is_wanted(option: str, synced: World) -> None:
    assert "Reading" not in _in_a_terminal(["sync", option], synced)


def _in_a_terminal(arguments: list[str], world: World) -> str:
    """What a command shows on a terminal, its output going elsewhere."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=world.folder,
        env=world.environment(),
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 30)[0]:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux' way to say that nobody has the other end any more
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(30) == 0
    return shown.decode()


def test_a_database_in_a_folder_of_its_own_is_made(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///deep/er/usage.db")

    assert run("sync", "--quiet").status == 0
    assert Path("deep/er/usage.db").exists()
