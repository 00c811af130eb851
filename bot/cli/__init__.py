"""The command line: what can be typed, and what its exit status means."""

from __future__ import annotations

import argparse
import io
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from typing import NoReturn

from bot import __version__
from bot.app.launch import Launch
from bot.cli import alerts, ask, backup, check, demo, digest, run, sync
from bot.errors import BotError, ConfigError

DONE = 0
FAILED = 1
WRONG_USE = 2

log = logging.getLogger(__name__)


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, like everything else here."""

    def error(self, message: str) -> NoReturn:
        """End with the status of wrong use."""
        self.exit(WRONG_USE, f"codex-usage-bot: {message}. See `{self.prog} --help`.\n")


def main(arguments: Sequence[str] | None = None, launch: Launch | None = None) -> int:
    """Run one command, on this machine's clock unless said; 0 done, 1 failed, 2 wrong use or configuration."""
    _let_every_terminal_print()
    options = build_parser().parse_args(arguments)
    try:
        status: int = options.run(options, launch or Launch())
        sys.stdout.flush()  # here, where a reader that has gone can still be met
    except ConfigError as error:
        return _complain(*error.problems, status=WRONG_USE)
    except BotError as error:
        return _complain(str(error), status=FAILED)
    except BrokenPipeError:
        return _leave_quietly()
    except KeyboardInterrupt:
        return _complain("Stopped.", status=FAILED)
    except Exception as error:
        fault = secrets.token_hex(4)
        log.exception("Fault %s", fault)
        return _complain(
            f"Something went wrong inside ({type(error).__name__}), fault {fault}.", status=FAILED
        )
    return status


def build_parser() -> argparse.ArgumentParser:
    """Every command with its help."""
    parser = Parser(
        prog="codex-usage-bot",
        description="A Slack bot that shows a company what OpenAI Codex does for it and what it costs.",
        epilog="Settings come from the environment, from NAME_FILE and from .env; see docs/configuration.md.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (run, sync, digest, alerts, ask, check, backup, demo):
        module.add_to(commands)
    return parser


def _let_every_terminal_print() -> None:
    """Bars and dashes become question marks where they cannot be shown."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _leave_quietly() -> int:
    """Whoever read the output has gone, which is their right; what is still to be written goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _complain(*sentences: str, status: int) -> int:
    for sentence in sentences:
        print(f"codex-usage-bot: {sentence}", file=sys.stderr)
    return status
