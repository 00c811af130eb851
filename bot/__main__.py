"""``python -m bot`` is the console script ``codex-usage-bot``."""

from bot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
