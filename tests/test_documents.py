"""What the documents say can be typed, set, measured and logged is what the code has."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from bot import __version__
from bot.cli import build_parser
from bot.config import SETTINGS, Setting
from bot.core.answers import GroupSlice
from bot.core.commands import Help
from bot.core.exports import ExportHead, PersonRow, group_cells, person_cells
from bot.core.grammar import HELP, Audience, CommandHelp, parse_command
from bot.core.models import Freshness, Totals
from bot.core.people import Person, Place
from bot.core.periods import Period
from bot.listeners.metrics import Metrics
from bot.listeners.state import State
from bot.store.sqlite import SqliteStore
from tests.documents import DOCUMENTS, OPERATIONS, README, ROOT, code_of, every_document, rows_of, section

EXPORTS = (ROOT / "docs/exports.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
AUDIENCES = {
    Audience.EVERYONE: "everyone",
    Audience.LEADS: "managers",
    Audience.ADMINS: "admins",
    Audience.FINANCE: "finance",
}
TODAY = date(2026, 11, 22)


def subcommands() -> dict[str, tuple[str, argparse.ArgumentParser]]:
    """Each command with its line of help and its parser."""
    (action,) = [a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return {a.dest: (str(a.help), action.choices[a.dest]) for a in action._choices_actions}


def typed(arguments: list[str]) -> object:
    """None when the arguments can be parsed, else the exit status, which is 0 after a help text."""
    try:
        build_parser().parse_args(arguments)
    except SystemExit as end:
        return end.code
    return None


def options_of(parser: argparse.ArgumentParser) -> list[str]:
    return [a.option_strings[-1] for a in parser._actions if a.option_strings and a.dest != "help"]


# ── what can be typed ──────────────────────────────────────────────────────────────────────────────────────


def test_the_readme_shows_the_two_commands_that_everything_begins_with() -> None:
    assert {"demo", "test"} <= set(re.findall(r"^make (\w+)", README, flags=re.MULTILINE))


@every_document
def test_every_target_of_make_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, flags=re.MULTILINE))
    shown = {match for line in code_of(DOCUMENTS[name]) for match in re.findall(r"^make ([a-z-]+)", line)}

    assert shown <= targets


def test_every_target_of_make_says_what_it_does_and_ci_calls_the_same_ones() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)[0].split()
    steps = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()

    assert sorted(phony) == sorted(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, flags=re.MULTILINE))
    assert {"make lint", "make test"} <= set(steps)
    assert {step.split()[1] for step in steps if step.startswith("make ")} <= set(phony)


@every_document
def test_every_command_line_can_be_typed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for line in code_of(DOCUMENTS[name]):
        for shown in re.findall(r"(?:codex-usage-bot|python -m bot)( [^#|]+)", line):
            arguments = [word.replace("…", "2026-10-01") for word in shlex.split(shown)]
            assert typed(arguments) in {None, 0}, (line, capsys.readouterr().err)


@every_document
def test_every_slash_command_is_understood(name: str) -> None:
    shown = {m for line in code_of(DOCUMENTS[name]) for m in re.findall(r"^/codex-usage(?: .*)?$", line)}

    for text in shown:
        command = parse_command(text.removeprefix("/codex-usage"), TODAY)
        assert not (isinstance(command, Help) and command.problem), text


def test_every_period_of_the_readme_is_one() -> None:
    (sentence,) = re.findall(r"^A period is (.*)\.$", README, flags=re.MULTILINE)
    periods = re.findall("`([^`]+)`", sentence)

    assert len(periods) > 10
    for text in periods:
        assert not isinstance(parse_command(f"me {text}", TODAY), Help), text


# ── tables ─────────────────────────────────────────────────────────────────────────────────────────────────


def shown_default(setting: Setting[object]) -> str:
    if setting.required:
        return "required"
    return setting.default_note or (f"`{setting.default}`" if setting.default else "")


def test_the_readme_has_a_row_for_every_setting() -> None:
    rows = section(README, "## Every setting").split("|---|---|---|\n")[1].split("\n\n")[0].splitlines()

    assert rows == [f"| `{s.name}` | {shown_default(s)} | {s.help} |" for s in SETTINGS]


def help_row(line: CommandHelp) -> str:
    who = ", ".join(word for audience, word in AUDIENCES.items() if audience in line.audience)
    usage = line.usage.replace("|", r"\|")
    return f"| `{usage}` | {who} | {line.does} |"


def test_the_readme_has_a_row_for_everything_that_can_be_asked() -> None:
    table = section(README, "## What people type")

    assert re.findall(r"^\| `.*$", table, flags=re.MULTILINE) == [help_row(line) for line in HELP]


def test_the_readme_has_a_row_for_every_command() -> None:
    expected = [
        f"| `{name}` | {does} | {', '.join(f'`{option}`' for option in options_of(parser))} |"
        for name, (does, parser) in subcommands().items()
    ]

    assert re.findall(r"^\| `.*$", section(README, "## Command line"), flags=re.MULTILINE) == expected


def test_the_columns_of_exports_are_explained() -> None:
    head = ExportHead(Period(date(2026, 10, 1), date(2026, 11, 1)), Freshness(None, None), Decimal(1))
    person = Person(1, "bob@example.com", "Bob", Place(1, 1, 0))
    row = person_cells(PersonRow(person, None, None, None, 0, Totals()), head)
    team = group_cells(GroupSlice("Data", 5, 3, Totals()), head)
    explained = [
        re.findall("`([a-z_]+)`", cells[0]) for cells in rows_of(section(EXPORTS, "## Columns"), r"`.*?")
    ]

    assert {name for names in explained for name in names} == row.keys() | team.keys()


def test_operations_list_every_metric(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "bot.db")
    store.migrate()
    registry = CollectorRegistry()
    Metrics(registry, __version__)
    registry.register(State(store, timedelta(hours=1), lambda: datetime(2026, 11, 22, tzinfo=UTC)))
    names = [f"{m.name}_total" if m.type == "counter" else m.name for m in registry.collect()]
    store.close()

    listed = rows_of(section(OPERATIONS, "### Metrics"))

    assert sorted(row[0].strip("`") for row in listed) == sorted(names)


def test_operations_list_everything_that_is_logged() -> None:
    listed = [row[0][1:].split("`")[0] for row in rows_of(OPERATIONS, r"`.*?")]
    starts = [entry.split("…")[0] for entry in listed if entry.split("…")[0]]

    for message in logged_messages():
        known = message in listed or any(message.startswith(start) for start in starts)
        assert known or message.startswith("…"), message
        assert not message.startswith("…") or message in listed, message


def logged_messages() -> Iterator[str]:
    """Every text that is given to a log above debug, with an ellipsis where a value will stand."""
    for path in (ROOT / "bot").rglob("*.py"):
        if "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=level),
                    args=[ast.Constant(value=str(text)), *_],
                ) if level != "debug":
                    yield re.sub(r"%(?:\.\d)?[sdf]", "…", text)
