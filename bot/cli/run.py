"""``run``: the bot itself, until it is asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
import time

from bot.app import Bot
from bot.cli.setup import set_up

log = logging.getLogger(__name__)


LOOK_SECONDS = 0.1
LONGEST_END_SECONDS = 9.0
"""Whoever stops the bot may kill it after ten."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "run",
        help="the bot: listens to Slack, syncs every hour and sends digests, until SIGTERM",
        description="Listens to Slack, syncs and sends digests on schedule, until SIGTERM or Ctrl-C; then it finishes"
        " what it has taken and exits 0. Serves /healthz, /readyz and /metrics on HOST:PORT, in HTTP mode"
        " /slack/events, too.",
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    asked: list[int] = []  # a list, not an event: setting one in a handler can meet its own lock
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: asked.append(number))
    config = set_up()
    bot = Bot(config)
    try:
        port = bot.start()
        log.info("Running in %s mode; health and metrics are on port %d", config.slack.mode, port)
        while not asked:
            time.sleep(LOOK_SECONDS)  # short, for a signal that another thread took wakes nobody here
        _end_anyway_after(LONGEST_END_SECONDS)
        log.info("Stopping")
    finally:
        bot.stop()
    return 0


def _end_anyway_after(seconds: float) -> None:
    """A thread of a library that never ends, or a Slack that hangs, must not hold up the end of the process."""
    end = threading.Timer(seconds, _end_anyway)
    end.daemon = True
    end.start()


def _end_anyway() -> None:
    os._exit(0)  # without a word: what hangs may hold the log's lock
