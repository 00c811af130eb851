"""``digest``: sends a week's digests that were not sent yet, or shows who gets which."""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, cast

import httpx

from bot.app.clients import POST_TIMEOUT, build_store
from bot.app.launch import Launch
from bot.app.telling import build_deliver, build_send_digests
from bot.cli.delivering import deliver_all
from bot.cli.progress import Progress
from bot.cli.setup import add_json, set_up
from bot.core.deliveries import Delivery, DeliveryState, Letter
from bot.core.digests.times import last_complete_week, week_of_label
from bot.core.people import normalise_email
from bot.core.periods import Period
from bot.errors import ConfigError, UserError
from bot.features.digests.send import SendDigests
from bot.slack.messages import Message
from bot.slack.terminal import as_text
from bot.stopping import Stopping

SHOWN_IN_FULL = 3
"""Of more digests than that a dry run shows a list and no texts."""

_AMISS = {DeliveryState.PARKED, DeliveryState.DOUBTFUL, DeliveryState.UNKNOWN}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "digest",
        help="send a week's digests that were not sent yet, each at most once",
        description="Sends the digests of the last complete week, or of another one, to whoever has not got theirs,"
        " due or not. Beside a running bot it leaves the sending to it and waits. Exits 1 if a digest was refused"
        " or its fate is unknown.",
        epilog="Example: codex-usage-bot digest --to alice@example.com --dry-run",
    )
    parser.add_argument(
        "--week", type=_week, metavar="2026-W47", help="another week than the last complete one"
    )
    parser.add_argument("--to", type=normalise_email, metavar="EMAIL", help="this person's digests only")
    parser.add_argument("--dry-run", action="store_true", help="send nothing; print what would go to whom")
    add_json(parser, "print the digests with their state as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, launch: Launch) -> int:
    """Send, or show."""
    config = set_up(quiet=True)
    now = launch.clock()
    week = _chosen_week(options, now.astimezone(config.timezone))
    with closing(build_store(config)) as store:
        digests = build_send_digests(config, store)
        try:
            if options.dry_run:
                return _show(digests, week, options, now)
            numbers = digests.order(week, options.to, now)
        except UserError as error:
            raise ConfigError([str(error)]) from None
        stopping = Stopping(signal.SIGTERM, signal.SIGINT)
        with Progress(quiet=options.json) as progress, httpx.Client(timeout=POST_TIMEOUT) as http:
            deliver_all(
                lambda watch: build_deliver(config, store, http, stopping.wait, watch, launch.clock),
                lambda: digests.load(week, numbers),
                stopping,
                progress.tell,
                time.monotonic,
            )
        done = digests.load(week, numbers)
    return _report(week, done, as_json=options.json)


def _chosen_week(options: argparse.Namespace, now: datetime) -> Period:
    last = last_complete_week(now.date())
    if options.week is None:
        return last
    week: Period = options.week
    if week.since > last.since:
        raise ConfigError([f"--week {week.label} is not over: the last complete week is {last.label}."])
    return week


def _show(digests: SendDigests, week: Period, options: argparse.Namespace, now: datetime) -> int:
    found = digests.look(week, options.to, now)
    in_full = len(found) <= SHOWN_IN_FULL
    shown = [(one, digests.compose(one, now) if in_full else None) for one in found]
    if options.json:
        print(json.dumps({"week": week.label, "digests": [_as_json(*one) for one in shown]}, indent=2))
        return 0
    for one, letter in shown:
        print(_line(one))
        if letter is not None:
            print(f"\n{_text(letter)}\n")
    print(f"{len(found):,} {'digest' if len(found) == 1 else 'digests'} of {week.label}; nothing was sent.")
    return 0


def _report(week: Period, done: Sequence[Delivery], *, as_json: bool) -> int:
    amiss = [one for one in done if one.state in _AMISS or not one.state.is_final]
    if as_json:
        print(json.dumps({"week": week.label, "digests": [_as_json(one, None) for one in done]}, indent=2))
        return 1 if amiss else 0
    for one in amiss:
        print(_line(one))
    counts = Counter(one.state for one in done)
    told = ", ".join(f"{counts[state]:,} {state}" for state in DeliveryState if counts[state])
    print(f"Digests of {week.label}: {told or 'none is left to be sent'}.")
    return 1 if amiss else 0


def _line(delivery: Delivery) -> str:
    order = delivery.order
    state = str(delivery.state) if delivery.number else "not sent"
    reason = f" ({delivery.reason})" if delivery.reason else ""
    return f"{order.recipient}  {order.kind}  due {order.due_at:%Y-%m-%d %H:%M} UTC  {state}{reason}"


def _text(letter: Letter | str) -> str:
    return f"Nothing: {letter}." if isinstance(letter, str) else as_text(cast("Message", letter.forms[0]))


def _as_json(delivery: Delivery, letter: Letter | str | None) -> dict[str, Any]:
    order = delivery.order
    facts = {
        "kind": order.kind,
        "recipient": order.recipient,
        "due": order.due_at.isoformat(),
        "state": str(delivery.state) if delivery.number else "new",
        "reason": delivery.reason,
    }
    return facts if letter is None else {**facts, "text": _text(letter)}


def _week(text: str) -> Period:
    try:
        return week_of_label(text.upper())
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO week such as 2026-W47") from None
