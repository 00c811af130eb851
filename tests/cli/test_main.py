"""What every command has in common: help, exit status, one line an error, quiet pipes, where settings are found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import bot.cli
from bot import __version__
from bot.demo.world import World
from tests.cli.conftest import DATABASE, Run

COMMANDS = ("run", "sync", "digest", "ask", "check", "demo")


def test_help_lists_every_command(run: Run) -> None:
    helped = run("--help")

    assert helped.status == 0
    assert helped.err == ""
    listed = [
        line.split()[0] for line in helped.out.splitlines() if line.startswith("    ") and line[4] != " "
    ]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, run: Run) -> None:
    helped = run(command, "--help")

    assert helped.status == 0
    assert helped.out.startswith(f"usage: codex-usage-bot {command}")
    assert len(helped.out.splitlines()) > 4


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("sync", "--since --until --accept --force-roster --if-due --quiet --json"),
        ("ask", "--as --json TEXT"),
        ("check", "--json"),
        ("demo", "--port --no-browser"),
    ],
)
def test_help_names_every_option(command: str, options: str, run: Run) -> None:
    told = run(command, "--help").out

    for option in options.split():
        assert option in told


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"codex-usage-bot {__version__}\n"


def test_the_module_and_the_console_script_are_the_same(tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "codex-usage-bot"
    told = [
        subprocess.run([*program, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for program in ([sys.executable, "-m", "bot"], [str(script)])
    ]

    assert told[0] == told[1] != ""


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "dance",
        "--dance",
        "sync --dance",
        "sync extra",
        "sync --since",
        "sync --since yesterday",
        "sync --since 2026-13-01",
        "sync --since 20261101",
        "sync --until 2026-11-31",
        "sync --accept 2026-02-30",
        "sync --since 2999-01-01",
        "sync --accept 2999-01-01",
        "sync --since 2026-11-10 --until 2026-11-09",
        "ask",
        "ask me",
        "ask --as",
        "check now",
        "demo --port many",
    ],
)
def test_wrong_use_is_told_in_one_line(arguments: str, world: World, run: Run) -> None:
    said = run(*arguments.split())

    assert said.status == 2
    assert said.out == ""
    assert said.err.startswith("codex-usage-bot: ")
    assert said.err.count("\n") == 1
    assert not (world.folder / DATABASE).exists()


def test_every_problem_of_the_configuration_is_told_at_once(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxp-wrong-kind-of-token")
    monkeypatch.delenv("CODEX_API_KEY")
    monkeypatch.setenv("CODEX_WORKSPACE_ID", "org-of-the-platform")
    monkeypatch.setenv("TIMEZONE", "Mars/Olympus")
    monkeypatch.setenv("SYNC_INTERVAL_MINUTES", "0")
    for command in (["sync"], ["check"], ["ask", "--as", "a@example.com"], ["run"]):
        said = run(*command)

        assert said.status == 2
        assert said.out == ""
        lines = said.err.splitlines()
        named = [line.split()[1] for line in lines]
        assert named == [
            "SLACK_BOT_TOKEN",
            "CODEX_API_KEY",
            "CODEX_WORKSPACE_ID",
            "TIMEZONE",
            "SYNC_INTERVAL_MINUTES",
        ]
        for value in ("wrong-kind", "org-of", "Mars"):
            assert value not in said.err


def test_settings_are_read_from_a_file_in_the_working_folder(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in world.settings():
        monkeypatch.delenv(name)
    assert run("check").status == 2
    told = "\n".join(f"{name}={value}" for name, value in world.settings().items())
    (world.folder / ".env").write_text(f"{told}\nTIMEZONE=Mars/Olympus\n", encoding="utf-8")
    assert "TIMEZONE" in run("check").err
    monkeypatch.setenv("TIMEZONE", "Europe/Berlin")  # the real environment wins

    assert run("ask", "--as", world.email("Carol"), "help").status == 0


def test_settings_are_read_from_files_that_are_named(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CODEX_API_KEY"):
        (world.folder / name.lower()).write_text(world.settings()[name] + "\n", encoding="utf-8")
        monkeypatch.delenv(name)
        monkeypatch.setenv(f"{name}_FILE", str(world.folder / name.lower()))

    assert "FAIL codex" not in run("check").out
    assert run("sync", "--quiet").status == 0


@pytest.mark.parametrize("command", [["sync"], ["check"], ["ask", "--as", "carol@northwind.example"]])
def test_a_database_that_cannot_be_used_is_told_in_one_line(
    command: list[str], world: World, run: Run
) -> None:
    (world.folder / DATABASE).write_bytes(b"this is no database, whatever its name says " * 100)
    said = run(*command)

    assert said.status == 1
    assert said.err.count("\n") == 1
    assert DATABASE in said.err


def test_a_fault_of_our_own_has_an_id_that_the_log_knows(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("a slip")

    monkeypatch.setattr(bot.cli.ask, "build_ask", fail)
    said = run("ask", "--as", "carol@northwind.example")

    assert said.status == 1
    last = said.err.splitlines()[-1]
    assert last.startswith("codex-usage-bot: Something went wrong inside (LookupError), fault ")
    assert f"Fault {last.split()[-1].strip('.')}" in said.err


def test_ctrl_c_is_no_traceback(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bot.cli.ask, "build_ask", interrupt)
    said = run("ask", "--as", "carol@northwind.example")

    assert (said.status, said.err) == (1, "codex-usage-bot: Stopped.\n")


@pytest.mark.parametrize(
    "command", ["ask --as mira@northwind.example team", "check", "--help", "sync --json"]
)
def test_a_reader_who_has_gone_is_no_error(command: str, synced: World) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command.split()],
            cwd=synced.folder,
            env=synced.environment(),
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)

    assert done.stderr == ""
    assert done.returncode == 0


def test_a_terminal_without_these_letters_still_gets_an_answer(synced: World) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--as", synced.email("Carol"), "me"],
        cwd=synced.folder,
        env=synced.environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert b"Your Codex usage" in done.stdout
