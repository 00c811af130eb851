"""``run``: the bot itself, until it is asked to stop."""

from __future__ import annotations

import argparse
import logging
import signal
import threading

from bot.app import Bot
from bot.cli.setup import set_up

log = logging.getLogger(__name__)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "run",
        help="the bot: listens to Slack and syncs every hour, until SIGTERM",
        description="Listens to Slack and syncs on schedule, until SIGTERM or Ctrl-C; then it finishes what it has"
        " taken and exits 0. Serves /healthz, /readyz and /metrics on HOST:PORT, in HTTP mode /slack/events, too.",
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    config = set_up()
    bot = Bot(config)
    try:
        port = bot.start()
        log.info("Running in %s mode; health and metrics are on port %d", config.slack.mode, port)
        stopping.wait()
        log.info("Stopping")
    finally:
        bot.stop()
    return 0
