"""``sync``: roster, Slack's directory and usage, once, now."""

from __future__ import annotations

import argparse
import json
import logging
import signal
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from bot.app.clients import build_store
from bot.app.launch import Launch
from bot.app.syncing import build_sync, expect_bulk
from bot.app.telling import build_alerts, build_budget_alerts
from bot.cli.progress import Progress
from bot.cli.setup import add_json, set_up
from bot.core.ledger import Part, is_sync_due
from bot.core.people import Employee
from bot.core.roster import RosterPlan
from bot.errors import BotError, ConfigError, SyncRunningError
from bot.features.alerts.evaluate import Alerts
from bot.features.budgets.evaluate import BudgetAlerts
from bot.features.sync import SyncOrder, SyncReport
from bot.listeners.faults import report_fault
from bot.stopping import Stopping

log = logging.getLogger(__name__)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "sync",
        help="read the roster, Slack's directory and Codex usage once, now",
        description="Reads everything once and prints what changed. Without dates it reads the last seven days and"
        " today (90 days the first time, 35 once a week). Exits 1 if a part failed, after doing the others.",
    )
    parser.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="first UTC day to read")
    parser.add_argument(
        "--until", type=_day, metavar="YYYY-MM-DD", help="last UTC day to read, today if left out"
    )
    parser.add_argument(
        "--accept",
        type=_day,
        action="append",
        default=[],
        metavar="YYYY-MM-DD",
        help="believe the next reading of this day, even if it lost most of its rows; may be given several times",
    )
    parser.add_argument(
        "--force-roster",
        action="store_true",
        help="take the roster even if it archives more than 20 %% of the people",
    )
    parser.add_argument(
        "--if-due", action="store_true", help="do nothing if this interval's sync has been done"
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    add_json(parser, "print what was done as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, launch: Launch) -> int:
    """Sync once."""
    now = launch.clock()
    _refuse_days_to_come(options, now.date())
    stopping = Stopping(signal.SIGTERM)
    config = set_up(quiet=options.quiet)
    expect_bulk()
    with closing(build_store(config)) as store:
        interval = timedelta(minutes=config.sync_interval_minutes)
        if options.if_due and not is_sync_due(now, store.load_last_run(), interval):
            return 0
        with Progress(quiet=options.quiet or options.json) as progress, httpx.Client() as http:
            order = _order(options, now.astimezone(config.timezone).date())
            try:
                sync = build_sync(config, store, http, stopping, progress.tell, launch.clock)
                report = sync.run(order)
            except SyncRunningError:
                if options.if_due:
                    return 0  # what is due is being done
                raise
            evaluate(
                build_budget_alerts(config, store), "Budgets were", launch.clock()
            )  # in a moment, so first
            evaluate(build_alerts(config, store, progress.tell), "Spend was", launch.clock())
    _print(report, options)
    return 0 if report.is_good else 1


def evaluate(alerts: Alerts | BudgetAlerts, what: str, now: datetime) -> None:
    """Look for what is to be told of what was read. A sync that went well stays one, whatever comes of it here.

    What could not be evaluated is found by the next sync: what was evaluated last is noted with the results.
    """
    try:
        alerts.evaluate_if_due(now)
    except BotError as error:
        log.warning("%s not looked at: %s", what, error)
    except Exception as error:  # noqa: BLE001 - a fault of our own here must not fail the sync
        report_fault(log, "looking for what is to be told", error)


def _order(options: argparse.Namespace, today: date) -> SyncOrder:
    return SyncOrder(
        today=today,
        since=options.since,
        until=options.until,
        accept=frozenset(options.accept),
        force_roster=options.force_roster,
    )


def _refuse_days_to_come(options: argparse.Namespace, today: date) -> None:
    """Raises `ConfigError`, which is wrong use. An end in the future is as good as today."""
    for name, day in (("--since", options.since), *(("--accept", day) for day in options.accept)):
        if day is not None and day > today:
            raise ConfigError([f"{name} {day} is still to come: today is {today} in UTC."])
    if options.since and options.until and options.since > options.until:
        raise ConfigError([f"--since {options.since} is after --until {options.until}."])


def _print(report: SyncReport, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(as_json(report), indent=2))
    elif options.quiet:
        for part in report.parts:
            if part.error:
                log.error("A part of the sync failed: %s: %s", part.name, part.error)
    else:
        for part in report.parts:
            print(_line(part))
            for note in part.notes:
                print(f"    {note}")


def as_json(report: SyncReport) -> dict[str, Any]:
    """The report for machines; days are ISO dates, both included."""
    return {
        "ok": report.is_good,
        "parts": [_part_as_json(part) for part in report.parts],
        "roster": None if report.plan is None else _plan_as_json(report.plan),
    }


def _part_as_json(part: Part) -> dict[str, Any]:
    period = part.period
    return {
        "part": part.name,
        "since": None if period is None else period.since.isoformat(),
        "until": None if period is None else (period.until - timedelta(days=1)).isoformat(),
        "pages": part.pages,
        "rows": part.rows,
        "new": part.new,
        "changed": part.changed,
        "vanished": part.vanished,
        "refused": part.refused,
        "poisoned": part.poisoned,
        "milliseconds": part.milliseconds,
        "notes": part.notes,
        "error": part.error,
    }


def _plan_as_json(plan: RosterPlan) -> dict[str, Any]:
    return {
        "added": [_employee_as_json(employee) for employee in plan.added],
        "changed": [{"email": change.after.email, "fields": change.fields} for change in plan.changed],
        "archived": [_employee_as_json(employee) for employee in plan.archived],
        "returned": [_employee_as_json(employee) for employee in plan.returned],
    }


def _employee_as_json(employee: Employee) -> dict[str, Any]:
    left_on = None if employee.left_on is None else employee.left_on.isoformat()
    return {"email": employee.email, "manager_email": employee.manager_email, "left_on": left_on}


def _line(part: Part) -> str:
    name = part.name if part.period is None else f"{part.name} {part.period.since}..{_last(part)}"
    if part.error:
        return f"{name}: FAILED. {part.error}"
    counts = {
        "read": part.rows,
        "new": part.new,
        "changed": part.changed,
        "vanished": part.vanished,
        "days refused": part.refused,
        "rows set aside": part.poisoned,
    }
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count or what == "read")
    return f"{name}: {told}"


def _last(part: Part) -> date | None:
    return None if part.period is None else part.period.until - timedelta(days=1)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # Python reads weeks and bare digits, too
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-22")
    return day
