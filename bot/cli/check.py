"""``check``: everything an operator can get wrong, a line each."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import httpx

from bot.app.clients import build_store
from bot.app.launch import Launch
from bot.app.syncing import build_checks
from bot.cli.setup import add_json, set_up
from bot.core.checks import Check, Grade
from bot.features.checks.check import Checks


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "check",
        help="check configuration, credentials, scopes, roster, matching and freshness",
        description="Looks at everything that can be wrong and prints a line each: ok, warn, or FAIL with what to do."
        " Exits 1 if anything fails.",
    )
    add_json(parser, "print the lines as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, launch: Launch) -> int:
    """Check everything once."""
    config = set_up(quiet=True)
    found: list[Check] = []
    with closing(build_store(config)) as store, httpx.Client() as http:
        for line in _lines(build_checks(config, store, http), launch.clock()):
            found.append(line)
            if not options.json:
                print(_line(line), flush=True)
    if options.json:
        print(json.dumps([_as_json(line) for line in found], indent=2))
    return 1 if any(line.grade is Grade.FAIL for line in found) else 0


def _lines(checks: Checks, now: datetime) -> Iterator[Check]:
    yield Check("configuration", Grade.OK, "every setting can be used")
    yield from checks.run(now)


def _line(check: Check) -> str:
    return f"{check.grade.value:<5}{check.about}: {check.sentence}"


def _as_json(check: Check) -> dict[str, str]:
    return {"about": check.about, "state": check.grade.value.lower(), "text": check.sentence}
