"""``python -m tests.bench.syncing FILE``: syncs over and over until it is killed; a line when it has begun."""

from __future__ import annotations

import sys
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from bot.core.periods import Period
from bot.sources.codex import CodexSource
from bot.store.sqlite import SqliteStore
from tests.bench.large import NOW
from tests.bench.wire import BASE_URL, WORKSPACE, Wire


def main() -> None:
    """Read the last days over and over, each time with a different share of corrected accounts."""
    path = Path(sys.argv[1])
    store = SqliteStore(path)
    today = NOW.date()
    print("begun", flush=True)
    for corrected in cycle((50, 0)):
        wire = Wire(path, corrected=corrected)
        source = CodexSource(wire.client(), base_url=BASE_URL, workspace_id=WORKSPACE, api_key="bench")
        for back in range(3):
            day = today - timedelta(days=back + 1)
            with store.staging() as staged:
                for page in source.fetch_usage(Period(day, day + timedelta(days=1))):
                    staged.add(page)
                staged.replace_days([day], NOW)


if __name__ == "__main__":
    main()
