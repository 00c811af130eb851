"""``run``: the bot itself, until it is asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading

from bot.app.bot import Bot
from bot.app.launch import Launch
from bot.cli.setup import set_up
from bot.stopping import Stopping

log = logging.getLogger(__name__)

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


def run(_options: argparse.Namespace, launch: Launch) -> int:
    """Serve until a signal comes."""
    stopping = Stopping(signal.SIGTERM, signal.SIGINT)
    config = set_up()
    bot = Bot(config, launch)
    try:
        port = bot.start()
        log.info("Running in %s mode; health and metrics are on port %d", config.slack.mode, port)
        stopping.wait()
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
