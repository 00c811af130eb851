"""``alerts``: spend that stands out, told now; and what would have been told of past days, by ``backtest``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from bot.app.clients import build_store
from bot.app.launch import Launch
from bot.cli import alerting
from bot.cli.alert_lines import counts_line, finding_line
from bot.cli.setup import add_json, set_up
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.spikes import Finding, Sensitivity, SpikeSettings
from bot.core.visibility import OPERATOR
from bot.features.backtest import backtest, backtest_store
from bot.sources.credits_csv import read_credits

DEFAULT_DAYS = 60
MOST_DAYS = 3660

Told = Mapping[Sensitivity, Sequence[Finding]]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "alerts",
        help="tell of spend that stands out and of budgets, each of it once; `alerts backtest` shows past days",
        description="Measures budgets, looks for spend that stands out in what is stored, and tells whoever is to hear"
        " of it, each of it once; every sync does the same. Beside a running bot it leaves the sending to it and waits."
        " Exits 1 if a message was refused or its fate is unknown.",
        epilog="Example: codex-usage-bot alerts --dry-run",
    )
    parser.add_argument("--dry-run", action="store_true", help="keep and send nothing; print what is news")
    add_json(parser, "print what is news as JSON")
    parser.set_defaults(run=alerting.run)
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND")
    backtested = kinds.add_parser(
        "backtest",
        help="show what alerts would have been sent over days that have passed",
        description="Judges each past day as it would have been judged then, and prints what would have been sent."
        " Reads the database, or a file with the columns date,email,credits; then nothing needs to be configured.",
        epilog="Example: codex-usage-bot alerts backtest --days 30 --sensitivity low",
    )
    backtested.add_argument(
        "--days",
        type=_days,
        metavar="N",
        help=f"judge the last N complete days; {DEFAULT_DAYS} if left out, of a file all",
    )
    backtested.add_argument(
        "--sensitivity",
        type=Sensitivity,
        choices=list(Sensitivity),
        default=Sensitivity.NORMAL,
        metavar="low|normal|high",
        help="how much to tell",
    )
    backtested.add_argument("--from-csv", type=Path, metavar="FILE", help="read this file, not the database")
    add_json(backtested, "print the alerts as JSON")
    backtested.set_defaults(run=run)


def run(options: argparse.Namespace, launch: Launch) -> int:
    """Look back once; 1 if rows of the file had to be left out."""
    wanted = [options.sensitivity] if options.json else list(Sensitivity)
    problems: Sequence[str] = ()
    if options.from_csv:
        told, problems = _from_file(options.from_csv, options.days, wanted)
    else:
        told = _from_database(launch.clock().date(), options.days or DEFAULT_DAYS, wanted)
    _print(told, options.sensitivity, as_json=options.json)
    for problem in problems:
        print(f"codex-usage-bot: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _from_file(path: Path, days: int | None, wanted: Sequence[Sensitivity]) -> tuple[Told, Sequence[str]]:
    file = read_credits(path)
    since = file.days[-1][0] - timedelta(days=days - 1) if days and file.days else None
    return backtest(file.days, SpikeSettings(), wanted, since), file.problems


def _from_database(today: date, days: int, wanted: Sequence[Sensitivity]) -> Told:
    config = set_up(quiet=True)
    with closing(build_store(config)) as store:
        judged = Period(today - timedelta(days=days), today)
        return backtest_store(store, OPERATOR, judged, SpikeSettings(), wanted)


def _print(told: Told, chosen: Sensitivity, *, as_json: bool) -> None:
    if as_json:
        alerts = [_as_json(finding) for finding in told[chosen]]
        print(json.dumps({"alerts": alerts}, ensure_ascii=False, indent=2))
        return
    for finding in told[chosen]:
        print(finding_line(finding))
    print(counts_line({one: len(findings) for one, findings in told.items()}, chosen))


def _as_json(finding: Finding) -> dict[str, str | float | None]:
    return {
        "date": finding.day.isoformat(),
        "email": finding.email,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "credits": finding.credits_micro / MICRO,
        "expected": finding.expected_micro / MICRO,
        "ratio": round(finding.ratio, 3),
    }


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to {MOST_DAYS}")
    return int(text)
