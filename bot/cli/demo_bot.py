"""The whole command line on a clock that the demo moves: ``python -m bot.cli.demo_bot CLOCKFILE run``."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.app import Launch
from bot.cli import main
from bot.demo.moved_clock import MovedClock


def run_moved(file: str, *arguments: str) -> int:
    """Like `bot.cli.main`; the processes that it starts live on that clock, too."""
    command = (sys.executable, "-m", "bot.cli.demo_bot", file)
    return main(arguments, Launch(MovedClock(Path(file)), command))


if __name__ == "__main__":
    raise SystemExit(run_moved(*sys.argv[1:]))
