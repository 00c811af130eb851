"""``alerts``: spend that stands out, told now; and what would have been told of past days, by ``backtest``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.app.clients import build_store
from bot.app.launch import Launch
from bot.cli import alerting
from bot.cli.alert_lines import counts_line, finding_line
from bot.cli.progress import Progress
from bot.cli.setup import add_json, set_up
from bot.core.alerts.choice import in_force
from bot.core.periods import DAY, Period
from bot.core.spikes.findings import Finding, Sensitivity, SpikeSettings
from bot.core.spikes.look_back import LEAST, LOOK_BACK_DAYS, LookBack, for_finance, record_of
from bot.core.visibility import OPERATOR
from bot.features.alerts.backtest import backtest, backtest_store
from bot.sources.credits_csv import read_credits

MOST_DAYS = 3660
MOST_A_WEEK = 9999

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
        help=f"judge the last N complete days; {LOOK_BACK_DAYS} if left out, of a file all",
    )
    backtested.add_argument(
        "--sensitivity",
        type=Sensitivity,
        choices=list(Sensitivity),
        metavar="low|normal|high",
        help="how much to tell; if left out what is in force, of a file normal",
    )
    backtested.add_argument("--from-csv", type=Path, metavar="FILE", help="read this file, not the database")
    backtested.add_argument(
        "--at-most",
        type=_a_week,
        metavar="N",
        help="use the highest sensitivity that tells N alerts a week at most, shifts not counted",
    )
    add_json(backtested, "print the alerts as JSON")
    backtested.add_argument(
        "--compare", action="store_true", help="with --json: those of each sensitivity, too"
    )
    backtested.set_defaults(run=run)


def run(options: argparse.Namespace, launch: Launch) -> int:
    """Look back once; 1 if rows of the file had to be left out."""
    problems: Sequence[str] = ()
    if options.from_csv:
        settings = _asked(options, SpikeSettings())
        told, period, problems = _from_file(options.from_csv, options.days, _wanted(options, settings))
    else:
        told, period, settings = _from_database(launch.clock().date(), options)
    chosen = _chosen(options, settings, for_finance(told, period))
    if options.json:
        _print_json(told, period, chosen, is_compared=options.compare)
    else:
        _print(told, chosen)
    for problem in problems:
        print(f"codex-usage-bot: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _asked(options: argparse.Namespace, settings: SpikeSettings) -> SpikeSettings:
    """With the sensitivity that was asked for, if one was."""
    return replace(settings, sensitivity=options.sensitivity or settings.sensitivity)


def _wanted(options: argparse.Namespace, settings: SpikeSettings) -> list[Sensitivity]:
    is_compared = options.compare or options.at_most is not None or not options.json
    return list(Sensitivity) if is_compared else [settings.sensitivity]


def _chosen(options: argparse.Namespace, settings: SpikeSettings, look: LookBack) -> Sensitivity:
    """What is shown; with a limit what fits it, and the lowest where nothing does."""
    if options.at_most is None:
        return settings.sensitivity
    fitting = look.fitting(options.at_most)
    if fitting is None:
        print(f"Even at low sensitivity it is {look.a_week(Sensitivity.LOW):.1f} a week.", file=sys.stderr)
    return fitting or Sensitivity.LOW


def _from_file(
    path: Path, days: int | None, wanted: Sequence[Sensitivity]
) -> tuple[Told, Period, Sequence[str]]:
    file = read_credits(path)
    if not file.days:
        return dict.fromkeys(wanted, ()), Period(date.min, date.min + DAY), file.problems
    first, last = file.days[0][0], file.days[-1][0]
    since = last - timedelta(days=days - 1) if days else first
    told = backtest(file.days, SpikeSettings(), wanted, since)
    return told, Period(max(since, first), last + DAY), file.problems


def _from_database(today: date, options: argparse.Namespace) -> tuple[Told, Period, SpikeSettings]:
    config = set_up(quiet=True)
    judged = Period(today - timedelta(days=options.days or LOOK_BACK_DAYS), today)
    with closing(build_store(config)) as store, Progress() as progress:
        settings = _asked(options, in_force(config.spikes, store.load_alert_choice()).settings)
        wanted = _wanted(options, settings)
        return backtest_store(store, OPERATOR, judged, settings, wanted, progress.tell), judged, settings


def _print_json(told: Told, period: Period, chosen: Sensitivity, *, is_compared: bool) -> None:
    found: dict[str, object] = {"alerts": [_public(record_of(finding)) for finding in told[chosen]]}
    if is_compared:
        found |= {"sensitivity": chosen.value, "since": str(period.since), "until": str(period.until)}
        found["by_sensitivity"] = {one.value: [*map(record_of, findings)] for one, findings in told.items()}
    print(json.dumps(found, ensure_ascii=False, indent=2))


def _public(record: Mapping[str, object]) -> dict[str, object]:
    """What programs were promised of an alert."""
    return {name: value for name, value in record.items() if name != LEAST}


def _print(told: Told, chosen: Sensitivity) -> None:
    for finding in told[chosen]:
        print(finding_line(finding))
    print(counts_line({one: len(findings) for one, findings in told.items()}, chosen))


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to {MOST_DAYS}")
    return int(text)


def _a_week(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_A_WEEK:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of alerts from 1 to {MOST_A_WEEK}")
    return int(text)
