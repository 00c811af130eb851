"""The whole command line on a clock that the demo moves: ``python -m bot.cli.demo_bot CLOCKFILE run``."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.app.launch import Launch
from bot.cli import main
from bot.demo.moved_clock import MovedClock


def launch_on(file: str) -> Launch:
    """A launch on the clock that this file moves; the processes that it starts live on it, too."""
    return Launch(MovedClock(Path(file)), (sys.executable, "-m", "bot.cli.demo_bot", file))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:], launch_on(sys.argv[1])))
